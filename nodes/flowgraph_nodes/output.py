"""The node type `output`."""

from __future__ import annotations

from flowgraph.program import ProgramSink


class ToProgram(ProgramSink):
    """Give frames to the program that holds the graph.

    In Python, `session.step(...)["result"]` and `session.pull("result")` give what the output called `result`
    gets, and `graph.open()` streams it as `run["result"]`. Where nobody takes them, nothing is computed.
    """

    main = "format"
    example = "result: {type: output, in: video, format: bgr24}"
