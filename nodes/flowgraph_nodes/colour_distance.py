"""How far each point is from a colour."""

from __future__ import annotations

from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import BAND_SAMPLES, row_bands
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Colour

_ADD = np.ones((1, 3), np.float32)


class ColourDistance(Node):
    """Measure how far each point is from a colour: out = rint(255 * min(1, distance / far)).

    The distance is Euclid's in CIE LAB / 100, where black and white are 1 apart. A threshold at level v keeps
    what is farther than far * v / 255, and is the mask of what stands before a background of that colour.
    """

    colour: Colour = Field(default=Colour.parse("cyan"), description="colour to measure from")
    far: float = Field(default=1.0, gt=0, le=4, description="distance that is white")

    image = Input("bgr24")
    distance = Output("gray")

    main: ClassVar[str] = "colour"
    example: ClassVar[str] = "away: {type: colour_distance, in: video, colour: green}"
    live_parameters: ClassVar[tuple[str, ...]] = ("colour", "far")

    def temporaries(self, formats: Formats) -> int:
        """A band in float: samples, LAB, squares."""
        return 16 * max(BAND_SAMPLES, 3 * formats["image"].width) * 3

    def process(self, image: Frame, distance: Frame) -> None:
        """Band by band, in float."""
        wanted = _lab(np.array([[self.colour.bgr]], np.uint8))[0, 0]
        for rows, _ in row_bands(image.data.shape):
            away = _lab(image.data[rows])
            away -= wanted
            np.square(away, out=away)
            # OpenCV adds up channels in their order too, and faster.
            length = np.asarray(cv2.transform(away, _ADD))
            np.sqrt(length, out=length)
            np.minimum(length, 100 * self.far, out=length)
            cv2.convertScaleAbs(length, dst=distance.data[rows], alpha=2.55 / self.far)


def _lab(picture: Plane) -> Plane:
    return np.asarray(cv2.cvtColor(picture.astype(np.float32) / np.float32(255), cv2.COLOR_BGR2LAB))
