"""The node type `sheet`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule
from flowgraph.units import Colour
from flowgraph_nodes._paint import samples


@dataclass(slots=True)
class _Sheet:
    canvas: Plane
    size: tuple[int, int]
    used: int = 0


class Sheet(Node):
    """Paste the frames of a stream into the places of a grid, row by row: one picture for the whole stream.

    More frames than places are an error; `spread` takes as many as there are places.
    """

    places: int = Field(default=12, ge=1, le=100_000, description="how many pictures there is room for")
    columns: int = Field(default=4, ge=1, le=1000, description="pictures in a row")
    gap: int = Field(
        default=4, ge=0, le=4096, description="space between pictures and around them, in pixels"
    )
    colour: Colour = Field(default=Colour.parse("black"), description="colour of gaps and empty places")

    image = Input("bgr24", "gray")
    sheet = Output(like=image)

    main = "places"
    example = "contacts: {type: sheet, in: moments, places: 12, columns: 4}"

    def clock(self) -> Rule:
        """One picture for the whole stream."""
        return STILL

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The whole grid."""
        image = formats["image"]
        width, height = image.width + self.gap, image.height + self.gap
        rows = -(-self.places // self.columns)
        return {"sheet": image.resized(self.columns * width + self.gap, rows * height + self.gap)}

    def state_bytes(self, formats: Formats) -> int:
        """The grid."""
        return self.output_formats(formats)["sheet"].frame_bytes

    def start(self, formats: Formats) -> _Sheet:
        """An empty grid."""
        image, whole = formats["image"], self.output_formats(formats)["sheet"]
        canvas = np.empty(whole.shapes[0], np.uint8)
        canvas[...] = samples(self.colour, whole)[0]
        return _Sheet(canvas, (image.height, image.width))

    def accumulate(self, state: _Sheet, image: Frame) -> None:
        """Paste one more picture."""
        np.copyto(self._place(state), image.data)

    def merge(self, state: _Sheet, other: _Sheet) -> _Sheet:
        """Paste the pictures of another stretch."""
        for k in range(other.used):
            np.copyto(self._place(state), self._cell(other, k))
        return state

    def finish(self, state: _Sheet, sheet: Frame) -> None:
        """The grid."""
        np.copyto(sheet.data, state.canvas)

    def _place(self, state: _Sheet) -> Plane:
        if state.used == self.places:
            raise ValueError(
                f"all {self.places} places are taken; spread: {self.places} takes as many pictures"
            )
        state.used += 1
        return self._cell(state, state.used - 1)

    def _cell(self, state: _Sheet, k: int) -> Plane:
        (row, column), (height, width) = divmod(k, self.columns), state.size
        top, left = row * (height + self.gap) + self.gap, column * (width + self.gap) + self.gap
        return state.canvas[top : top + height, left : left + width]
