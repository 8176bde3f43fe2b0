"""Light made even."""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np

from flowgraph.frame import Frame, Plane
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._lightness import evaluate


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
        """Two pictures and the polynomial in float."""
        return 48 * formats["image"].width * formats["image"].height + 64 * 1024

    def process(self, image: Frame, fit: Frame, even: Frame) -> None:
        """To LAB, divide, and back."""
        height, width = image.data.shape[:2]
        *coefficients, mean = fit.data[0]
        course = evaluate(np.asarray(coefficients), image.index, height, width)
        lab: Plane = cv2.cvtColor(image.data.astype(np.float32) / np.float32(255), cv2.COLOR_BGR2LAB)
        # Where the polynomial falls below a tenth of its mean it says nothing about the light.
        lab[:, :, 0] *= np.float32(mean) / np.maximum(course, np.float32(0.1 * mean))
        np.minimum(lab[:, :, 0], 100, out=lab[:, :, 0])
        back = cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)
        cv2.convertScaleAbs(np.clip(back, 0, 1, out=back), dst=even.data, alpha=255)
