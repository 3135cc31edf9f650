"""What the tests share: projects on disk, commands as real processes, raw HTTP."""
