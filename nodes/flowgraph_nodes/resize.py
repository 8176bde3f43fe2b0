"""The node type `resize`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Literal

import cv2
from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._paint import PAINTABLE

_METHODS = {
    "nearest": cv2.INTER_NEAREST,
    "nearest_exact": cv2.INTER_NEAREST_EXACT,
    "linear": cv2.INTER_LINEAR,
    "linear_exact": cv2.INTER_LINEAR_EXACT,
    "cubic": cv2.INTER_CUBIC,
    "area": cv2.INTER_AREA,
    "lanczos": cv2.INTER_LANCZOS4,
}


class Resize(Node):
    """Make the picture larger or smaller.

    Give width, height or both (one of them keeps the shape), or `size`, or `scale`, which rounds down. The
    sample aspect ratio changes so that the picture is shown in the same shape. Planes are resized one by
    one; chroma sizes round up.
    """

    scale: float | None = Field(default=None, gt=0, le=64, description="factor for width and height")
    width: int | None = Field(default=None, ge=1, le=32768, description="new width in pixels")
    height: int | None = Field(default=None, ge=1, le=32768, description="new height in pixels")
    size: str | None = Field(
        default=None, pattern="^[1-9][0-9]*x[1-9][0-9]*$", description="both, as 1280x720"
    )
    interpolation: Literal[
        "nearest", "nearest_exact", "linear", "linear_exact", "cubic", "area", "lanczos"
    ] = Field(
        default="linear", description="OpenCV's way to make samples; area is best for making much smaller"
    )

    image = Input(*PAINTABLE)
    resized = Output(like=image)

    main = "scale"
    example = "small: {type: resize, in: video, width: 640}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The new size, with the sample aspect ratio that keeps the shape on screen."""
        old = formats["image"]
        width, height = self._size(old)
        aspect = old.aspect * Fraction(old.width, width) * Fraction(height, old.height)
        return {"resized": replace(old.resized(width, height), aspect=aspect)}

    def check(self) -> None:
        """Raises ValueError unless the size is given in exactly one way."""
        ways = [
            self.scale is not None,
            self.size is not None,
            self.width is not None or self.height is not None,
        ]
        if sum(ways) != 1:
            raise ValueError("give either scale, or size, or width and height (or one of these two)")

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's rows in float (eight for lanczos), with weights and offsets for each column and row."""
        old, new = formats["image"], formats["resized"]
        channels = old.layout.planes[0][0]
        return 72 * (new.width * channels + new.height) + 24 * (old.width + old.height)

    def process(self, image: Frame, resized: Frame) -> None:
        """Resize plane by plane into the output's buffer."""
        for source, target in zip(image.planes, resized.planes, strict=True):
            height, width = target.shape[:2]
            cv2.resize(source, (width, height), dst=target, interpolation=_METHODS[self.interpolation])

    def _size(self, old: Format) -> tuple[int, int]:
        if self.scale is not None:
            return max(1, int(old.width * self.scale)), max(1, int(old.height * self.scale))
        if self.size is not None and (match := re.fullmatch(r"(\d+)x(\d+)", self.size)):
            return int(match[1]), int(match[2])
        width, height = self.width, self.height
        if width is None:
            width = max(1, round(Fraction(old.width * (height or 1), old.height)))
        if height is None:
            height = max(1, round(Fraction(old.height * width, old.width)))
        return width, height
