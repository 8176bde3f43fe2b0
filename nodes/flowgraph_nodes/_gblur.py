"""FFmpeg's recursive Gaussian blur, by libavfilter itself.

gblur (Alvarez and Mazorra) adds up in float32 in its own order; only its own code gives its own bits.
"""

from __future__ import annotations

import threading
from fractions import Fraction

import av
import av.filter
import cv2
import numpy as np

from flowgraph.frame import Format, Frame, Plane

_KEPT = threading.local()
_ORDER = {"bgr24": (1, 0, 2), "gray": (0,)}  # gbrp has green, blue, red


class _Filter:
    """A filter graph for one format; not shared by threads."""

    def __init__(self, format: Format, sigma: float, steps: int) -> None:
        pixel = "gbrp" if format.pixel == "bgr24" else format.pixel
        self.key = (format.pixel, format.width, format.height, sigma, steps)
        self.order = _ORDER[format.pixel]
        self.frame = av.VideoFrame(format.width, format.height, pixel)
        self.frame.pts = 0
        self.frame.time_base = Fraction(1, 25)
        self.graph = av.filter.Graph()
        self.graph.threads = 1
        source = self.graph.add_buffer(
            width=format.width,
            height=format.height,
            format=av.VideoFormat(pixel),
            time_base=Fraction(1, 25),
        )
        blur = self.graph.add("gblur", f"sigma={sigma}:steps={steps}:planes=15")
        sink = self.graph.add("buffersink")
        source.link_to(blur)
        blur.link_to(sink)
        self.graph.configure()

    def run(self, image: Plane, out: Plane) -> None:
        """Blur one picture."""
        inputs = _views(self.frame)
        if len(self.order) == 1:
            np.copyto(inputs[0], image)
        else:
            cv2.split(image, [inputs[i] for i in self.order])
        self.graph.vpush(self.frame)
        blurred = self.graph.vpull()
        outputs = _views(blurred)
        if len(self.order) == 1:
            np.copyto(out, outputs[0])
        else:
            cv2.merge([outputs[i] for i in self.order], dst=out)
        self.frame.pts = (self.frame.pts or 0) + 1


def _views(frame: av.VideoFrame) -> list[Plane]:
    return [
        np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    ]


def gblur(image: Frame, blurred: Frame, sigma: float, steps: int) -> None:
    """Blur a bgr24 or gray frame; each thread keeps the filter that it used last."""
    key = (image.format.pixel, image.format.width, image.format.height, sigma, steps)
    kept: _Filter | None = getattr(_KEPT, "filter", None)
    if kept is None or kept.key != key:
        kept = _KEPT.filter = _Filter(image.format, sigma, steps)
    kept.run(image.data, blurred.data)


def gblur_bytes(format: Format) -> int:
    """What a thread keeps: a frame going in, one coming out, and the filter's float32 plane, with padding."""
    return 2 * format.frame_bytes + 5 * (format.width + 64) * (format.height + 64)
