"""Graphviz: lays a dot text out and draws it."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from threading import Lock

_PNG_DPI = 144
"""Twice the usual, so that small print is legible on dense screens."""
_ONE_AT_A_TIME = Lock()
"""Graphviz keeps its state in globals."""


def render(dot: str, kind: str) -> bytes:
    """Lay a dot text out and draw it as svg or png; json0 gives the places only. Threads may call it."""
    import pygraphviz

    with _ONE_AT_A_TIME, _quiet_libraries(), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        graph = pygraphviz.AGraph(string=dot)
        if kind == "png":
            graph.graph_attr["dpi"] = _PNG_DPI
        drawn: bytes | None = graph.draw(format=kind, prog="dot")
    assert drawn is not None, "draw gives None only when it was given a file to write"
    return drawn


@contextmanager
def _quiet_libraries() -> Generator[None]:
    """Keep what C code writes to standard error away from the user while the block runs.

    The fontconfig in Graphviz's wheels is older than many systems' font settings, and complains about them.
    """
    sys.stderr.flush()
    before = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
        os.close(nowhere)
