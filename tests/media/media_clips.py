"""Makes, reads and writes tiny clips for the tests of the media layer."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import av
import numpy as np
from av.video.stream import VideoStream

from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.library import node_type
from flowgraph.media.convert import converter
from flowgraph.node import Limits, Sink, SinkInfo, Source, SourceInfo, Writer

ALL = Limits()


def source(path: Path | str, **params: Any) -> Source:
    """A source node."""
    node = node_type("source").model_validate({"path": path} | params)
    assert isinstance(node, Source)
    return node


def drawn(size: str = "96x64", length: int | str = 10, **params: Any) -> Source:
    """A source that draws."""
    node = node_type("testsrc").model_validate({"size": size, "length": length} | params)
    assert isinstance(node, Source)
    return node


def frames_of(node: Source, limits: Limits = ALL) -> list[Frame]:
    """All frames of a source."""
    reader = node.open(node.probe(limits), limits)
    found: list[Frame] = []
    while (frame := reader.read()) is not None:
        found.append(frame)
    reader.close()
    return found


def read(path: Path | str, **params: Any) -> list[Frame]:
    """All frames of a file."""
    return frames_of(source(path, **params))


def bgr(frame: Frame) -> Plane:
    """The picture of a frame as bgr24."""
    out = new_frame(frame.format.as_pixel("bgr24"))
    converter(frame.format, out.format).convert(frame, out)
    return out.data


def info_for(sink: Sink, info: SourceInfo, **changes: Any) -> SinkInfo:
    """What an engine tells a sink that writes a source as it is."""
    format = info.format.as_pixel(sink.convert_to(info.format))
    return replace(SinkInfo(format, info.rate, info.still, info, own_clock=True, limits=ALL), **changes)


def sink(path: Path | str, **params: Any) -> Sink:
    """A sink node, checked as the loader does."""
    node = node_type("sink").model_validate({"path": path} | params)
    assert isinstance(node, Sink)
    node.check()
    return node


def feed(writer: Writer, node: Source, format: Format, limits: Limits = ALL) -> None:
    """Hand all frames of a source to a writer, converted to what it takes."""
    reader = node.open(node.probe(limits), limits)
    while (frame := reader.read()) is not None:
        if not frame.format.fits(format):
            out = new_frame(format)
            converter(frame.format, format).convert(frame, out)
            frame = out.at(frame)
        writer.write(frame)
    reader.close()


def write(path: Path | str, node: Source | None = None, limits: Limits = ALL, **params: Any) -> str:
    """Write a source (a drawn one unless given) to a file; returns the sink's closing line."""
    node = node or drawn()
    out = sink(path, **params)
    info = info_for(out, node.probe(limits), limits=limits)
    writer = out.open(info)
    feed(writer, node, info.format, limits)
    return writer.close()


def encode(
    path: Path,
    pixel: str = "yuv420p",
    size: tuple[int, int] = (96, 64),
    times: tuple[int, ...] = tuple(range(10)),
    codec: str = "libx264",
    context: Mapping[str, Any] = MappingProxyType({}),
) -> Path:
    """A clip of smooth noise made with PyAV alone: `times` in units of 1/25 s, `context` set on the codec."""
    random = np.random.default_rng(3)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, 25)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = *size, pixel
        stream.codec_context.time_base = Fraction(1, 25)
        for name, value in context.items():
            setattr(stream.codec_context, name, value)
        for time in times:
            small = random.integers(40, 200, (4, 6, 3), dtype=np.uint8)
            picture = av.VideoFrame.from_ndarray(small, "bgr24").reformat(*size, pixel)
            picture.pts, picture.time_base = time, Fraction(1, 25)
            for name in ("colorspace", "color_range", "color_trc", "color_primaries"):
                if name in context:
                    setattr(picture, name, context[name])
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def ffmpeg(*arguments: object, input: bytes | None = None) -> bytes:
    """Run ffmpeg; returns its standard output."""
    command = ["ffmpeg", "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, input=input, capture_output=True, check=True).stdout


def noise(format: Format, seed: int = 0) -> Frame:
    """A frame of smooth noise within the range of limited video."""
    random = np.random.default_rng(seed)
    frame = new_frame(format)
    for plane in frame.planes:
        rough = random.integers(16, 236, plane.shape).astype(np.float64)
        soft = sum(np.roll(rough, (dy, dx), (0, 1)) for dy in range(3) for dx in range(3)) / 9
        plane[...] = soft
    return frame
