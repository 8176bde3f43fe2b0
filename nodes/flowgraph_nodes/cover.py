"""A picture stretched or cut to another one's size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import cv2
from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.node import Formats, Input, Node, Output


class Cover(Node):
    """Make a picture as large as another one, without a border.

    It keeps its own shape, and what reaches beyond the other's is cut off on both sides alike; with `stretch`
    all of it is seen, in the other's shape. Both may have any size and sample aspect ratio. Samples are made
    by OpenCV's INTER_AREA, the means of what they cover.
    """

    stretch: bool = Field(default=False, description="change the shape instead of cutting")

    image = Input("bgr24", "gray")
    reference = Input()
    covering = Output(like=image)

    main: ClassVar[str] = "stretch"
    example: ClassVar[str] = "backdrop: {type: cover, in: {image: photo, reference: video}}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The other's size and sample aspect ratio."""
        image, other = formats["image"], formats["reference"]
        return {"covering": replace(image.resized(other.width, other.height), aspect=other.aspect)}

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's rows in float, with weights and offsets for each column and row."""
        old, new = formats["image"], formats["covering"]
        channels = old.layout.planes[0][0]
        return 72 * (new.width * channels + new.height) + 24 * (old.width + old.height)

    def process(self, image: Frame, reference: Frame, covering: Frame) -> None:
        """Resize what is seen."""
        picture, out = image.data, covering.data
        if not self.stretch:
            width, height = _seen(image.format, reference.format)
            left, top = (image.format.width - width) // 2, (image.format.height - height) // 2
            picture = picture[top : top + height, left : left + width]
        cv2.resize(picture, (out.shape[1], out.shape[0]), dst=out, interpolation=cv2.INTER_AREA)


def _seen(image: Format, other: Format) -> tuple[int, int]:
    """Width and height of the largest box in the picture that has the other's shape on screen."""
    shape = Fraction(other.width, other.height) * other.aspect / image.aspect
    width, height = (
        min(image.width, round(image.height * shape)),
        min(image.height, round(image.width / shape)),
    )
    return max(1, width), max(1, height)
