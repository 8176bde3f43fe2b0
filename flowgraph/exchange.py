"""Frames to and from other packages: numpy, PyAV, Pillow; DLPack is part of a frame itself.

Nothing is copied unless the text of a function says so. What shares a frame's memory is valid as long as the
frame is; `frame.copy()` keeps it. What is not copied must not be written to.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from flowgraph.frame import Format, Frame, Plane

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from PIL.Image import Image

_PACKED = {"gray": 2, "gray16le": 2, "grayf32le": 2, "bgr24": 3, "bgra": 3}
"""Formats of one plane, and the dimensions of their arrays."""


_FINEST = (1 << 31) - 1
"""The largest denominator that FFmpeg's fractions hold."""


def from_numpy(array: Plane, pixel: str = "", *, index: int = 0, time: Fraction = Fraction(0)) -> Frame:
    """A frame that shows an array: (height, width) gray, (height, width, 3) BGR, (height, width, 4) BGRA.

    The samples are uint8; gray may be uint16 or float32 too. `pixel` names the format where that isn't what
    the shape says. A numpy array of several planes is `Frame(index, time, format, planes)`.

    Raises:
        ValueError: no format has this shape and type.
    """
    kinds = {(2, 1): "gray", (2, 2): "gray16le", (2, 4): "grayf32le", (3, 1): "bgr24"}
    guessed = kinds.get((array.ndim, array.dtype.itemsize), "")
    if array.ndim == 3 and guessed:
        guessed = {3: "bgr24", 4: "bgra"}.get(array.shape[2], "")
    format = Format(pixel or guessed or "gray", array.shape[1] if array.ndim > 1 else 0, len(array))
    fits = (pixel or guessed) in _PACKED and array.shape == format.shapes[0]
    if not fits or array.dtype != np.dtype(format.layout.dtype) or not array.size:
        kind = f" of {pixel}" if pixel else ""
        raise ValueError(
            f"an array of shape {array.shape} and type {array.dtype} is no frame{kind};"
            " it takes (height, width[, 3 or 4]) of uint8, or (height, width) of uint16 or float32"
        )
    if array.strides[-1] != array.itemsize:
        array = np.ascontiguousarray(array)
    return Frame(index, time, format, (array,))


def from_av(picture: VideoFrame, *, index: int = 0) -> Frame:
    """A frame that shows a picture of PyAV, its time and colours included.

    Raises:
        ValueError: its pixel format is none that flowgraph computes in; `picture.reformat` makes one.
    """
    from flowgraph.media.picture import FULL, MATRICES, planes_of

    try:
        planes = planes_of(picture)
    except KeyError:
        raise ValueError(
            f"{picture.format.name} is no format of flowgraph; picture.reformat(format='yuv420p') makes one"
        ) from None
    format = Format(
        picture.format.name.replace("yuvj", "yuv"),
        picture.width,
        picture.height,
        MATRICES.get(picture.colorspace, "unspecified"),
        "full" if picture.color_range == FULL or picture.format.name.startswith("yuvj") else "limited",
        primaries=int(picture.color_primaries),
        transfer=int(picture.color_trc),
    )
    base = picture.time_base
    time = Fraction(0) if picture.pts is None or base is None else picture.pts * base
    lasts = picture.duration * base if picture.duration and base is not None else None
    return Frame(index, time, format, planes, hold=picture, duration=lasts)


def to_av(frame: Frame) -> VideoFrame:
    """A picture for PyAV, with the frame's time and colours.

    A decoder's own frame and frames of one plane are shared; of others the samples are copied.

    Raises:
        ValueError: the frame holds numbers and no picture.
    """
    from av import VideoFrame

    from flowgraph.media.picture import MATRIX_CODES, borrowed, filled, range_code

    _no_table(frame)
    format = frame.format
    picture = borrowed(frame)
    if picture is None and format.pixel in _PACKED:
        picture = VideoFrame.from_numpy_buffer(frame.data, format.pixel)
        picture.colorspace = MATRIX_CODES[format.matrix]
        picture.color_range = range_code(format)
    elif picture is None:
        picture = filled(frame)
    base = Fraction(1, min(frame.time.denominator, _FINEST))
    picture.time_base, picture.pts = base, round(frame.time / base)
    return picture


def to_pil(frame: Frame) -> Image:
    """A picture for Pillow: L for gray, RGB and RGBA for the others.

    Gray is shared. Pillow keeps colours in an order of its own, so those are copied; YUV is converted first.

    Raises:
        ValueError: the frame holds numbers and no picture, or samples of more than 8 bits.
        ImportError: Pillow isn't installed.
    """
    from PIL import Image

    _no_table(frame)
    if frame.format.layout.dtype != "uint8":
        raise ValueError(f"Pillow takes 8 bits a sample, not {frame.format.pixel}")
    pixel = frame.format.pixel
    if frame.format.family == "yuv" or pixel == "gbrp":
        frame, pixel = to_bgr(frame), "bgr24"
    mode, raw = {"gray": ("L", "L"), "bgr24": ("RGB", "BGR"), "bgra": ("RGBA", "BGRA")}[pixel]
    size, data = (frame.format.width, frame.format.height), frame.data
    if pixel == "gray":
        image = Image.frombuffer(mode, size, data, "raw", raw, data.strides[0], 1)
        image.readonly = 1  # a change would go to the frame
        return image
    return Image.frombytes(mode, size, np.ascontiguousarray(data).tobytes(), "raw", raw)


def from_pil(image: Image, *, index: int = 0, time: Fraction = Fraction(0)) -> Frame:
    """A frame with a copy of a picture of Pillow: gray for L and 1, bgra where it has alpha, else bgr24."""
    if image.mode in ("L", "1"):
        return from_numpy(np.array(image.convert("L")), index=index, time=time)
    alpha = "A" in image.getbands() or "transparency" in image.info
    order = [2, 1, 0, 3] if alpha else [2, 1, 0]
    samples = np.asarray(image.convert("RGBA" if alpha else "RGB"))[..., order]
    return from_numpy(np.ascontiguousarray(samples), index=index, time=time)


def to_bgr(frame: Frame) -> Frame:
    """A copy of a frame in bgr24.

    Raises:
        ValueError: the frame holds numbers and no picture.
    """
    _no_table(frame)
    from flowgraph.frame import new_frame
    from flowgraph.media.convert import converter

    target = replace(frame.format, pixel="bgr24")
    out = new_frame(target, frame.index, frame.time)
    converter(frame.format, target).convert(frame, out)
    return out


def _no_table(frame: Frame) -> None:
    if frame.format.family == "data":
        raise ValueError(f"a {frame.format} is no picture; its numbers are frame.data")
