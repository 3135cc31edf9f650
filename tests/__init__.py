"""The tests; a package, because other programs that are installed may have one of this name."""
