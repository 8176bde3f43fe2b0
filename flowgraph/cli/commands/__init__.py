"""The commands. Each module defines one click command of its own name; `registry` lists them."""
