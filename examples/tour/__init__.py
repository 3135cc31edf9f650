"""The Views behind routes.example.toml."""
