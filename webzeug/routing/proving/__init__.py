"""What can be proved of a table before it serves: routes that nobody reaches, and hidden URLs."""
