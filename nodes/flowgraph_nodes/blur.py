"""Soft pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import cv2
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._gaussian import Gaussian
from flowgraph_nodes._gblur import gblur, gblur_bytes
from flowgraph_nodes._windows import box, box_scratch, magick, magick_scratch, magick_temporaries


class Blur(Node):
    """Blur a picture.

    gaussian: within 2 levels of a true one up to sigma 50 (pictures of at least 3 sigma), edges mirrored.
    box: floor of the mean over (2 radius + 1)^2 samples, edges replicated: FFmpeg's avgblur.
    median: the middle one of (2 radius + 1)^2 samples: OpenCV's medianBlur, FFmpeg's median.
    ffmpeg: FFmpeg's recursive gblur with `steps`, run by libavfilter itself.
    magick: ImageMagick 6's -blur 0xSIGMA on 16-bit samples; gray pictures come out as gray16le.
    """

    kind: Literal["gaussian", "box", "median", "ffmpeg", "magick"] = Field(
        default="gaussian", description="method"
    )
    sigma: float = Field(
        default=3.0, ge=0.1, le=300, description="width for gaussian, ffmpeg and magick, in pixels"
    )
    radius: int = Field(default=1, ge=0, le=127, description="reach for box and median, in pixels; 0: none")
    steps: int = Field(default=1, ge=1, le=6, description="passes of ffmpeg; with more it nears a Gaussian")

    image = Input("bgr24", "gray", "gray16le", "gbrp")
    blurred = Output(like=image)

    main: ClassVar[str] = "sigma"
    example: ClassVar[str] = "glow: {type: blur, in: motion, sigma: 5}"

    def accepts(self, port: str, format: Format) -> bool:
        """Only magick computes on 16 bits, only gaussian on planes of RGB."""
        special = {"gray16le": "magick", "gbrp": "gaussian"}
        return super().accepts(port, format) and special.get(format.pixel, self.kind) == self.kind

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Like the input; magick keeps a gray picture's 16 bits."""
        format = formats["image"]
        wide = self.kind == "magick" and format.family == "gray"
        return {"blurred": format.as_pixel("gray16le") if wide else format}

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the method needs."""
        format = formats["image"]
        if self.kind == "gaussian":
            return Gaussian(format.shapes[0], self.sigma).scratch()
        if self.kind == "box":
            return box_scratch(format, self.radius)
        return magick_scratch(format, self.sigma) if self.kind == "magick" else {}

    def temporaries(self, formats: Formats) -> int:
        """Row buffers of OpenCV, its padded copy for the median, or what libavfilter holds."""
        format = formats["image"]
        if self.kind == "gaussian":
            return Gaussian(format.shapes[0], self.sigma).temporaries()
        if self.kind == "ffmpeg":
            return gblur_bytes(format)
        if self.kind == "magick":
            return magick_temporaries(format, self.sigma)
        row = format.frame_bytes // format.height + 6 * self.radius
        windows = 16 * (2 * self.radius + 1) * row
        padded = self.kind == "median" and self.radius > 1
        return windows + (row * (format.height + 2 * self.radius) if padded else 0)

    def process(self, image: Frame, blurred: Frame, scratch: Mapping[str, Plane]) -> None:
        """Blur by the method chosen."""
        if self.kind == "gaussian":
            for plane, out in zip(image.planes, blurred.planes, strict=True):
                Gaussian(plane.shape, self.sigma).blur(plane, out, scratch)
        elif self.kind == "box":
            box(image.data, self.radius, blurred.data, scratch)
        elif self.kind == "median":
            cv2.medianBlur(image.data, 2 * self.radius + 1, dst=blurred.data)
        elif self.kind == "ffmpeg":
            gblur(image, blurred, self.sigma, self.steps)
        else:
            magick(image.data, self.sigma, blurred.data, scratch)
