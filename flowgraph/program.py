"""The bases of the nodes that stand for a program's own frames: `input` and `output`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.frame import PIXEL_FORMATS, Format, Matrix, Range
from flowgraph.media.request import exact_rate
from flowgraph.node import Formats, Input, Limits, Output, Reader, Sink, SinkInfo, Source, SourceInfo, Writer

AS_IT_IS = ("auto", "native")
HOW = "flowgraph.load(FILE).session() gives it frames"

Pixels = Literal["gray", "gray16le", "grayf32le", "bgr24", "bgra", "gbrp", "yuv420p", "yuv422p", "yuv444p"]


class Picture(Sink):
    """Base of sinks for frames in a pixel format of the reader's choice.

    `auto` keeps gray, bgr24, bgra and numbers as they are and makes bgr24 of all else, so that a frame is one
    array; `native` takes what the engine computes in, which may be planes of YUV.
    """

    format: str = Field("auto", description="auto: gray, bgr24 or bgra; native: any; or a pixel format")

    image = Input()

    def check(self) -> None:
        """Know the pixel format."""
        known = (*AS_IT_IS, *PIXEL_FORMATS)
        if self.format not in known:
            near = did_you_mean(self.format, known) or f"there are: {', '.join(known)}"
            raise ValueError(f"there is no pixel format '{self.format}'; {near}")

    def convert_to(self, format: Format) -> str:
        """What was asked for."""
        if self.format == "native" or format.family == "data":
            return format.pixel
        if self.format != "auto":
            return self.format
        return format.pixel if format.family == "gray" or format.pixel == "bgra" else "bgr24"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Nothing comes out; refuses numbers where pictures were asked for."""
        if formats["image"].family == "data" and self.format not in (*AS_IT_IS, "table"):
            raise ValueError(f"it makes a {formats['image']} and no picture in {self.format}")
        return {}

    def writer_bytes(self, format: Format) -> int:
        """Nothing: frames are handed on as they are."""
        return 0


class ProgramSink(Picture):
    """Base of `output`: frames that a program takes. Without a program to take them it can't be opened."""

    def open(self, info: SinkInfo) -> Writer:
        """Refuse: nobody takes the frames."""
        raise GraphError(
            "no program takes its frames", hint=f"{HOW} and takes them, or Graph.open reads them"
        )


class ProgramSource(Source):
    """Base of `input`: frames that a program gives, all inputs of a graph together, frame by frame."""

    size: str = Field(
        "", pattern="^([1-9][0-9]*x[1-9][0-9]*)?$", description="width x height; may be left to the program"
    )
    format: Pixels = Field("bgr24", description="pixel format of the frames")
    rate: float = Field(25, gt=0, le=1000, description="frames a second, for frames that come without a time")
    matrix: Matrix = Field("unspecified", description="of YUV: the colour matrix")
    range: Range = Field("limited", description="of YUV: the range of the samples")

    image = Output("bgr24")

    given = True

    def probe(self, limits: Limits) -> SourceInfo:
        """What was said about the frames is all there is to know."""
        if not self.size:
            raise GraphError(
                "nobody said how large the frames of the program are",
                hint="write size: WIDTHxHEIGHT, or give the session a format or a first frame",
            )
        width, height = map(int, self.size.split("x"))
        rate = exact_rate(self.rate)
        return SourceInfo(
            format=Format(self.format, width, height, self.matrix, self.range),
            clock=("program", rate),
            rate=rate,
            live=True,
            rereadable=False,
            describe=f"given by the program, {self.format} {self.size}",
        )

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        """Refuse: there is no program."""
        raise GraphError("no program gives it frames", hint=HOW)
