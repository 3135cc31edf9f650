"""gevent's pywsgi server, mended: small answers in one send, quiet logs, an orderly end."""
