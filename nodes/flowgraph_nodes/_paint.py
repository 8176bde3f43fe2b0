"""Samples of a colour in any pixel format."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from flowgraph.frame import Format, Frame
from flowgraph.units import Colour

PAINTABLE = (
    "bgr24", "bgra", "gbrp", "gray", "gray16le",
    "yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p",
)  # fmt: skip
"""Pixel formats that `samples` knows: all of whole numbers."""

_LUMA = {
    "bt709": (0.2126, 0.0722),
    "bt2020": (0.2627, 0.0593),
    "smpte240m": (0.212, 0.087),
    "fcc": (0.30, 0.11),
}
"""Weights of red and blue in luma (ITU-T H.273, table 4)."""
_BT601 = (0.299, 0.114)  # an unspecified matrix is BT.601, as in FFmpeg


@lru_cache(maxsize=64)
def samples(colour: Colour, format: Format) -> tuple[tuple[int, ...], ...]:
    """The sample values of `colour` for each plane of `format`, one for each channel of the plane.

    Gray is OpenCV's BGR2GRAY, full range. YUV follows the format's matrix and range (ITU-T H.273, 8.3).
    """
    scale = 257 if format.layout.sample_bytes == 2 else 1
    if format.family == "gray":
        gray = int(cv2.cvtColor(np.array([[colour.bgr]], np.uint8), cv2.COLOR_BGR2GRAY)[0, 0])
        return ((gray * scale,),)
    if format.pixel == "gbrp":
        return (colour.green,), (colour.blue,), (colour.red,)
    if format.family == "rgb":
        return ((*colour.bgr, 255)[: format.layout.planes[0][0]],)
    return tuple((value,) for value in _yuv(colour, format))


def _yuv(colour: Colour, format: Format) -> tuple[int, int, int]:
    blue, green, red = (value / 255 for value in colour.bgr)
    low, luma_span, chroma_span = (0, 255, 255) if format.range == "full" else (16, 219, 224)
    if format.matrix == "ycgco":
        luma, u, v = (red + blue) / 4 + green / 2, green / 2 - (red + blue) / 4, (red - blue) / 2
    else:
        kr, kb = _LUMA.get(format.matrix, _BT601)
        luma = kr * red + (1 - kr - kb) * green + kb * blue
        u, v = (blue - luma) / (2 - 2 * kb), (red - luma) / (2 - 2 * kr)
    # Full range puts the strongest chroma at 255.5.
    u, v = (min(255, round(128 + chroma_span * value)) for value in (u, v))
    return round(low + luma_span * luma), u, v


def paint(frame: Frame, colour: Colour) -> None:
    """Fill the whole frame with `colour`."""
    for plane, values in zip(frame.planes, samples(colour, frame.format), strict=True):
        plane[...] = values if plane.ndim == 3 else values[0]
