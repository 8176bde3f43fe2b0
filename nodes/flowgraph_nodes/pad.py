"""The node type `pad`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Colour
from flowgraph_nodes._paint import PAINTABLE, samples


class Pad(Node):
    """Put a border of one colour around the picture.

    `border` counts for every side, the others are added to it. On planes with subsampled chroma the picture
    must begin on a chroma sample; elsewhere it is converted to bgr24 first.
    """

    border: int = Field(default=0, ge=0, le=16384, description="pixels on every side")
    left: int = Field(default=0, ge=0, le=16384, description="more pixels on the left")
    right: int = Field(default=0, ge=0, le=16384, description="more pixels on the right")
    top: int = Field(default=0, ge=0, le=16384, description="more pixels above")
    bottom: int = Field(default=0, ge=0, le=16384, description="more pixels below")
    colour: Colour = Field(default=Colour.parse("black"), description="colour of the border")

    image = Input(*PAINTABLE)
    padded = Output(like=image)

    main = "border"
    example = "framed: {type: pad, in: video, top: 60, bottom: 60, colour: black}"
    live_parameters: ClassVar[tuple[str, ...]] = ("colour",)

    def accepts(self, port: str, format: Format) -> bool:
        """Formats whose chroma samples allow the picture's new place."""
        x, y = self.border + self.left, self.border + self.top
        whole = all(x % (1 << sx) == 0 and y % (1 << sy) == 0 for _, sx, sy in format.layout.planes)
        return super().accepts(port, format) and whole

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The picture's size and the borders."""
        image = formats["image"]
        width = image.width + 2 * self.border + self.left + self.right
        height = image.height + 2 * self.border + self.top + self.bottom
        return {"padded": image.resized(width, height)}

    def process(self, image: Frame, padded: Frame) -> None:
        """Copy each plane and paint its borders."""
        values = samples(self.colour, image.format)
        planes = zip(image.planes, padded.planes, image.format.layout.planes, values, strict=True)
        for source, target, (_, sx, sy), value in planes:
            x, y = (self.border + self.left) >> sx, (self.border + self.top) >> sy
            below = target.shape[0] - y - source.shape[0]
            beside = target.shape[1] - x - source.shape[1]
            cv2.copyMakeBorder(source, y, below, x, beside, cv2.BORDER_CONSTANT, dst=target, value=value)
