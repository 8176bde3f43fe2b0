"""The mean of pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import affine, affine_scratch
from flowgraph.node import Affine, Formats, Input, Node, Output, Term


class Average(Node):
    """The mean of two or more pictures, exact, half rounded to even. For the mean over time see flatten."""

    image = Input("bgr24", "gray", "gbrp", variadic=True, least=2)
    mean = Output(like=image, in_place=True)

    example: ClassVar[str] = "both: {type: average, in: [left, right]}"

    def affine(self, items: Mapping[str, int]) -> Affine:
        """Equal weights."""
        count = items["image"]
        return Affine(tuple(Term("image", 1 / count, item) for item in range(count)))

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the exact sum of many pictures needs."""
        return affine_scratch(formats["image"].shapes[0], len(formats.inputs["image"]))

    def process(self, image: tuple[Frame, ...], mean: Frame, scratch: Mapping[str, Plane]) -> None:
        """Sum plane by plane."""
        for index, out in enumerate(mean.planes):
            planes = [frame.planes[index] for frame in image]
            affine(planes, [1 / len(image)] * len(image), 0, out, scratch)
