"""Edges of one picture brought to those of another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.node import Formats, Input, Node, Output

_PLANES = ("guide", "image", "guide_mean", "image_mean", "product", "square")


class Guided(Node):
    """Smooth a picture, usually a mask, and bring its edges to those of another picture.

    In each window of 2 radius + 1 pixels the result is a * guide + b, with a and b that come closest to the
    picture (the guided filter of He, Sun and Tang, 2010). Edges fainter than `least` are blurred.
    """

    radius: int = Field(default=4, ge=1, le=127, description="reach in pixels")
    least: float = Field(default=0.02, gt=0, le=1, description="edges that count, as a share of white")

    image = Input("gray")
    guide = Input("gray", size=image)
    aligned = Output(like=image, in_place=True)

    main: ClassVar[str] = "radius"
    example: ClassVar[str] = "sharp: {type: guided, in: {image: mask, guide: plain}, radius: 4}"
    live_parameters: ClassVar[tuple[str, ...]] = ("least",)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """Six pictures of floats."""
        return dict.fromkeys(_PLANES, (formats["image"].shapes[0], "float32"))

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's rows in float64."""
        return 16 * (2 * self.radius + 8) * formats["image"].width

    def process(self, image: Frame, guide: Frame, aligned: Frame, scratch: Mapping[str, Plane]) -> None:
        """Means, covariance, and the means of both coefficients."""
        given, picture, given_mean, mean, product, square = (scratch[name] for name in _PLANES)
        np.multiply(guide.data, np.float32(1 / 255), out=given)
        np.copyto(picture, image.data)
        np.multiply(given, picture, out=product)
        np.multiply(given, given, out=square)
        for source, target in ((given, given_mean), (picture, mean), (product, product), (square, square)):
            self._mean(source, target)
        # picture and square become a = cov / (var + least^2) and b = mean - a * guide's mean.
        np.multiply(given_mean, mean, out=picture)
        np.subtract(product, picture, out=product)
        np.multiply(given_mean, given_mean, out=picture)
        np.subtract(square, picture, out=square)
        np.add(square, np.float32(self.least**2), out=square)
        np.divide(product, square, out=picture)
        np.multiply(picture, given_mean, out=square)
        np.subtract(mean, square, out=square)
        self._mean(picture, picture)
        self._mean(square, square)
        np.multiply(picture, given, out=picture)
        np.add(picture, square, out=picture)
        cv2.addWeighted(picture, 1, picture, 0, 0, dst=aligned.data, dtype=cv2.CV_8U)

    def _mean(self, plane: Plane, out: Plane) -> None:
        side = 2 * self.radius + 1
        cv2.boxFilter(plane, cv2.CV_32F, (side, side), dst=out)
