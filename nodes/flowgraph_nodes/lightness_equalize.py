"""Light made even."""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import BAND_SAMPLES, row_bands
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._lightness import evaluate

_SHARES = np.arange(256, dtype=np.float32) / np.float32(255)


class LightnessEqualize(Node):
    """Make the light of a video even, by the course of light that lightness_fit found.

    L of CIE LAB becomes L * mean / fit, in float; colours stay. It is Mathematica's BrightnessEqualize with a
    polynomial flat field.
    """

    image = Input("bgr24")
    fit = Input("table", still=True)
    even = Output(like=image)

    example: ClassVar[str] = "flat: {type: lightness_equalize, in: {image: video, fit: light}}"

    def temporaries(self, formats: Formats) -> int:
        """The polynomial, in double precision before it is in single; and a band in float, there and back."""
        width, height = formats["image"].width, formats["image"].height
        return 12 * width * height + 48 * max(BAND_SAMPLES, 3 * width) + 64 * 1024

    def process(self, image: Frame, fit: Frame, even: Frame) -> None:
        """Band by band to LAB, divide, and back."""
        height, width = image.data.shape[:2]
        *coefficients, mean = fit.data[0]
        course = evaluate(np.asarray(coefficients), image.index, height, width)
        # Where the polynomial falls below a tenth of its mean it says nothing about the light.
        np.maximum(course, np.float32(0.1 * mean), out=course)
        np.divide(np.float32(mean), course, out=course)
        for rows, _ in row_bands(image.data.shape):
            lab: Plane = cv2.cvtColor(cv2.LUT(image.data[rows], _SHARES), cv2.COLOR_BGR2LAB)
            lab[:, :, 0] *= course[rows]
            np.minimum(lab[:, :, 0], 100, out=lab[:, :, 0])
            back = cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)
            cv2.convertScaleAbs(np.clip(back, 0, 1, out=back), dst=even.data[rows], alpha=255)
