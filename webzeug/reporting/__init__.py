"""Diagnostics and route listings as text, JSON and other formats."""
