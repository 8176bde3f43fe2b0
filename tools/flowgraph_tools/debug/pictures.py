"""Frames as people see them: RGB pictures, thumbnails, files for a browser.

Numbers that are no levels (float32 planes: motion in pixels, say) are shown between the least and the most
of the frame itself, gray for zero where there are both signs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.media.convert import Converter, converter

THUMBNAIL = (224, 126)
"""The most pixels of a thumbnail, across and down."""
_QUALITY = 80
_UNSEEN = 2
"""Levels by which colours may differ and look the same."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Every `step`-th sample of a frame, copied while the frame was valid."""

    frame: Frame
    width: int
    height: int
    """The size of the frame itself."""


@lru_cache(maxsize=64)
def _converter(source: Format) -> Converter:
    return converter(source, source.as_pixel("bgr24"))


def sample(frame: Frame) -> Sample:
    """Copy enough of a frame for a thumbnail; takes microseconds, so that a worker can do it."""
    format = frame.format
    wanted = min(format.width / THUMBNAIL[0], format.height / THUMBNAIL[1]) / 2
    coarsest = max((max(x, y) for _, x, y in format.layout.planes), default=0)
    power = int(np.log2(wanted)) if wanted >= 1 else 0
    if format.family == "data" or power < max(1, coarsest):
        return Sample(frame.copy(), format.width, format.height)
    step = 1 << power
    planes = tuple(
        np.ascontiguousarray(plane[:: step >> y, :: step >> x])
        for plane, (_, x, y) in zip(frame.planes, format.layout.planes, strict=True)
    )
    height = min(plane.shape[0] for plane in planes)
    width = min(plane.shape[1] for plane in planes)
    small = (format.as_pixel("yuv444p") if format.family == "yuv" else format).resized(width, height)
    cut = tuple(plane[:height, :width] for plane in planes)
    return Sample(Frame(frame.index, frame.time, small, cut), format.width, format.height)


def thumbnail(taken: Sample) -> bytes:
    """A sample as a JPEG that is no larger than a thumbnail; empty for a row of numbers."""
    return thumbnail_and_colour(taken)[0]


def thumbnail_and_colour(taken: Sample) -> tuple[bytes, str]:
    """A thumbnail, and the colour of a picture that has but one."""
    if taken.frame.format.family == "data":
        return b"", ""
    picture = to_bgr(taken.frame)
    return jpeg(shrunk(picture, *THUMBNAIL)), flat_colour(picture)


def flat_colour(picture: Plane) -> str:
    """What a BGR picture is that has all but one colour, in a word or two; empty where it has several.

    A picture of which less than one pixel in a thousand is another colour has lost all that it could show.
    """
    colour = np.median(picture[::2, ::2].reshape(-1, 3), axis=0)
    apart = np.abs(picture - colour).max(axis=2)
    other = np.count_nonzero(apart > _UNSEEN) / apart.size
    if other > 0.001:
        return ""
    gray = max(colour) - min(colour) <= _UNSEEN
    word = "black" if max(colour) <= _UNSEEN else "white" if min(colour) >= 255 - _UNSEEN else "gray"
    return f"{'almost' if other else 'all'} {word if gray else 'one colour'}"


def shrunk(picture: Plane, width: int, height: int) -> Plane:
    """The picture in at most this size, in its own proportions, each pixel the mean of what it covers."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    if scale >= 1:
        return picture
    size = (max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def to_bgr(frame: Frame) -> Plane:
    """A frame as 8-bit BGR, as its conversion gives it; what is transparent lies on a checked ground."""
    format = frame.format
    if format.pixel == "grayf32le":
        return cv2.cvtColor(_levels(frame.data), cv2.COLOR_GRAY2BGR)
    if format.pixel == "bgra":
        return _on_checks(frame.data)
    if format.pixel == "bgr24":
        return np.ascontiguousarray(frame.data)
    made = new_frame(format.as_pixel("bgr24"))
    _converter(format).convert(frame, made)
    return made.data


def scale_of(plane: Plane) -> tuple[float, float]:
    """Which numbers are shown as black and as white."""
    finite = plane[np.isfinite(plane)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    if low >= 0:
        return 0.0, max(high, 1.0) if high <= 1 else high
    most = max(-low, high)
    return -most, most


def _levels(plane: Plane) -> Plane:
    low, high = scale_of(plane)
    shown = np.nan_to_num((plane - low) * (255 / (high - low)), nan=0, posinf=255, neginf=0)
    return np.rint(np.clip(shown, 0, 255)).astype(np.uint8)


def _on_checks(picture: Plane) -> Plane:
    rows, columns = np.indices(picture.shape[:2])
    ground = np.where((rows // 8 + columns // 8) % 2, 112, 144)[..., None]
    alpha = picture[..., 3:].astype(np.float32) / 255
    return np.rint(picture[..., :3] * alpha + ground * (1 - alpha)).astype(np.uint8)


def jpeg(picture: Plane) -> bytes:
    """A picture for a glance."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()


def png(picture: Plane) -> bytes:
    """A picture with every bit, packed quickly rather than small."""
    _, data = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    return data.tobytes()
