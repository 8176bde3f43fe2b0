"""The node type `testsrc`."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal

from pydantic import Field, field_validator

from flowgraph.frame import Format
from flowgraph.media.drawing import KEY_EVERY, Drawing, drawing_bytes
from flowgraph.media.request import exact_rate, spoken
from flowgraph.node import Limits, Output, Reader, Source, SourceInfo
from flowgraph.units import Duration


class Drawn(Source):
    """Draw a moving picture, the same bit for bit on every machine for the same parameters.

    Scenes: `shapes` has a figure over a textured ground, fine lines, number and time; `stage` a studio, empty
    at first, and a dancer who crosses it; `spotlight` the same dance on a dark stage; `flag` a flag
    before the sky; `call` a room where somebody sits down, waves, and then only breathes.
    """

    size: str = Field("640x360", pattern=r"^[1-9][0-9]*x[1-9][0-9]*$", description="width x height in pixels")
    rate: float = Field(25, gt=0, le=1000, description="frames a second")
    length: Duration = Field(Duration(0, Fraction(10)), description="frames or time")
    scene: Literal["shapes", "stage", "spotlight", "flag", "call"] = Field(
        "shapes", description="what is drawn"
    )
    seed: int = Field(0, ge=0, description="another number gives another picture")
    format: Literal["yuv420p", "bgr24"] = Field("yuv420p", description="pixel format that is drawn")
    rgb: Literal["fast", "accurate"] = Field(
        "fast", description="how YUV becomes RGB: as OpenCV does it, or as ffmpeg's filters do"
    )
    keyframes: bool = Field(False, description="only key frames: each twelfth")
    every: int = Field(1, ge=1, description="only each n-th frame")

    image = Output("bgr24")

    main = "length"
    example = "video: {type: testsrc, size: 640x360, length: 10s}"

    @field_validator("size")
    @classmethod
    def _bounded(cls, value: str) -> str:
        width, height = map(int, value.split("x"))
        if not (16 <= width <= 16384 and 16 <= height <= 16384):
            raise ValueError(f"a size is 16x16 to 16384x16384, got {value}")
        return value

    def pinned(self) -> str:
        """The engine may convert from what is drawn."""
        return ""

    def probe(self, limits: Limits) -> SourceInfo:
        """All is known beforehand."""
        rate = exact_rate(self.rate)
        width, height = map(int, self.size.split("x"))
        seconds = spoken(self.length.frames(rate) / rate)
        format = Format(self.format, width, height, rgb=self.rgb)
        return SourceInfo(
            format=format,
            clock=("testsrc", rate, self.length, self.keyframes, self.every, limits),
            content=(self.scene, self.seed),
            rate=rate / (self.every * (KEY_EVERY if self.keyframes else 1)),
            frames=len(self._numbers(limits, rate)),
            exact=True,
            held=1,
            codec_bytes=drawing_bytes(format),
            describe=f"drawn, {self.size}, {float(rate):.6g} frames/s, {seconds}",
        )

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        """Start drawing."""
        rate = exact_rate(self.rate)
        return Drawing(info.format, self.seed, rate, self._numbers(limits, rate), self.scene)

    def _numbers(self, limits: Limits, rate: Fraction) -> range:
        """Which pictures are drawn."""
        step = KEY_EVERY if self.keyframes else 1
        first = math.ceil(math.ceil((limits.start_s or 0) * rate) / step) * step
        stop = self.length.frames(rate)
        if limits.stop_s is not None:
            stop = min(stop, math.ceil(limits.stop_s * rate))
        return range(first, max(first, stop), step * self.every)[: limits.frames]
