"""Motion as arrows."""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Colour


class FlowArrows(Node):
    """Draw an optical flow onto a picture: an arrow in each square of a grid, from where a point was.

    An arrow is `scale` times as long as its point moved since the frame before; what moved less than `least`
    pixels has none.
    """

    step: int = Field(default=16, ge=4, le=1024, description="side of a square in pixels")
    scale: float = Field(default=3.0, gt=0, le=1000, description="length of an arrow by length of its motion")
    least: float = Field(default=0.5, ge=0, le=10000, description="least motion drawn, in pixels a frame")
    colour: Colour = Field(default=Colour.parse("yellow"), description="colour of the arrows")

    image = Input("bgr24")
    x = Input("grayf32le", size=image)
    y = Input("grayf32le", like=x)
    drawn = Output(like=image, in_place=True)

    main: ClassVar[str] = "step"
    example: ClassVar[str] = "drawn: {type: flow_arrows, in: {image: video, x: moved, y: moved.y}, step: 24}"
    live_parameters: ClassVar[tuple[str, ...]] = ("scale", "least", "colour")

    def temporaries(self, formats: Formats) -> int:
        """Places and lengths of the arrows."""
        image = formats["image"]
        return 200 * (image.width // self.step + 1) * (image.height // self.step + 1)

    def process(self, image: Frame, x: Frame, y: Frame, drawn: Frame) -> None:
        """Draw over a copy of the picture."""
        if not np.may_share_memory(drawn.data, image.data):
            np.copyto(drawn.data, image.data)
        first = self.step // 2
        across = x.data[first :: self.step, first :: self.step]
        down = y.data[first :: self.step, first :: self.step]
        far = np.hypot(across, down) >= max(self.least, 1e-6)
        for row, column in np.argwhere(far):
            right, below = (float(part[row, column]) * self.scale for part in (across, down))
            start = (first + int(column) * self.step, first + int(row) * self.step)
            end = (start[0] + _whole(right), start[1] + _whole(below))
            cv2.arrowedLine(drawn.data, start, end, self.colour.bgr, 1, cv2.LINE_AA, tipLength=0.3)


def _whole(length: float) -> int:
    """Whole pixels, no more than OpenCV can draw."""
    return round(max(-16384.0, min(16384.0, length)))
