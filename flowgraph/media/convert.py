"""Conversions between pixel formats, the engine's own step between nodes.

*Fast* RGB is libswscale's table conversion: what cv2.VideoCapture and `ffmpeg -pix_fmt bgr24` give. The
*accurate* one is its bicubic path: ffmpeg's `-vf format=gbrp`. Video is made from planar RGB with bicubic
chroma, since from packed bgr24 libswscale takes a path of lower precision. Conversions from packed to planar,
and those of gray, are OpenCV's. Where the compiled kernels give libswscale's bits, they take its place.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from flowgraph import native
from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.media.coefficients import Factors, native_factors
from flowgraph.media.picture import (
    ACCURATE,
    BICUBIC,
    blank,
    borrowed,
    copy_into,
    picture_bytes,
    planes_of,
    scaled,
)

Step = Callable[[Frame, Frame, "_Local"], None]

# The table conversions proper: the others place chroma by the frame's tags, which the references ignore.
_TABLES = ("yuv420p", "yuv422p")


class _Local(threading.local):
    """What one thread works with: a scaler, and the picture that frames are copied into for it."""

    def __init__(self) -> None:
        self.scaler = VideoReformatter()
        self._picture: VideoFrame | None = None

    def picture(self, format: Format) -> VideoFrame:
        """A PyAV frame to fill; the next call may give the same one again."""
        made = self._picture
        if made is None or (made.format.name, made.width, made.height) != (
            format.pixel,
            format.width,
            format.height,
        ):
            made = self._picture = blank(format)
        return made


@dataclass(frozen=True, slots=True)
class _Edge:
    """One step of a conversion: what it makes, how, and the peak bytes of what it allocates."""

    target: Format
    run: Step
    bytes: int


class Converter:
    """Converts frames of one format to another. Threads may share it: each gets a scaler of its own."""

    def __init__(self, source: Format, target: Format, *, compiled: bool = True) -> None:
        self.source = source
        self.target = target
        self._edges = _route(source, target, compiled)
        self._local = _Local()

    def convert(self, frame: Frame, out: Frame) -> None:
        """Fill `out`, of the target format, with the picture of `frame`, of the source format."""
        local = self._local
        for edge in self._edges[:-1]:
            planes = tuple(np.empty(shape, edge.target.layout.dtype) for shape in edge.target.shapes)
            step = Frame(frame.index, frame.time, edge.target, planes)
            edge.run(frame, step, local)
            frame = step
        self._edges[-1].run(frame, out, local)


def converter(source: Format, target: Format) -> Converter:
    """Make the converter from one format to another of the same size.

    Raises:
        ValueError: the sizes differ.
    """
    return Converter(source, target)


def temporaries(source: Format, target: Format) -> int:
    """Peak bytes that one call of the converter allocates."""
    edges = _route(source, target)
    between = sum(edge.target.frame_bytes for edge in edges[:-1])
    return between + max(edge.bytes for edge in edges)


def _route(source: Format, target: Format, compiled: bool = True) -> tuple[_Edge, ...]:
    """The steps from one format to another; formats far apart meet in bgr24, gbrp or gray."""
    if (source.width, source.height) != (target.width, target.height):
        raise ValueError(f"a conversion keeps the size: {source} to {target}")
    edges: list[_Edge] = []
    # Between two matrices libswscale itself darkens the picture by more than a level.
    crossing = source.family == target.family == "yuv" and _matrix(source) != _matrix(target)
    at = replace(source, rgb="accurate") if crossing else source
    if crossing:
        edges.append(_step(at, at.as_pixel("gbrp"), compiled))
        at = at.as_pixel("gbrp")
    while not edges or at.pixel != target.pixel:
        goal = _next(at, target, compiled)
        edges.append(_step(at, goal, compiled))
        at = goal
    return tuple(edges)


def _step(source: Format, target: Format, compiled: bool) -> _Edge:
    """The step between two formats that are neighbours, compiled where that is allowed and possible."""
    made = _compiled(source, target) if compiled else None
    return made or _edge(source, target)


def _compiled(source: Format, target: Format) -> _Edge | None:
    """A step through the compiled kernels, where they give libswscale's bits."""
    factors = native_factors(source, target)
    if factors is None or not kernels_agree(source.resized(48, 32), target.resized(48, 32)):
        return None
    return _kernel(source, target, factors)


def _kernel(source: Format, target: Format, factors: Factors) -> _Edge:
    kind: native.Conversion = (
        "rgb_to_yuv420"
        if target.family == "yuv"
        else "yuv420_to_rgb_accurate"
        if source.rgb == "accurate"
        else "yuv420_to_rgb_fast"
    )
    size = (source.width, source.height)

    def run(frame: Frame, out: Frame, local: _Local) -> None:
        native.convert(kind, _in_bgr_order(frame), _in_bgr_order(out), size, factors)

    return _Edge(target, run, 64 * source.width)


def _in_bgr_order(frame: Frame) -> tuple[Plane, ...]:
    if frame.format.pixel != "gbrp":
        return frame.planes
    green, blue, red = frame.planes
    return blue, green, red


@cache
def kernels_agree(source: Format, target: Format) -> bool:
    """Whether compiled kernels are there and give the bits of the libswscale at hand, on noise of this size.

    libswscale's own bits depend on its release and on the processor.
    """
    factors = native_factors(source, target)
    if factors is None or not native.available():
        return False
    frame, expected, found = new_frame(source), new_frame(target), new_frame(target)
    for number, plane in enumerate(frame.planes):
        hashed = np.arange(number, number + plane.size, dtype=np.uint32) * np.uint32(2654435761)
        plane[...] = (hashed >> 24).astype(np.uint8).reshape(plane.shape)
    Converter(source, target, compiled=False).convert(frame, expected)
    _kernel(source, target, factors).run(frame, found, _Local())
    return all(map(np.array_equal, expected.planes, found.planes))


def _matrix(format: Format) -> str:
    return "bt601" if format.matrix == "unspecified" else format.matrix


def _next(at: Format, target: Format, compiled: bool) -> Format:
    """The format to go to next on the way to `target`."""
    special = {"bgra": "bgr24", "gray16le": "gray", "grayf32le": "gray"}
    if at.pixel == target.pixel or (compiled and _compiled(at, target)):
        return target
    if at.pixel in special:
        return at.as_pixel(special[at.pixel])
    if target.pixel in special and at.pixel != special[target.pixel]:
        return _next(at, target.as_pixel(special[target.pixel]), compiled)
    if at.family == "yuv" and target.pixel in ("gray", "bgr24") and at.rgb == "accurate":
        packed = at.as_pixel("bgr24")
        return packed if compiled and _compiled(at, packed) else at.as_pixel("gbrp")
    if at.pixel == "gbrp" and target.pixel == "gray":
        return at.as_pixel("bgr24")
    return target


def _edge(source: Format, target: Format) -> _Edge:
    """The step between two formats that are neighbours."""
    if source.pixel == target.pixel and (source.family != "yuv" or source.fits(target)):
        return _Edge(target, _copy, 0)
    if source.family == "yuv" or (target.family == "yuv" and source.family == "rgb"):
        return _swscale(source, target)
    if source.pixel == "gray" and target.family == "yuv":
        return _Edge(target, _gray_to_video(target), 0)
    run, sample_bytes = _PLAIN[source.pixel, target.pixel]
    return _Edge(target, run, sample_bytes * source.width * source.height)


def _swscale(source: Format, target: Format) -> _Edge:
    """A step through libswscale."""
    # libswscale's own path from YUV to gbrp leaves the last width % 8 columns wrong unless it is accurate.
    table = target.family != "yuv" and source.rgb == "fast"
    middle = target.as_pixel("bgr24") if table else target
    flags = ACCURATE if target.family == "rgb" and source.rgb == "accurate" else BICUBIC
    direct = table and source.pixel in _TABLES
    finish = _PLAIN["bgr24", target.pixel][0] if middle.pixel != target.pixel else None

    def run(frame: Frame, out: Frame, local: _Local) -> None:
        picture = (borrowed(frame) if direct else None) or _planar(frame, local)
        made = scaled(local.scaler, picture, middle, flags)
        if finish is None:
            copy_into(made, out)
        else:
            finish(Frame(0, frame.time, middle, planes_of(made)), out, local)

    lines = 64 * 8 * source.width
    # Two ranges may meet in a whole picture of 16-bit RGB.
    meeting = 8 * source.width * source.height if source.family == target.family == "yuv" else 0
    return _Edge(target, run, picture_bytes(source) + picture_bytes(middle) + lines + meeting)


def _planar(frame: Frame, local: _Local) -> VideoFrame:
    """A copy as a PyAV frame; packed RGB becomes planar on the way, where libswscale is more precise."""
    if frame.format.pixel == "bgr24":
        picture = local.picture(frame.format.as_pixel("gbrp"))
        green, blue, red = planes_of(picture)
        cv2.split(frame.data, [blue, green, red])
        return picture
    picture = local.picture(frame.format)
    for target, plane in zip(planes_of(picture), frame.planes, strict=True):
        np.copyto(target, plane)
    return picture


def _copy(frame: Frame, out: Frame, local: _Local) -> None:
    for target, plane in zip(out.planes, frame.planes, strict=True):
        np.copyto(target, plane)


def _split(frame: Frame, out: Frame, local: _Local) -> None:
    green, blue, red = out.planes
    cv2.split(frame.data, [blue, green, red])


def _merge(frame: Frame, out: Frame, local: _Local) -> None:
    green, blue, red = frame.planes
    cv2.merge([blue, green, red], out.data)


def _cvt(code: int) -> Step:
    def run(frame: Frame, out: Frame, local: _Local) -> None:
        cv2.cvtColor(frame.data, code, dst=out.data)

    return run


def _spread(frame: Frame, out: Frame, local: _Local) -> None:
    for target in out.planes:
        np.copyto(target, frame.data)


def _gray_to_video(target: Format) -> Step:
    """Luma by range, chroma without colour."""
    levels = np.arange(256)
    limited = 16 + (levels * 219 + 127) // 255
    table = (limited if target.range == "limited" else levels).astype(np.uint8)

    def run(frame: Frame, out: Frame, local: _Local) -> None:
        cv2.LUT(frame.data, table, dst=out.planes[0])
        for chroma in out.planes[1:]:
            chroma[...] = 128

    return run


def _narrow(frame: Frame, out: Frame, local: _Local) -> None:
    """16 bits to 8 as ImageMagick's writers round: v / 257 to the nearest."""
    # 257 is odd: nothing is a tie.
    cv2.convertScaleAbs(frame.data, alpha=1 / 257, dst=out.data)


def _widen(frame: Frame, out: Frame, local: _Local) -> None:
    np.multiply(frame.data, 257, out=out.data, dtype=np.uint16)


def _to_float(frame: Frame, out: Frame, local: _Local) -> None:
    np.divide(frame.data, 255, out=out.data, dtype=np.float32)


def _from_float(frame: Frame, out: Frame, local: _Local) -> None:
    level = np.rint(np.clip(frame.data, 0, 1) * np.float32(255))
    np.copyto(out.data, level, casting="unsafe")


_PLAIN: dict[tuple[str, str], tuple[Step, int]] = {
    ("bgr24", "gbrp"): (_split, 0),
    ("gbrp", "bgr24"): (_merge, 0),
    ("bgr24", "gray"): (_cvt(cv2.COLOR_BGR2GRAY), 0),
    ("gray", "bgr24"): (_cvt(cv2.COLOR_GRAY2BGR), 0),
    ("bgr24", "bgra"): (_cvt(cv2.COLOR_BGR2BGRA), 0),
    ("bgra", "bgr24"): (_cvt(cv2.COLOR_BGRA2BGR), 0),
    ("gray", "gbrp"): (_spread, 0),
    ("gray16le", "gray"): (_narrow, 0),
    ("gray", "gray16le"): (_widen, 0),
    ("grayf32le", "gray"): (_from_float, 12),
    ("gray", "grayf32le"): (_to_float, 0),
}
"""OpenCV's and numpy's own steps, with the bytes that each allocates for a pixel."""
