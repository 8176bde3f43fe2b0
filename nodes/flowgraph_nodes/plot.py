"""The node type `plot`."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from pydantic import Field

from flowgraph.errors import did_you_mean
from flowgraph.frame import Format, Frame
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule
from flowgraph_nodes._drawing import draw, import_figure
from flowgraph_nodes._folding import Folding

_MATPLOTLIB_BYTES = 24 << 20


class Plot(Node):
    """Draw columns of a table as curves over one of them, each in a panel of its own.

    At most `points` points of a curve are kept. Of a longer stream neighbours are merged two by two into the
    span from their lowest to their highest value, so that no peak is lost. Drawn by matplotlib, which comes
    with the extra [plot].
    """

    columns: tuple[str, ...] = Field(default=(), description="what to draw; all but x if nothing is given")
    x: str = Field(default="time", description="the column along the horizontal axis")
    size: str = Field(
        default="1200x800", pattern="^[1-9][0-9]{2,3}x[1-9][0-9]{2,3}$", description="picture in pixels"
    )
    title: str = Field(default="", description="written above the curves")
    points: int = Field(default=8192, ge=2, le=1 << 20, multiple_of=2, description="most points kept")

    row = Input("table")
    plot = Output("bgr24")

    main = "columns"
    example = "curves: {type: plot, in: numbers, columns: [quantity, centroid_y]}"

    def clock(self) -> Rule:
        """One picture for the whole stream."""
        return STILL

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The size asked for; refuses columns that the table hasn't, and a missing matplotlib."""
        known = formats["row"].columns
        for name in (self.x, *self.columns):
            if name not in known:
                hint = did_you_mean(name, known) or f"it has {', '.join(known)}"
                raise ValueError(f"the table has no column '{name}'; {hint}")
        import_figure()
        width, height = map(int, re.findall("[0-9]+", self.size))
        return {"plot": Format("bgr24", width, height)}

    def temporaries(self, formats: Formats) -> int:
        """What matplotlib takes: itself, its canvas, and the paths of all curves."""
        paths = 512 * self.points * (len(self._drawn(formats["row"])) + 1)
        return _MATPLOTLIB_BYTES + 4 * formats["plot"].frame_bytes + paths

    def state_bytes(self, formats: Formats) -> int:
        """The lowest and highest values of all columns."""
        return 2 * Folding.nbytes(self.points, (len(formats["row"].columns),), "float64")

    def start(self, formats: Formats) -> tuple[Format, Folding, Folding]:
        """No points yet."""
        format = formats["row"]
        shape = (len(format.columns),)
        low, high = (Folding(self.points, shape, "float64", rule) for rule in (np.fmin, np.fmax))
        return format, low, high

    def accumulate(self, state: tuple[Format, Folding, Folding], row: Frame) -> None:
        """Take one row."""
        for fold in state[1:]:
            fold.add(row.index, row.data[0])

    def merge(
        self, state: tuple[Format, Folding, Folding], other: tuple[Format, Folding, Folding]
    ) -> tuple[Format, Folding, Folding]:
        """Go on with the points of another stretch."""
        state[1].merge(other[1])
        state[2].merge(other[2])
        return state

    def finish(self, state: tuple[Format, Folding, Folding], plot: Frame) -> None:
        """Draw."""
        format, low, high = state
        place = {name: k for k, name in enumerate(format.columns)}
        curves = [
            (name, low.lines[:, place[name]], high.lines[:, place[name]]) for name in self._drawn(format)
        ]
        draw(low.lines[:, place[self.x]], curves, self.x, self.title, plot.data)

    def _drawn(self, format: Format) -> tuple[str, ...]:
        return self.columns or tuple(name for name in format.columns if name != self.x)
