"""Weighted sum of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from flowgraph.frame import Format, Frame, Plane
from flowgraph.kernels import affine, affine_scratch
from flowgraph.node import Affine, Formats, Input, Node, Output, Term


class Mix(Node):
    """Add pictures up, each with its weight.

    out = clip(rint(scale * (w0*x0 + w1*x1 + ...) + offset)) on samples 0..255, summed exactly, half rounded
    to even: for weights .5 and .5 the same as OpenCV's addWeighted. Negative weights subtract.
    """

    weights: tuple[float, ...] = Field(
        default=(), description="one for each picture; without any, their mean"
    )
    scale: float = Field(default=1.0, description="factor on the weighted sum")
    offset: float = Field(default=0.0, description="added at the end, in levels")

    image = Input("bgr24", "gray", "gbrp", variadic=True, least=1)
    mixed = Output(like=image, in_place=True)

    main: ClassVar[str] = "weights"
    example: ClassVar[str] = "motion: {type: mix, in: [video, past], weights: [1, -1], scale: 2}"
    live_parameters: ClassVar[tuple[str, ...]] = ("scale", "offset")

    def affine(self, items: Mapping[str, int]) -> Affine | None:
        """The weights as they stand, times the scale; None where their number is wrong."""
        count = items["image"]
        if self.weights and len(self.weights) != count:
            return None
        terms = enumerate(self._factors(count))
        return Affine(tuple(Term("image", weight, item) for item, weight in terms), self.offset)

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The inputs' format; refuses a wrong number of weights."""
        count = len(formats.inputs["image"])
        if self.weights and len(self.weights) != count:
            raise ValueError(f"{len(self.weights)} weights for {count} pictures; give one for each")
        return super().output_formats(formats)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the exact sum of many pictures needs."""
        return affine_scratch(formats["image"].shapes[0], len(formats.inputs["image"]))

    def process(self, image: tuple[Frame, ...], mixed: Frame, scratch: Mapping[str, Plane]) -> None:
        """Sum plane by plane."""
        factors = self._factors(len(image))
        for index, out in enumerate(mixed.planes):
            affine([frame.planes[index] for frame in image], factors, self.offset, out, scratch)

    def _factors(self, count: int) -> list[float]:
        return [self.scale * weight for weight in self.weights or (1 / count,) * count]
