"""The built-in node library: one node class a file; the file's name is its type."""
