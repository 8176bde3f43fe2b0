"""`python -m flowgraph` is the same as `flowgraph`."""

import sys

from flowgraph.cli.main import main

if __name__ == "__main__":  # a process of a batch imports this module again
    sys.exit(main())
