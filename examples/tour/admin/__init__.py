"""Views of the included manifest."""
