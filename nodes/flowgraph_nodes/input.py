"""The node type `input`."""

from __future__ import annotations

from flowgraph.program import ProgramSource


class FromProgram(ProgramSource):
    """Take frames from the program that holds the graph.

    In Python, `graph.session()` opens the graph and `session.step(camera=image)` gives the input called
    `camera` its next frame. All inputs of a graph get their frames together and are on one clock. What a
    program gives is never copied, except where a history, a queue or an output keeps it.
    """

    main = "size"
    example = "camera: {type: input, size: 640x360, format: bgr24}"
