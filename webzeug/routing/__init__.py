"""Routes compiled to a Werkzeug ``Map``, and the ways through it: match a request, build a URL."""
