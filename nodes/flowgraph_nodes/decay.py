"""The node type `decay`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane
from flowgraph.kernels import band_samples, fit, flat, row_bands
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Duration


@dataclass(slots=True)
class _Afterglow:
    held: Plane
    step: float


class Decay(Node):
    """Let what was bright glow on and fade: out = max(in, what was shown before - step), in float32.

    The step is 255 divided by the time that white takes to become black. Of a mask of motion it makes a
    motion history image, max(0, history - step) and white where something moves now; of the picture itself
    it makes trails of light.
    """

    fade: Duration = Field(
        default=Duration(25), description="from white to black, in frames or as a time such as 1s"
    )

    image = Input("bgr24", "gray")
    faded = Output(like=image)

    main: ClassVar[str] = "fade"
    example: ClassVar[str] = "trail: {type: decay, in: mask, fade: 1s}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Like the input; refuses a time shorter than a frame."""
        if self.fade.frames(formats.rate) < 1:
            raise ValueError(f"fade: {self.fade} is shorter than a frame")
        return super().output_formats(formats)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """A band in float."""
        return {"now": ((band_samples(formats["image"].shapes[0]),), "float32")}

    def state_bytes(self, formats: Formats) -> int:
        """What was shown before, in float."""
        return 4 * formats["image"].frame_bytes

    def start(self, formats: Formats) -> _Afterglow:
        """Dark."""
        held = np.zeros(formats["image"].shapes[0], np.float32)
        return _Afterglow(held, 255 / self.fade.frames(formats.rate))

    def process(self, state: _Afterglow, image: Frame, faded: Frame, scratch: Mapping[str, Plane]) -> None:
        """Fade, and take what is brighter now."""
        for rows, shape in row_bands(image.data.shape):
            held, now = flat(state.held[rows]), fit(scratch["now"], shape)
            np.subtract(held, np.float32(state.step), out=held)
            np.copyto(now, flat(image.data[rows]))
            cv2.max(held, now, dst=held)
            np.rint(held, out=now)
            np.copyto(flat(faded.data[rows]), now, casting="unsafe")
