"""Gamma correction."""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output


class Gamma(Node):
    """Brighten or darken the middle tones: out = rint(255 * (in / 255) ** (1 / gamma)).

    Above 1 brightens, below 1 darkens; black and white stay. As ImageMagick's -gamma on 8 bits.
    """

    gamma: float = Field(default=1.0, ge=0.05, le=20, description="above 1 brightens")

    image = Input("bgr24", "gray", "gbrp")
    corrected = Output(like=image, in_place=True)

    main: ClassVar[str] = "gamma"
    example: ClassVar[str] = "bright: {type: gamma, in: video, gamma: 1.4}"
    live_parameters: ClassVar[tuple[str, ...]] = ("gamma",)

    def process(self, image: Frame, corrected: Frame) -> None:
        """Look every sample up."""
        table = np.rint(255 * (np.arange(256) / 255) ** (1 / self.gamma)).astype(np.uint8)
        for plane, out in zip(image.planes, corrected.planes, strict=True):
            cv2.LUT(plane, table, dst=out)
