"""Setting an encoder up: its time base, colours and options, and the format that goes into it."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

import av.logging
from av.container.output import OutputContainer
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from flowgraph.errors import GraphError
from flowgraph.frame import Format
from flowgraph.media.codecs import Target
from flowgraph.media.muxer import FRAGMENTED
from flowgraph.media.picture import MATRIX_CODES, range_code

_GRIDS = ("avi", "yuv4mpegpipe")
"""Containers whose frames lie on the grid of the frame rate."""

_FINE = 90_000
"""Ticks a second that any time can be rounded to without being seen."""

_LAMBDA = 118
"""FF_QP2LAMBDA: the scale of an encoder's fixed quantiser."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """Which sound the user wants."""

    wanted: str = "auto"
    """auto, none, or copy."""
    path: str = ""
    """The file that it is taken from; empty for the source's own."""
    ahead_s: Fraction = Fraction(0)
    """Seconds that this file's sound is ahead of the pictures."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the user wants video to be encoded."""

    quality: float | None = None
    preset: str = ""
    rate: Fraction | None = None
    sound: Sounding = Sounding()
    options: Mapping[str, str | int | float] = field(default_factory=dict[str, str | int | float])


def open_encoder(
    container: OutputContainer,
    target: Target,
    pixel: str,
    encoding: Encoding,
    format: Format,
    rate: Fraction | None,
) -> VideoStream:
    """Add a video stream to a container and open its encoder.

    Args:
        container: not yet started.
        target: container and codec.
        pixel: FFmpeg's name of the pixel format that is encoded.
        encoding: what the user asked for.
        format: size and colours of what is encoded.
        rate: frames a second, where known.

    Raises:
        GraphError: the container can't hold the codec, or the encoder refuses size or options.
    """
    steady = rate or Fraction(25)
    try:
        stream = container.add_stream(target.codec.encoder, steady.limit_denominator(65535))
    except ValueError as error:
        raise GraphError(f"{target.container} files can't hold {target.name}") from error
    assert isinstance(stream, VideoStream)
    context = stream.codec_context
    stream.width, stream.height, stream.pix_fmt = format.width, format.height, pixel
    context.time_base = _tick(target, steady)
    context.sample_aspect_ratio = format.aspect
    context.colorspace, context.color_range = MATRIX_CODES[format.matrix], range_code(format)
    context.color_primaries, context.color_trc = format.primaries, format.transfer
    context.thread_type = "AUTO"
    tag = "XVID" if (target.name, target.container) == ("mpeg4", "avi") else target.codec.tag
    if tag:
        context.codec_tag = tag
    context.options.update(_options(target, encoding, rate))
    _open(context, target)
    unknown = [name for name in encoding.options if name in context.options]
    if unknown:
        raise GraphError(f"the encoder {target.codec.encoder} has no option '{unknown[0]}'")
    return stream


def _open(context: VideoCodecContext, target: Target) -> None:
    if target.name == "av1":
        os.environ.setdefault("SVT_LOG", "1")  # it prints its settings otherwise
    level = av.logging.get_level()
    with av.logging.Capture() as log:
        av.logging.set_level(av.logging.ERROR)
        try:
            context.open()
        except FFmpegError as error:
            said = "; ".join(dict.fromkeys(text.strip() for _, _, text in log)) or str(error.strerror)
            raise GraphError(f"{target.name} can't be encoded like this: {said}") from error
        finally:
            av.logging.set_level(level)


def _options(target: Target, asked: Encoding, rate: Fraction | None) -> dict[str, str]:
    codec = target.codec
    options = dict(codec.options)
    quality = codec.quality if asked.quality is None else asked.quality
    if codec.knob == "qscale" and quality is not None:
        options |= {"flags": "+qscale", "global_quality": str(round(quality * _LAMBDA))}
    elif codec.knob and quality is not None:
        options[codec.knob] = f"{quality:g}"
    if rate is None and target.container in FRAGMENTED:
        # A first fragment of one frame that others are predicted back to would lose the last one.
        options["bf"] = "0"
    if asked.preset:
        options["preset"] = asked.preset
    return options | {name: str(value) for name, value in asked.options.items()}


def _tick(target: Target, rate: Fraction) -> Fraction:
    """The encoder's time base: fine, and a divisor of the time between two frames."""
    most, top = target.codec.ticks, rate.numerator
    if target.container in _GRIDS:
        return 1 / rate
    if most in (100, 1000):
        return Fraction(1, most)
    if top > most or top > _FINE * 10:
        return Fraction(1, min(_FINE, most))
    return Fraction(1, top * max(1, min(math.ceil(_FINE / top), most // top)))


def written_format(format: Format, target: Target, pixel: str) -> Format:
    """The format that goes into the encoder: its pixel format, a size that it takes, colours that survive.

    Raises:
        GraphError: the picture is too small for the codec.
    """
    written = format.as_pixel({"rgb24": "bgr24", "pal8": "bgr24"}.get(pixel, pixel))
    if target.name == "mjpeg":
        written = replace(written, range="full", matrix="bt601")
    elif not target.carries_colour:
        # What doesn't say its matrix is taken for BT.601.
        known = written.matrix in ("unspecified", "bt601")
        tells_range = target.container == "yuv4mpegpipe"
        range = written.range if tells_range else "limited"
        written = replace(written, matrix=written.matrix if known else "bt601", range=range)
    if not target.codec.even:
        return written
    across = max(x for _, x, _ in written.layout.planes)
    down = max(y for _, _, y in written.layout.planes)
    width, height = written.width >> across << across, written.height >> down << down
    if not width or not height:
        raise GraphError(f"{target.name} can't encode {written.width}x{written.height} in {pixel}")
    return written.resized(width, height)
