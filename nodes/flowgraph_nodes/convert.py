"""The node type `convert`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.media.convert import converter, temporaries
from flowgraph.node import Formats, Input, Node, Output

# A converter holds nothing but its route and a scaler for each thread.
_converter = lru_cache(maxsize=64)(converter)


class Convert(Node):
    """Force a pixel format.

    The engine converts by itself where a node needs it; this is for working in another format than it would
    choose. YUV becomes RGB as the source's `rgb` says.
    """

    format: Literal[
        "gray", "gray16le", "grayf32le", "bgr24", "bgra", "gbrp",
        "yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p",
    ] = Field(description="pixel format, under FFmpeg's name")  # fmt: skip

    image = Input()
    converted = Output(like=image)

    main = "format"
    example = "grays: {type: convert, in: video, format: gray}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The picture's own in the other pixel format."""
        return {"converted": formats["image"].as_pixel(self.format)}

    def temporaries(self, formats: Formats) -> int:
        """What the conversion's steps allocate."""
        return temporaries(formats["image"], formats["converted"])

    def process(self, image: Frame, converted: Frame) -> None:
        """Convert into the output's buffer."""
        _converter(image.format, converted.format).convert(image, converted)
