"""Draws curves with matplotlib, which is only needed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from flowgraph.frame import Plane

_DPI: Final = 100
_COLOURS: Final = ("#1b6ca8", "#c0392b", "#2e7d32", "#7b3fa0", "#b26a00", "#00796b")


def import_figure() -> tuple[Any, Any]:
    """Figure and canvas of matplotlib.

    Raises:
        ValueError: it isn't installed; the message says how to get it.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        message = "plots are drawn by matplotlib, which isn't installed: pip install 'flowgraph-engine[plot]'"
        raise ValueError(message) from error
    return Figure, FigureCanvasAgg


def draw(x: Plane, curves: Sequence[tuple[str, Plane, Plane]], x_name: str, title: str, out: Plane) -> None:
    """Draw each curve (name, lowest, highest values at x) into a panel of its own, in BGR."""
    figure_type, canvas_type = import_figure()
    height, width = out.shape[:2]
    figure = figure_type(figsize=(width / _DPI, height / _DPI), dpi=_DPI, layout="constrained")
    canvas = canvas_type(figure)
    panels = figure.subplots(len(curves), 1, sharex=True, squeeze=False)[:, 0]
    for panel, (name, low, high), colour in zip(panels, curves, _cycle(len(curves)), strict=True):
        if np.array_equal(low, high, equal_nan=True):
            panel.plot(x, low, color=colour, linewidth=1)
        else:
            panel.fill_between(x, low, high, color=colour, linewidth=0.8)
        panel.set_ylabel(name.replace("_", " "))
        panel.grid(color="#dddddd", linewidth=0.6)
        panel.margins(x=0)
    panels[-1].set_xlabel("seconds" if x_name == "time" else x_name.replace("_", " "))
    if title:
        figure.suptitle(title)
    canvas.draw()
    np.copyto(out, np.asarray(canvas.buffer_rgba())[:height, :width, 2::-1])


def _cycle(count: int) -> list[str]:
    return [_COLOURS[k % len(_COLOURS)] for k in range(count)]
