"""Where each point moved."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Literal

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import Fill, Formats, Input, Node, Output

_PRESETS = {
    "ultrafast": (cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST, 36),
    "fast": (cv2.DISOPTICAL_FLOW_PRESET_FAST, 36),
    "medium": (cv2.DISOPTICAL_FLOW_PRESET_MEDIUM, 72),
}
"""OpenCV's preset, and the bytes for each pixel that it was measured to take, its result included."""

State = tuple["cv2.DISOpticalFlow", Plane, Plane, Plane]
"""OpenCV's object, the frame before, the frame now, and the result."""


def _size(format: Format) -> tuple[int, int]:
    """Height and width that OpenCV can work on.

    It halves the picture floor(log2(width / 20)) times and writes outside of its memory where the height that
    is left is less than a patch of 8 samples.
    """
    width = max(16, format.width)
    return max(16, format.height, -(-width * 2 // 5)), width


class Flow(Node):
    """Find out how far each point moved since the frame before: dense optical flow.

    Gives two pictures of floats, in pixels a frame: `x` to the right, `y` down. flow_colour and flow_arrows
    show them. The method is OpenCV's DIS (Kroeger et al., Fast Optical Flow using Dense Inverse Search,
    2016), from no motion anew for each pair of frames. The first frame did not move.
    """

    quality: Literal["ultrafast", "fast", "medium"] = Field(
        default="fast", description="OpenCV's preset; medium refines edges, five times as slow"
    )

    image = Input("gray")
    x = Output("grayf32le")
    y = Output("grayf32le")

    main: ClassVar[str] = "quality"
    example: ClassVar[str] = "moved: {type: flow, in: video, quality: medium}"

    def history(self, port: str, rate: Fraction | None) -> int:
        """The frame before."""
        return 1

    def fill(self, port: str) -> Fill:
        """The first frame is compared with itself."""
        return "first"

    def state_bytes(self, formats: Formats) -> int:
        """What OpenCV's object keeps from call to call, and its result."""
        height, width = _size(formats["image"])
        return (_PRESETS[self.quality][1] + 2) * width * height + (1 << 19)

    def start(self, formats: Formats) -> State:
        """OpenCV's object and the pictures that it reads and fills."""
        size = _size(formats["image"])
        preset, _ = _PRESETS[self.quality]
        before, now = np.empty(size, np.uint8), np.empty(size, np.uint8)
        return cv2.DISOpticalFlow.create(preset), before, now, np.empty((*size, 2), np.float32)

    def process(self, state: State, image: tuple[Frame, ...], x: Frame, y: Frame) -> None:
        """Compare with the frame before."""
        method, before, now, moved = state
        height, width = x.data.shape
        # What stands in the result is where the search begins.
        moved[...] = 0
        if image[1].index != image[0].index:
            below, beside = len(now) - height, now.shape[1] - width
            for frame, copy in ((image[1], before), (image[0], now)):
                cv2.copyMakeBorder(frame.data, 0, below, 0, beside, cv2.BORDER_REPLICATE, dst=copy)
            method.calc(before, now, moved)
        cv2.split(moved[:height, :width], (x.data, y.data))
