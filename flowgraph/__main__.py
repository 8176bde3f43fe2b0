"""`python -m flowgraph` is the same as `flowgraph`."""

import sys

from flowgraph.cli.main import main

sys.exit(main())
