"""Motion as colours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import band_samples, fit, row_bands
from flowgraph.node import Formats, Input, Node, Output


class FlowColour(Node):
    """Show an optical flow by the colour wheel: the hue is the direction, the brightness the speed.

    Red moves to the right, yellow-green down, cyan to the left, violet up; black stands still. `most` pixels
    a frame and more are as bright as can be.
    """

    most: float = Field(
        default=8.0, gt=0, le=10000, description="speed of full brightness, in pixels a frame"
    )

    x = Input("grayf32le")
    y = Input("grayf32le", like=x)
    wheel = Output("bgr24")

    main: ClassVar[str] = "most"
    example: ClassVar[str] = "wheel: {type: flow_colour, in: [moved, moved.y], most: 8}"
    live_parameters: ClassVar[tuple[str, ...]] = ("most",)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """Speed and direction of a band, and its hue, saturation and value."""
        samples = (band_samples(formats["x"].shapes[0]),)
        return {
            "speed": (samples, "float32"),
            "angle": (samples, "float32"),
            "parts": ((3, *samples), "uint8"),
            "colours": ((*samples, 3), "uint8"),
        }

    def process(self, x: Frame, y: Frame, wheel: Frame, scratch: Mapping[str, Plane]) -> None:
        """Turn into speed and direction, then into colours, band by band."""
        for rows, shape in row_bands(x.data.shape):
            speed, angle = fit(scratch["speed"], shape), fit(scratch["angle"], shape)
            hue, full, value = (fit(part, shape) for part in scratch["parts"])
            cv2.cartToPolar(x.data[rows], y.data[rows], speed, angle)
            # The full circle of the angle is 256 steps of hue.
            np.multiply(angle, 256 / (2 * np.pi), out=angle)
            np.remainder(angle, 256, out=angle)
            np.copyto(hue, angle, casting="unsafe")
            np.multiply(speed, 255 / self.most, out=speed)
            np.minimum(speed, 255, out=speed)
            np.copyto(value, speed, casting="unsafe")
            full[...] = 255
            colours = scratch["colours"][: speed.size].reshape(*shape, 3)
            cv2.merge((hue, full, value), dst=colours)
            cv2.cvtColor(colours, cv2.COLOR_HSV2BGR_FULL, dst=wheel.data[rows])
