"""What can be known of Python code by reading it: nothing is imported or executed."""

from webzeug.codebase.answers import (
    Answer,
    Broken,
    Found,
    Method,
    Missing,
    Unknown,
    Verbs,
)
from webzeug.codebase.code import Codebase

__all__ = ["Answer", "Broken", "Codebase", "Found", "Method", "Missing", "Unknown", "Verbs"]
