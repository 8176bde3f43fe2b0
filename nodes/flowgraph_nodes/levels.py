"""Black and white points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.kernels import affine, affine_table
from flowgraph.node import Affine, Input, Node, Output, Term
from flowgraph.units import Level


class Levels(Node):
    """Map the range between two input levels to the range between two output levels.

    out = rint(out_black + (in - in_black) * (out_white - out_black) / (in_white - in_black)), kept between
    out_black and out_white; half rounds to even. An out_black above out_white turns the picture negative.
    """

    in_black: Level = Field(default=Level(0), description="input level that becomes out_black")
    in_white: Level = Field(default=Level(255), description="input level that becomes out_white")
    out_black: Level = Field(default=Level(0), description="output level of black")
    out_white: Level = Field(default=Level(255), description="output level of white")

    image = Input("bgr24", "gray", "gbrp")
    mapped = Output(like=image, in_place=True)

    main: ClassVar[str] = "in_black"
    example: ClassVar[str] = "stretched: {type: levels, in: video, in_black: 16, in_white: 235}"

    def check(self) -> None:
        """Refuse an empty or reversed input range."""
        if self.in_black.of(255) >= self.in_white.of(255):
            raise ValueError(f"in_black ({self.in_black}) must be below in_white ({self.in_white})")

    def affine(self, items: Mapping[str, int]) -> Affine | None:
        """The slope, where what it keeps within is what samples have anyway."""
        if not self._is_affine():
            return None
        weight, offset = self._line()
        return Affine((Term("image", weight),), offset)

    def process(self, image: Frame, mapped: Frame) -> None:
        """By weight and offset, or by a table."""
        weight, offset = self._line()
        for plane, out in zip(image.planes, mapped.planes, strict=True):
            if self._is_affine():
                affine([plane], [weight], offset, out, {})
            else:
                low, high = sorted(round(level.of(255)) for level in (self.out_black, self.out_white))
                cv2.LUT(plane, np.clip(affine_table(weight, offset), low, high).astype(np.uint8), dst=out)

    def _is_affine(self) -> bool:
        whole_in = (self.in_black.of(255), self.in_white.of(255)) == (0, 255)
        whole_out = {self.out_black.of(255), self.out_white.of(255)} == {0, 255}
        return whole_in or whole_out

    def _line(self) -> tuple[float, float]:
        low, high = self.in_black.of(255), self.in_white.of(255)
        black, white = self.out_black.of(255), self.out_white.of(255)
        weight = (white - black) / (high - low)
        return weight, black - low * weight
