"""The node type `flip`."""

from __future__ import annotations

from typing import Literal

import cv2
from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.node import Input, Node, Output

_CODES = {"horizontal": 1, "vertical": 0, "both": -1}


class Flip(Node):
    """Mirror the picture: left and right, top and bottom, or both.

    Where chroma is subsampled, an odd size would move it against luma; such a picture is converted to bgr24
    first.
    """

    direction: Literal["horizontal", "vertical", "both"] = Field(
        default="horizontal", description="horizontal exchanges left and right, vertical top and bottom"
    )

    image = Input()
    flipped = Output(like=image)

    main = "direction"
    example = "mirrored: {type: flip, in: video, direction: horizontal}"

    def accepts(self, port: str, format: Format) -> bool:
        """Any format whose chroma samples end with the picture."""
        across, down = self.direction != "vertical", self.direction != "horizontal"
        return all(
            not (across and format.width % (1 << sx)) and not (down and format.height % (1 << sy))
            for _, sx, sy in format.layout.planes
        )

    def process(self, image: Frame, flipped: Frame) -> None:
        """Mirror plane by plane."""
        for source, target in zip(image.planes, flipped.planes, strict=True):
            cv2.flip(source, _CODES[self.direction], dst=target)
