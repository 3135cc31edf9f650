"""Reading a manifest: bytes to a model whose every part knows its place in the file."""
