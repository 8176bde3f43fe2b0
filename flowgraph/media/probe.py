"""Finding out what a medium is, and opening it for reading."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from fractions import Fraction

from flowgraph.errors import GraphError
from flowgraph.media import waiting
from flowgraph.media.decode import VideoReader
from flowgraph.media.decoder import Decoder
from flowgraph.media.images import ImageReader, probe_images
from flowgraph.media.native import Native, describe
from flowgraph.media.picture import picture_bytes
from flowgraph.media.request import Cut, Request, clock_of, cut, spoken
from flowgraph.media.whole import missing_bytes
from flowgraph.node import Limits, Reader, SourceInfo

_RAW = (".raw", ".yuv", ".rgb")

_REFERENCES = {"h264": 7, "hevc": 8, "vp9": 6, "libdav1d": 18, "vp8": 4}
"""Pictures that a decoder keeps for itself, fitted to the resident memory of bare decoding; 3 for others."""


def probe(request: Request, limits: Limits) -> SourceInfo:
    """Open a medium and find out what it is.

    Raises:
        GraphError: it isn't there, isn't a video, or can't be read; the message names it.
    """
    location = request.location
    key = clock_of(request, location, limits)
    stretch = cut(request, limits)
    if location.kind in ("image", "sequence"):
        return probe_images(request, location, stretch, key)
    info = waiting.known((key, request.threads))
    if info is not None:
        return replace(info, format=replace(info.format, rgb=request.rgb))
    decoder = Decoder(location, keyframes=request.keyframes, threads=request.threads)
    try:
        info = _probe_video(decoder, request, stretch, key)
    except BaseException:
        decoder.close()
        raise
    waiting.keep((key, request.threads), decoder, info)
    return info


def open_reader(request: Request, info: SourceInfo, limits: Limits) -> Reader:
    """Open a medium that was probed, for reading from its start.

    Raises:
        GraphError: it is gone, or is no longer what it was.
    """
    location = request.location
    stretch = cut(request, limits)
    if location.kind in ("image", "sequence"):
        return ImageReader(location, info.format, stretch, info.rate)
    decoder = waiting.take((clock_of(request, location, limits), request.threads))
    if decoder is None:
        decoder = Decoder(location, keyframes=request.keyframes, threads=request.threads)
    native = _native(decoder, request)
    if not native.format.fits(info.format):
        decoder.close()
        raise GraphError(f"{request.path} has changed since it was looked at")
    return VideoReader(decoder, native, stretch, decoder.stream.guessed_rate, request.rate)


def _native(decoder: Decoder, request: Request) -> Native:
    first = decoder.peek()
    if first is None:
        hint = ""
        if decoder.stream.codec_context.name == "webp":
            hint = "animated WebP can be written but not read; use gif, apng or a video"
        elif decoder.location.kind == "pipe":
            hint = "a file whose index is at its end, such as most mp4, can't come through a pipe"
        elif decoder.location.name.endswith(_RAW):
            hint = "pictures without a header need the source's parameter raw: bgr24 640x360"
        raise GraphError(f"no picture of {decoder.location.title} can be decoded", hint=hint)
    return describe(first, decoder.stream.sample_aspect_ratio, request.rgb, decoder.location.title)


def _probe_video(decoder: Decoder, request: Request, stretch: Cut, key: Hashable) -> SourceInfo:
    location, stream = decoder.location, decoder.stream
    native = _native(decoder, request)
    guessed = request.rate or stream.guessed_rate or stream.average_rate
    count = _frames(decoder, guessed)
    many = stretch.length(decoder.keys, None) if request.keyframes else stretch.length(count, guessed)
    exact = stream.frames > 0 and "mp4" in decoder.container.format.name
    if stretch.frames is not None and (many is None or stretch.frames <= many):
        many, exact = stretch.frames, True
    return SourceInfo(
        format=native.format,
        clock=key,
        rate=None if request.keyframes or guessed is None else guessed / request.every,
        frames=many,
        exact=exact and many is not None,
        live=location.live,
        rereadable=location.rereadable,
        held=2 if native.turn else 1,
        codec_bytes=_decoder_bytes(decoder, native, request.threads),
        describe=_line(decoder, native, guessed, count or None),
        notes=_notes(decoder, native),
        path=location.path,
        audio=location.path is not None and request.rate is None and bool(decoder.container.streams.audio),
    )


def _frames(decoder: Decoder, rate: Fraction | None) -> int | None:
    """How many frames the medium has, as far as its headers say."""
    stream = decoder.stream
    if stream.frames > 0:
        return stream.frames
    if rate is None:
        return None
    if stream.duration is not None and stream.time_base is not None:
        return round(stream.duration * stream.time_base * rate)
    duration = decoder.container.duration
    return round(Fraction(duration, 1_000_000) * rate) if duration is not None and duration > 0 else None


def _notes(decoder: Decoder, native: Native) -> tuple[str, ...]:
    notes: list[str] = []
    if native.lost:
        notes.append(f"{native.name} is read as {native.format.pixel}: {native.lost}")
    if native.turn:
        notes.append(f"rotated by {-native.turn % 360} degrees, as the file asks")
    path = decoder.location.path
    if path is not None and (lacking := missing_bytes(path)):
        notes.append(f"{path} is cut short: {lacking:,} bytes are missing at its end")
    return tuple(notes)


def _decoder_bytes(decoder: Decoder, native: Native, threads: int) -> int:
    """References, pictures that wait for their turn, one a thread, and each thread's packets and tables."""
    context = decoder.stream.codec_context
    pictures = _REFERENCES.get(context.name, 3) + context.reorder_depth + threads
    return pictures * picture_bytes(native.upright) + threads * 1_000_000


def _line(decoder: Decoder, native: Native, rate: Fraction | None, frames: int | None) -> str:
    parts = [decoder.stream.codec_context.name, f"{native.format.width}x{native.format.height}"]
    if rate is not None:
        parts.append(f"{float(rate):.6g} frames/s")
        parts += [spoken(frames / rate)] if frames is not None else []
    return ", ".join(parts)
