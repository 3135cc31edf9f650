"""``python -m webzeug``: the same as the command ``webzeug``."""

from webzeug.cli import main

if __name__ == "__main__":
    main()
