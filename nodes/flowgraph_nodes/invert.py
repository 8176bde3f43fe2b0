"""Negative of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2

from flowgraph.frame import Frame
from flowgraph.node import Affine, Input, Node, Output, Term


class Invert(Node):
    """Turn light into dark and colours into their complements: out = 255 - in."""

    image = Input("bgr24", "gray", "gbrp")
    inverted = Output(like=image, in_place=True)

    example: ClassVar[str] = "negative: {type: invert, in: video}"

    def affine(self, items: Mapping[str, int]) -> Affine:
        """Weight -1, offset 255."""
        return Affine((Term("image", -1.0),), 255.0)

    def process(self, image: Frame, inverted: Frame) -> None:
        """One complement for each sample."""
        for plane, out in zip(image.planes, inverted.planes, strict=True):
            cv2.bitwise_not(plane, dst=out)
