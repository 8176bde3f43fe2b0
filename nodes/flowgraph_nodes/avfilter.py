"""Filters of FFmpeg."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from pydantic import Field, field_validator

from flowgraph.frame import Format, Frame
from flowgraph.media.picture import picture_bytes
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._avfilter import Chain, latency_of, steps, tried, write


class Avfilter(Node):
    """Run a filter of FFmpeg's libavfilter, or a chain of them: any that gives one frame for each it takes.

    The chain is tried on drawn frames before the run: that shows the size of its result and how many frames
    it holds back; one that drops, repeats or collects frames is refused. It gets the pixel format of its
    input, and libavfilter converts where a filter wants another. What a filter keeps in memory nobody can
    know beforehand: the plan counts an estimate of two dozen frames, and says so. PyAV's FFmpeg comes
    without filters under the GPL (hqdn3d, eq).
    """

    filter: str = Field(min_length=1, description="name=options, several parted by commas, as for ffmpeg -vf")

    image = Input("yuv420p", "bgr24", "gray", "yuv444p", "yuv422p", "yuv440p", "yuv411p", "gbrp")
    filtered = Output(like=image)

    main: ClassVar[str] = "filter"
    example: ClassVar[str] = "calm: {type: avfilter, in: video, filter: 'atadenoise=0a=0.1,unsharp'}"

    @field_validator("filter")
    @classmethod
    def _known(cls, text: str) -> str:
        """Refuse what is no chain of filters of one input and one output."""
        steps(text)
        return text

    def latency(self, rate: Fraction | None) -> int:
        """As many frames as the chain was seen to hold back."""
        return latency_of(self.filter, rate)

    def history(self, port: str, rate: Fraction | None) -> int:
        """Back to the frame whose place the newest one takes."""
        return latency_of(self.filter, rate)

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The size that the trial gave."""
        image = formats["image"]
        found = tried(self.filter, image, formats.rate)
        if found.latency != latency_of(self.filter, formats.rate):
            raise ValueError(f"'{self.filter}' holds back another number of frames for pictures of {image}")
        return {"filtered": image.resized(found.width, found.height)}

    def state_bytes(self, formats: Formats) -> int:
        """An estimate: two dozen frames, and as many as are held back."""
        frames = 24 + 2 * latency_of(self.filter, formats.rate)
        largest = max(picture_bytes(formats[port]) for port in ("image", "filtered"))
        return frames * largest + (1 << 20)

    def notes(self, formats: Formats) -> tuple[str, ...]:
        """That the state is an estimate."""
        estimate = self.state_bytes(formats) / 2**20
        return (
            f"what '{self.filter}' keeps in libavfilter can't be known beforehand: the {estimate:.1f} MiB"
            " counted for it are an estimate, and the run may take more",
        )

    def start(self, formats: Formats) -> Chain:
        """The configured chain, which may hold back as many frames as it did when it was tried."""
        latency = latency_of(self.filter, formats.rate)
        return Chain(self.filter, formats["image"], formats.rate, latency)

    def process(self, state: Chain, image: tuple[Frame, ...] | Frame, filtered: Frame) -> None:
        """Give it the newest frame, take what is done."""
        state.push_new((image,) if isinstance(image, Frame) else image)
        made = state.pull()
        if made is not None:
            write(made, filtered)
        elif state.held_back < 0:
            raise ValueError(f"'{self.filter}' gave no frame, though it did when it was tried")
