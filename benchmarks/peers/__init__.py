"""One module for each peer: the same applications, tables and servers, as its users write them.

They are imported in child processes, by name, so that no peer sees another.
"""
