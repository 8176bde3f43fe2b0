"""How the light falls on a coloured background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane, table
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule
from flowgraph.units import Colour
from flowgraph_nodes._lightness import BYTES, POWERS, Fit

COLUMNS = (*(f"t{t} y{y} x{x}" for t, y, x in POWERS), "mean")


@dataclass(slots=True)
class _Seen:
    """The sums, and which colours count."""

    fit: Fit
    near: Plane


class LightnessFit(Node):
    """Fit a smooth course of light to a whole video: a polynomial of second order in x, y and time.

    It comes closest to L (of CIE LAB, 0..255) of the samples of about the hue of `colour`, those that are
    neither black nor white: the background, so that a dark figure before it doesn't bend the fit. The result
    is a row of its ten coefficients (x and y from the picture's middle, time in frames of the source) and its
    mean over the video, for lightness_equalize. Where nothing has the hue, the light is taken to be even.
    """

    colour: Colour = Field(default=Colour.parse("cyan"), description="what is fitted has about its hue")
    hue: float = Field(default=40.0, gt=0, le=180, description="how far the hue may be, in degrees")
    chroma: float = Field(default=8.0, ge=0, le=180, description="least colourfulness of what is fitted")

    image = Input("bgr24")
    fit = Output("table")

    main: ClassVar[str] = "colour"
    example: ClassVar[str] = "light: {type: lightness_fit, in: video, colour: cyan}"

    def clock(self) -> Rule:
        """One row for the whole stream."""
        return STILL

    def any_order(self) -> bool:
        """Whole numbers, in sums that never round."""
        return True

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """A row of numbers."""
        return {"fit": table(*COLUMNS)}

    def temporaries(self, formats: Formats) -> int:
        """LAB, its planes, places in the table of hues, and weights in float."""
        height, width = formats["image"].shapes[0][:2]
        return 40 * height * width + 256 * (height + width)

    def state_bytes(self, formats: Formats) -> int:
        """Some hundred whole numbers, and a table of all hues."""
        return BYTES + (1 << 16)

    def start(self, formats: Formats) -> _Seen:
        """Nothing seen yet."""
        return _Seen(Fit(), self._near())

    def accumulate(self, state: _Seen, image: Frame) -> None:
        """Take one more frame."""
        planes = cv2.split(cv2.cvtColor(image.data, cv2.COLOR_BGR2LAB))
        lightness, across, along = (np.asarray(plane, np.uint8) for plane in planes)
        used = state.near[(across.astype(np.uint16) << 8) + along]
        used &= (lightness > 0) & (lightness < 255)
        state.fit.add(image.index, lightness, used)

    def merge(self, state: _Seen, other: _Seen) -> _Seen:
        """Join the sums of two stretches."""
        state.fit.merge(other.fit)
        return state

    def finish(self, state: _Seen, fit: Frame) -> None:
        """Solve the normal equations."""
        fit.data[0] = state.fit.solve()

    def _near(self) -> Plane:
        """For each a and b of LAB in 8 bits, at 256 a + b, whether it counts."""
        wanted = np.array([[self.colour.bgr]], np.uint8)
        _, a, b = (float(value) - 128 for value in cv2.cvtColor(wanted, cv2.COLOR_BGR2LAB)[0, 0])
        across, along = (axis.astype(np.float32) - 128 for axis in np.indices((256, 256)))
        size = np.hypot(across, along)
        near = across * a + along * b >= size * (np.hypot(a, b) * np.cos(np.radians(self.hue)))
        return np.asarray((near & (size >= self.chroma)).ravel())
