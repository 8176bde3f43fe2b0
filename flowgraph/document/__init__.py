"""Reading and writing graph files."""
