"""The node type `source`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from flowgraph.machine import cores
from flowgraph.media.location import RawVideo
from flowgraph.media.probe import open_reader, probe
from flowgraph.media.request import FilePath, Request, exact_rate
from flowgraph.node import Limits, Output, Reader, Source, SourceInfo
from flowgraph.units import Duration


def _raw_text(text: str) -> str:
    if text:
        RawVideo.parse(text)
    return text


class Read(Source):
    """Read frames from a video file, an image, a sequence of images, a camera or a network stream.

    A path with `*` or `%03d` is a sequence of images; `-` is standard input; cameras and streams go by the
    names of FFmpeg: `v4l2:/dev/video0`, `rtsp://camera`. Rotation, matrix and range are those of the file.
    """

    path: FilePath = Field(min_length=1, description="what to read", json_schema_extra={"format": "path"})
    format: Literal["auto", "gray", "bgr24", "gbrp", "bgra", "yuv420p", "yuv422p", "yuv444p"] = Field(
        "auto", description="pixel format of the frames; auto lets the engine choose the cheapest"
    )
    rgb: Literal["fast", "accurate"] = Field(
        "fast", description="how YUV becomes RGB: as OpenCV does it, or as ffmpeg's filters do"
    )
    keyframes: bool = Field(False, description="only key frames; the others are not even decoded")
    start: Duration | None = Field(None, description="skip what comes before: frames or time")
    stop: Duration | None = Field(None, description="end before this frame or time")
    every: int = Field(1, ge=1, description="only each n-th frame of what is left")
    rate: float | None = Field(
        None, gt=0, description="frames a second of a sequence (25), or to replace those of the file"
    )
    raw: Annotated[str, AfterValidator(_raw_text)] = Field(
        "", description="for pictures without a header: their pixel format and size, as bgr24 640x360"
    )
    threads: int = Field(
        0, ge=0, le=64, description="threads of the decoder; 0 is four more than there are cores, at most 12"
    )

    image = Output("bgr24")

    main = "path"
    example = "video: {type: source, path: clip.mp4, start: 0:10, stop: 0:20}"

    def pinned(self) -> str:
        """The pixel format that the graph asks for; "" where the engine may choose."""
        return "" if self.format == "auto" else self.format

    def probe(self, limits: Limits) -> SourceInfo:
        """Open the medium and find out what it is."""
        return probe(self._request(), limits)

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        """Open the medium for reading from its start."""
        return open_reader(self._request(), info, limits)

    def _request(self) -> Request:
        rate = None if self.rate is None else exact_rate(self.rate)
        cut = (self.start, self.stop, self.every)
        raw = RawVideo.parse(self.raw) if self.raw else None
        # Each decodes a picture, and often waits for rows of the one that it refers to.
        threads = self.threads or min(cores() + 4, 12)
        return Request(self.path, self.rgb, self.keyframes, *cut, rate, threads, raw)
