"""The node type `stack`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Colour
from flowgraph_nodes._paint import PAINTABLE, paint


class Stack(Node):
    """Show several pictures next to each other.

    Side by side they need one height, one above the other one width, in a grid one size; `resize` brings
    them there. A grid is filled row by row. On planes with subsampled chroma every picture must begin on a
    chroma sample; elsewhere the pictures are converted to bgr24 first.
    """

    direction: Literal["horizontal", "vertical", "grid"] = Field(
        default="horizontal", description="side by side, one above the other, or in rows and columns"
    )
    columns: int | None = Field(default=None, ge=1, description="pictures in a row of a grid; about a square")
    gap: int = Field(default=0, ge=0, le=4096, description="space between two pictures, in pixels")
    colour: Colour = Field(
        default=Colour.parse("black"), description="colour of gaps and of a grid's empty places"
    )

    images = Input(*PAINTABLE, variadic=True, least=1)
    stacked = Output(like=images)

    sizes_may_differ: ClassVar[bool] = True
    main = "direction"
    example = "both: {type: stack, in: [video, motion]}"
    live_parameters: ClassVar[tuple[str, ...]] = ("colour",)

    def accepts(self, port: str, format: Format) -> bool:
        """Any format of whole samples, if the next picture begins on a chroma sample."""
        across, down = format.width + self.gap, format.height + self.gap
        steps = format.layout.planes
        beside = self.direction == "vertical" or all(across % (1 << sx) == 0 for _, sx, _ in steps)
        below = self.direction == "horizontal" or all(down % (1 << sy) == 0 for _, _, sy in steps)
        return super().accepts(port, format) and beside and below

    def check(self) -> None:
        """Raises ValueError for columns without a grid."""
        if self.columns is not None and self.direction != "grid":
            raise ValueError("columns is for direction: grid")

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The whole's size; raises ValueError where sizes or colours don't go together."""
        items = formats.inputs["images"]
        self._refuse_unequal(items)
        boxes = self._corners(items)
        width = max(x + item.width for (x, _), item in zip(boxes, items, strict=True))
        height = max(y + item.height for (_, y), item in zip(boxes, items, strict=True))
        return {"stacked": items[0].resized(width, height)}

    def process(self, images: tuple[Frame, ...], stacked: Frame) -> None:
        """Copy each picture to its place."""
        items = [image.format for image in images]
        if self.gap or len(items) % self._columns(len(items)):
            paint(stacked, self.colour)
        for image, (x, y) in zip(images, self._corners(items), strict=True):
            layout = zip(image.planes, stacked.planes, image.format.layout.planes, strict=True)
            for plane, whole, (_, sx, sy) in layout:
                rows, columns = plane.shape[:2]
                np.copyto(whole[y >> sy :, x >> sx :][:rows, :columns], plane)

    def _columns(self, count: int) -> int:
        about_square = int(np.ceil(np.sqrt(count)))
        return {"horizontal": count, "vertical": 1, "grid": self.columns or about_square}[self.direction]

    def _corners(self, items: Sequence[Format]) -> list[tuple[int, int]]:
        """The left upper corner of each picture."""
        columns = self._columns(len(items))
        corners: list[tuple[int, int]] = []
        x = y = 0
        for i, item in enumerate(items, 1):
            corners.append((x, y))
            x += item.width + self.gap
            if i % columns == 0:
                x, y = 0, y + item.height + self.gap
        return corners

    def _refuse_unequal(self, items: Sequence[Format]) -> None:
        first = items[0]
        for i, item in enumerate(items[1:], 2):
            sizes = f"{first.width}x{first.height} and {item.width}x{item.height} (picture {i})"
            if self.direction == "horizontal" and item.height != first.height:
                raise ValueError(f"side by side needs equal heights, got {sizes}; resize one of them")
            if self.direction == "vertical" and item.width != first.width:
                raise ValueError(f"one above the other needs equal widths, got {sizes}; resize one of them")
            if self.direction == "grid" and (item.width, item.height) != (first.width, first.height):
                raise ValueError(f"a grid needs equal sizes, got {sizes}; resize one of them")
            if not item.resized(first.width, first.height).fits(first):
                raise ValueError(f"the pictures have unlike colours: {first} and {item} (picture {i})")
