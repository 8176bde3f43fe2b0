"""Chains of libavfilter's filters: read, built, and tried out on drawn frames."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final

import av.error
import av.filter
import av.logging
import numpy as np
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

from flowgraph.errors import did_you_mean
from flowgraph.frame import Format, Frame, new_frame
from flowgraph.media.picture import MATRIX_CODES, copy_into, filled, range_code

TICKS: Final = 1_000_000
"""Timestamps in a second, as AV_TIME_BASE."""
_TRIED: Final = 24
"""Frames that a chain is tried on: noise first, then one that stays."""
_SIZES: Final = ((320, 240), (1920, 1088))
_ENDS: Final = (av.error.BlockingIOError, av.error.EOFError)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial showed: how many frames a chain holds back, and the size of what it gives."""

    latency: int
    width: int
    height: int


def steps(text: str) -> list[tuple[str, str]]:
    """The filters of a chain with their options, read as libavfilter does: commas part, ' and \\ protect.

    Raises:
        ValueError: it is empty, has labels or several chains, or a filter that doesn't exist.
    """
    found: list[tuple[str, str]] = []
    for part in _parts(text):
        name, _, options = part.strip().partition("=")
        if name not in av.filter.filters_available:
            hint = did_you_mean(name, av.filter.filters_available)
            raise ValueError(
                f"libavfilter has no filter '{name}' here (PyAV's comes without those under the GPL); {hint}"
            )
        filter: Any = av.filter.Filter(name)  # PyAV's types leave the pads out
        # Filters with as many pads as their options say have none before those are known.
        if len(filter.inputs) != 1 or len(filter.outputs) != 1:
            raise ValueError(f"'{name}' doesn't have one input and one output")
        found.append((name, options))
    return found


def _parts(text: str) -> Iterator[str]:
    part, quoted, escaped = "", False, False
    for character in text:
        if escaped or (quoted and character != "'"):
            part, escaped = part + character, False
        elif character == "\\":
            escaped = True
        elif character == "'":
            quoted = not quoted
        elif character == ",":
            yield part
            part = ""
        elif character in "[];":
            raise ValueError(
                f"'{character}' makes labels or several chains; write one chain: 'gblur=3,negate'"
            )
        else:
            part += character
    if quoted or escaped:
        raise ValueError("a quote or an escape doesn't end")
    yield part


@contextmanager
def _listening() -> Generator[list[tuple[int, str, str]]]:
    """What libavfilter says is wrong on this thread, instead of on standard error."""
    before = av.logging.get_level()
    av.logging.set_level(av.logging.ERROR)
    try:
        with av.logging.Capture(local=True) as said:
            yield said
    finally:
        av.logging.set_level(before)


class Chain:
    """A configured chain. It takes frames of one format and gives frames of that pixel format."""

    def __init__(self, text: str, format: Format, rate: Fraction | None, held_back: int = 0) -> None:
        """Build and configure it; raises ValueError with what libavfilter says against it."""
        self.held_back = held_back
        """How many more frames it may take before it gives one."""
        self._finished = False
        self._graph = av.filter.Graph()
        self._graph.threads = 1
        self._last_pts = self._last_index = -1
        pixel, aspect = format.pixel, format.aspect
        # The numbers of colour matrix and range are those that frames carry.
        source = (
            f"video_size={format.width}x{format.height}:pix_fmt={pixel}:time_base=1/{TICKS}"
            f":pixel_aspect={aspect.numerator}/{aspect.denominator}"
            f":colorspace={MATRIX_CODES[format.matrix]}:range={range_code(format)}"
        )
        if rate is not None:
            source += f":frame_rate={rate.numerator}/{rate.denominator}"
        with _listening() as said:
            try:
                self._source = self._sink = self._graph.add("buffer", source)
                for name, options in (*steps(text), ("format", f"pix_fmts={pixel}"), ("buffersink", "")):
                    self._link(self._graph.add(name, options or None))
                self._graph.configure()
            except av.error.FFmpegError as error:
                words = said[0][2].strip() if said else error.strerror
                raise ValueError(f"libavfilter refuses '{text}' for {format}: {words}") from None

    def _link(self, following: FilterContext) -> None:
        self._sink.link_to(following)
        self._sink = following

    def push_new(self, window: tuple[Frame, ...]) -> None:
        """Give it those frames of a window that it hasn't had, and say when they were the last.

        The engine's first window of a node that holds frames back is a full one; at the end frames are
        repeated.
        """
        now, *past = window
        for frame in (*past, now):
            if frame.index > self._last_index:
                self.push(frame)
        if past and past[-1].index == now.index:
            self.finish()

    def push(self, frame: Frame) -> None:
        """Give it a copy of a frame."""
        picture = filled(frame)
        self._last_index = frame.index
        self._last_pts = max(self._last_pts + 1, round(frame.time * TICKS))
        picture.pts, picture.time_base = self._last_pts, Fraction(1, TICKS)
        self._source.push(picture)
        self.held_back -= 1

    def finish(self) -> None:
        """Say that no frame will follow, so that it gives what it holds back."""
        if not self._finished:
            self._finished = True
            self.held_back = -1
            self._source.push(None)

    def pull(self) -> VideoFrame | None:
        """The next picture that is done, if there is one."""
        try:
            made = self._sink.pull()
        except _ENDS:
            return None
        assert isinstance(made, VideoFrame)
        return made


@lru_cache(maxsize=64)
def tried(text: str, format: Format, rate: Fraction | None) -> Tried:
    """Run the chain on some frames.

    Raises:
        ValueError: libavfilter refuses it, or it doesn't give one frame for each.
    """
    chain, random = Chain(text, format, rate), np.random.default_rng(0)
    counts: list[int] = []
    late, step = 0, 1 / (rate or Fraction(25))
    size = (format.width, format.height)
    for number in range(_TRIED):
        frame = new_frame(format, number, number * step)
        for plane in frame.planes:
            plane[...] = random.integers(16, 236, plane.shape) if number < _TRIED // 2 else 100
        chain.push(frame)
        counts.append(0)
        while (made := chain.pull()) is not None:
            counts[-1] += 1
            late += abs((made.time or 0.0) - float((sum(counts) - 1) * step)) > float(step) / 2
            if counts[-1] > 1:
                break
            size = made.width, made.height
    latency = counts.index(1) if 1 in counts else _TRIED
    chain.finish()
    while sum(counts) <= _TRIED and chain.pull() is not None:
        counts[-1] += 1
    if counts != [0] * latency + [1] * (_TRIED - 1 - latency) + [1 + latency] or latency == _TRIED:
        raise ValueError(
            f"'{text}' doesn't give one frame for each that it takes (of {_TRIED} tried: {sum(counts)}); "
            "filters that drop, repeat or collect frames can't be used"
        )
    if late:
        raise ValueError(f"'{text}' gives its frames other times; that can't be used")
    return Tried(latency, *size)


@lru_cache(maxsize=64)
def latency_of(text: str, rate: Fraction | None) -> int:
    """How many frames a chain holds back; raises ValueError as `tried`."""
    small, large = (Format("yuv420p", *size) for size in _SIZES)
    try:
        return tried(text, small, rate).latency
    except ValueError:
        # A crop may need a larger picture.
        return tried(text, large, rate).latency


def write(made: VideoFrame, out: Frame) -> None:
    """Copy a picture out; raises ValueError where a chain changed its size on the way."""
    if (made.width, made.height) != (out.format.width, out.format.height):
        raise ValueError(f"the filter changed to {made.width}x{made.height}; it began as {out.format}")
    copy_into(made, out)
