"""From what a decoder gives to a format of the engine: fewer bits, other packing, rotation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import cv2
import numpy as np
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from flowgraph.errors import GraphError
from flowgraph.frame import PIXEL_FORMATS, Format, Plane
from flowgraph.media.picture import BICUBIC, FULL, MATRICES, planes_of, scaled

_HDR = {16: "PQ", 18: "HLG"}
_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, -90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180}


@cache
def nearest(native: str) -> tuple[str, str]:
    """The engine's pixel format for one of FFmpeg's, and what is lost on the way ("" where nothing is)."""
    name = native.replace("yuvj", "yuv")
    if name in PIXEL_FORMATS:
        return name, ""
    layout = VideoFormat(native, 16, 16)
    parts = layout.components
    bits = max(part.bits for part in parts)
    alpha = any(part.is_alpha for part in parts)
    lost = [f"{bits} bits become 8"] if bits > 8 else []
    if layout.is_rgb or layout.has_palette or layout.is_bayer:
        return ("bgra" if alpha or layout.has_palette else "bgr24"), ", ".join(lost)
    if alpha:
        lost.append("transparency is dropped")
    if sum(not part.is_alpha for part in parts) == 1:
        return "gray", ", ".join(lost)
    sub = ((16 // parts[1].width).bit_length() - 1, (16 // parts[1].height).bit_length() - 1)
    fits = (f.name for f in PIXEL_FORMATS.values() if f.family == "yuv" and f.planes[1][1:] == sub)
    return next(fits, "yuv444p"), ", ".join(lost)


@dataclass(frozen=True, slots=True)
class Native:
    """What a decoder gives and what becomes of it."""

    name: str
    width: int
    height: int
    upright: Format
    """The format before rotation."""
    turn: int = 0
    """Degrees counterclockwise: 0, 90, -90 or 180."""
    lost: str = ""

    @property
    def format(self) -> Format:
        """The format that the reader delivers."""
        if self.turn not in (90, -90):
            return self.upright
        format = self.upright.resized(self.upright.height, self.upright.width)
        swapped = {"yuv422p": "yuv440p", "yuv440p": "yuv422p"}.get(format.pixel, format.pixel)
        return replace(format, pixel=swapped, aspect=1 / format.aspect)

    def matches(self, picture: VideoFrame) -> bool:
        """Whether a decoded picture needs no conversion but rotation."""
        same = (picture.format.name, picture.width, picture.height) == (self.name, self.width, self.height)
        return same and self.name.replace("yuvj", "yuv") == self.upright.pixel

    def changed(self, picture: VideoFrame) -> bool:
        """Whether a picture differs in size or pixel format from the first one."""
        return (picture.format.name, picture.width, picture.height) != (self.name, self.width, self.height)

    def planes(self, picture: VideoFrame, scaler: VideoReformatter) -> tuple[tuple[Plane, ...], VideoFrame]:
        """The planes of a decoded picture in the delivered format, and the PyAV frame that holds them."""
        if not self.matches(picture):
            picture = scaled(scaler, picture, self.upright, BICUBIC)
        planes = planes_of(picture)
        if self.turn:
            planes = tuple(np.asarray(cv2.rotate(plane, _TURNS[self.turn])) for plane in planes)
        for plane in planes:
            plane.flags.writeable = False
        return planes, picture


def describe(picture: VideoFrame, aspect: Fraction | None, rgb: str, file: str) -> Native:
    """Read size, colours and rotation off the first picture.

    Raises:
        GraphError: the video is HDR, which has no faithful 8-bit picture.
    """
    if picture.color_trc in _HDR:
        raise GraphError(
            f"{file} is HDR video ({_HDR[picture.color_trc]}), which is not supported",
            hint="tone-map it first: ffmpeg -i in -vf zscale=t=linear,tonemap=hable,zscale=t=bt709 out",
        )
    name = picture.format.name
    pixel, lost = nearest(name)
    turn = round(picture.rotation / 90) * 90
    turn = 180 if turn == -180 else turn
    if pixel == "yuv411p" and turn in (90, -90):
        pixel = "yuv444p"  # its columns of chroma would become rows, which no format has
    full = "yuvj" in name or picture.color_range == FULL
    upright = Format(
        pixel,
        picture.width,
        picture.height,
        matrix=MATRICES.get(picture.colorspace, "unspecified"),
        range="full" if full else "limited",
        rgb="accurate" if rgb == "accurate" else "fast",
        primaries=picture.color_primaries,
        transfer=picture.color_trc,
        aspect=aspect or Fraction(1),
    )
    return Native(name, picture.width, picture.height, upright, turn, lost)
