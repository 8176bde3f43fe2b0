"""Pictures between the engine and PyAV: views of planes, copies, and libswscale.

Colours travel as FFmpeg's numbers on a `VideoFrame` and as words on a `Format`; the tables here are the only
place that knows both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from flowgraph.frame import PIXEL_FORMATS, Format, Frame, Matrix, Plane

MATRIX_CODES: Final[Mapping[Matrix, int]] = {
    "bt709": 1,
    "unspecified": 2,
    "fcc": 4,
    "bt601": 6,
    "smpte240m": 7,
    "ycgco": 8,
    "bt2020": 9,
}
"""AVCOL_SPC_* of each matrix."""

MATRICES: Final[Mapping[int, Matrix]] = {5: "bt601", **{code: name for name, code in MATRIX_CODES.items()}}
"""The matrix of each AVCOL_SPC_* that 8-bit video carries."""

LIMITED: Final = 1
FULL: Final = 2

BICUBIC: Final = Interpolation.BICUBIC
ACCURATE: Final = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT


def range_code(format: Format) -> int:
    """AVCOL_RANGE_* of a format; RGB and gray are full by nature."""
    return LIMITED if format.family == "yuv" and format.range == "limited" else FULL


def planes_of(picture: VideoFrame) -> tuple[Plane, ...]:
    """The planes of a PyAV frame as views of its memory.

    Raises:
        KeyError: the pixel format is not one of the engine's.
    """
    layout = PIXEL_FORMATS[picture.format.name.replace("yuvj", "yuv")]
    views: list[Plane] = []
    for plane, (channels, _, _) in zip(picture.planes, layout.planes, strict=True):
        step = plane.line_size
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, abs(step))
        used = rows[:, : plane.width * channels * layout.sample_bytes].view(layout.dtype)
        # A negative line size means that the rows lie bottom up.
        upright = used if step > 0 else used[::-1]
        views.append(upright if channels == 1 else _channels(upright, plane.width, channels))
    return tuple(views)


def _channels(rows: Plane, width: int, channels: int) -> Plane:
    step = rows.strides[0]
    return np.lib.stride_tricks.as_strided(rows, (len(rows), width, channels), (step, channels, 1))


def blank(format: Format) -> VideoFrame:
    """A PyAV frame of a format, with its colours and undefined samples."""
    picture = VideoFrame(format.width, format.height, format.pixel)
    picture.colorspace = MATRIX_CODES[format.matrix]
    picture.color_range = range_code(format)
    picture.color_primaries = format.primaries
    picture.color_trc = format.transfer
    return picture


def filled(frame: Frame) -> VideoFrame:
    """A copy of a frame's samples as a PyAV frame."""
    picture = blank(frame.format)
    for target, plane in zip(planes_of(picture), frame.planes, strict=True):
        np.copyto(target, plane)
    return picture


def borrowed(frame: Frame) -> VideoFrame | None:
    """The decoder's frame behind `frame`, where `frame` shows all of it and nothing else."""
    # The engine counts a reader's frames by a lease that owns the frame.
    held = getattr(frame.hold, "owner", frame.hold)
    if not isinstance(held, VideoFrame) or held.format.name != frame.format.pixel:
        return None
    if MATRICES.get(held.colorspace, "unspecified") != frame.format.matrix:
        return None
    if (held.color_range == FULL) != (range_code(frame.format) == FULL):
        return None
    if (held.width, held.height) != (frame.format.width, frame.format.height):
        return None
    same = all(
        plane.ctypes.data == own.buffer_ptr and plane.strides[0] == own.line_size
        for plane, own in zip(frame.planes, held.planes, strict=True)
    )
    return held if same else None


def copy_into(picture: VideoFrame, out: Frame) -> None:
    """Copy a PyAV frame's samples into the planes of `out`."""
    for target, plane in zip(out.planes, planes_of(picture), strict=True):
        np.copyto(target, plane)


def scaled(
    scaler: VideoReformatter, picture: VideoFrame, target: Format, interpolation: Interpolation
) -> VideoFrame:
    """The picture in another format (and size) through libswscale, on the calling thread."""
    matrix = MATRIX_CODES[target.matrix]
    return scaler.reformat(
        picture,
        width=target.width,
        height=target.height,
        format=target.pixel,
        # libswscale's own numbers are those of AVCOL_SPC; 5 stands for both kinds of BT.601.
        dst_colorspace={6: 5, 2: None}.get(matrix, matrix),
        interpolation=interpolation,
        dst_color_range=range_code(target),
        threads=1,
    )


def picture_bytes(format: Format) -> int:
    """Bytes of a PyAV frame of a format: rows are padded to 64 bytes, heights to 32 rows."""
    total = 1024
    for shape in format.shapes:
        row = int(np.prod(shape[1:])) * format.layout.sample_bytes
        total += -(-row // 64) * 64 * -(-shape[0] // 32) * 32
    return total
