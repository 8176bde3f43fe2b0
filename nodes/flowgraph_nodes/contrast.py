"""Contrast and brightness."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.kernels import affine
from flowgraph.node import Affine, Input, Node, Output, Term


class Contrast(Node):
    """Stretch samples away from mid gray, then add: out = clip(rint(amount * (in - 128) + 128 + brightness)).

    Amounts below 1 flatten the picture, above 1 sharpen its tones; half rounds to even.
    """

    amount: float = Field(default=1.0, ge=0, le=100, description="factor on the distance from mid gray (128)")
    brightness: float = Field(default=0.0, ge=-255, le=255, description="added at the end, in levels")

    image = Input("bgr24", "gray")
    stretched = Output(like=image, in_place=True)

    main: ClassVar[str] = "amount"
    example: ClassVar[str] = "crisp: {type: contrast, in: video, amount: 1.3}"
    live_parameters: ClassVar[tuple[str, ...]] = ("amount", "brightness")

    def affine(self, items: Mapping[str, int]) -> Affine:
        """The amount as weight."""
        return Affine((Term("image", self.amount),), self._offset())

    def process(self, image: Frame, stretched: Frame) -> None:
        """One weight and offset for each plane."""
        for plane, out in zip(image.planes, stretched.planes, strict=True):
            affine([plane], [self.amount], self._offset(), out, {})

    def _offset(self) -> float:
        return 128 - 128 * self.amount + self.brightness
