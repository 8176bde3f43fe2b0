"""flowgraph: video effects as graphs, run as a stream in bounded memory."""

__version__ = "0.1.0"
