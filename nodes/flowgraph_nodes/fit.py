"""A picture brought to another one's size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import ClassVar

import cv2
from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Colour
from flowgraph_nodes._paint import paint


class Fit(Node):
    """Make a picture as large as another one, in its own shape, in the middle of a border where needed.

    Both may have any size and sample aspect ratio. `share` 0.25 makes it as large as a quarter of the other's
    width and height: a picture in picture, without a border.
    """

    share: float = Field(default=1.0, gt=0, le=1, description="part of the other's width and height to fill")
    colour: Colour = Field(default=Colour.parse("black"), description="colour of the border, with share 1")

    image = Input("bgr24", "gray")
    reference = Input()
    fitted = Output(like=image)

    main: ClassVar[str] = "share"
    example: ClassVar[str] = "second: {type: fit, in: {image: other, reference: video}}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The other's size, or a share of it, with its sample aspect ratio."""
        image, other = formats["image"], formats["reference"]
        width, height = self._inside(image, other)
        if self.share == 1:
            width, height = other.width, other.height
        return {"fitted": replace(image.resized(width, height), aspect=other.aspect)}

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's rows in float, with weights and offsets for each column and row."""
        old, new = formats["image"], formats["fitted"]
        return 72 * (3 * new.width + new.height) + 24 * (old.width + old.height)

    def process(self, image: Frame, reference: Frame, fitted: Frame) -> None:
        """Resize into the middle."""
        width, height = self._inside(image.format, reference.format)
        target = fitted.data
        top, left = (target.shape[0] - height) // 2, (target.shape[1] - width) // 2
        if (height, width) != target.shape[:2]:
            paint(fitted, self.colour)
        smaller = width < image.format.width
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        middle = target[top : top + height, left : left + width]
        cv2.resize(image.data, (width, height), dst=middle, interpolation=how)

    def _inside(self, image: Format, other: Format) -> tuple[int, int]:
        """The largest size in the image's own shape; pixels are as wide as the other's."""
        shown = image.width * image.aspect / other.aspect
        share = Fraction(self.share).limit_denominator(1000)
        factor = share * min(other.width / shown, Fraction(other.height, image.height))
        return max(1, round(shown * factor)), max(1, round(image.height * factor))
