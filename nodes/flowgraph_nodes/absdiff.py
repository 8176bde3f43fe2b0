"""How much two pictures differ."""

from __future__ import annotations

from typing import ClassVar

import cv2

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output


class Absdiff(Node):
    """The absolute difference of two pictures, each channel by itself: out = |first - second|."""

    first = Input("bgr24", "gray", "gbrp")
    second = Input("bgr24", "gray", "gbrp", like=first)
    difference = Output(like=first, in_place=True)

    example: ClassVar[str] = "changed: {type: absdiff, in: [video, background]}"

    def process(self, first: Frame, second: Frame, difference: Frame) -> None:
        """OpenCV's absdiff, plane by plane."""
        for a, b, out in zip(first.planes, second.planes, difference.planes, strict=True):
            cv2.absdiff(a, b, dst=out)
