"""What is asked of a source: where it is, which of its frames, and in which colours."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator

from flowgraph.errors import GraphError
from flowgraph.media.location import Location, RawVideo, locate
from flowgraph.node import Limits
from flowgraph.units import Duration


@dataclass(frozen=True, slots=True)
class Request:
    """The parameters of a source node that decide which frames it delivers."""

    path: str
    rgb: Literal["fast", "accurate"] = "fast"
    keyframes: bool = False
    start: Duration | None = None
    stop: Duration | None = None
    every: int = 1
    rate: Fraction | None = None
    threads: int = 2
    raw: RawVideo | None = None

    @property
    def location(self) -> Location:
        """Where it is."""
        return locate(self.path) if self.raw is None else self.raw.location(self.path, self.rate)


@dataclass(frozen=True, slots=True)
class Cut:
    """Which frames of a medium are delivered: those from start to stop, each n-th of them, so many.

    Frames count from 0 and seconds from the medium's start; both kinds of limit hold together.
    """

    start: int = 0
    stop: int | None = None
    start_s: Fraction = Fraction(0)
    stop_s: Fraction | None = None
    every: int = 1
    frames: int | None = None

    def length(self, frames: int | None, rate: Fraction | None) -> int | None:
        """How many frames of a medium of `frames` are delivered, or about that."""
        first, end = self.start, [n for n in (self.stop, frames) if n is not None]
        if rate is not None:
            first = max(first, -int(-self.start_s * rate // 1))
            end += [] if self.stop_s is None else [-int(-self.stop_s * rate // 1)]
        count = -(-max(0, min(end) - first) // self.every) if end else None
        return min((n for n in (count, self.frames) if n is not None), default=None)


def cut(request: Request, limits: Limits) -> Cut:
    """Join what the node asks with what the caller of the run asks.

    Raises:
        GraphError: the stretch ends before it starts.
    """
    start, stop = request.start or Duration(), request.stop
    starts = [s for s in (start.seconds, limits.start_s) if s is not None]
    stops = [s for s in (stop.seconds if stop else None, limits.stop_s) if s is not None]
    found = Cut(
        start=start.count,
        stop=stop.count if stop and stop.seconds is None else None,
        start_s=max(starts, default=Fraction(0)),
        stop_s=min(stops, default=None),
        every=request.every,
        frames=limits.frames,
    )
    empty = found.stop is not None and found.stop <= found.start
    if empty or (found.stop_s is not None and found.stop_s <= found.start_s):
        raise GraphError(f"no frame of {request.path} lies between the start and the stop that were given")
    return found


def clock_of(request: Request, location: Location, limits: Limits) -> Hashable:
    """What makes two sources deliver the same frame indexes and times."""
    name = str(location.path.resolve()) if location.path else location.name
    if location.kind == "sequence":
        name = str(Path(name).absolute())
    which = (request.keyframes, request.start, request.stop, request.every, request.rate, request.raw)
    return ("medium", location.kind, name, which, limits)


def path_text(value: object) -> object:
    """A path as text, for parameters that take addresses too."""
    return str(value) if isinstance(value, Path) else value


FilePath = Annotated[str, BeforeValidator(path_text)]
"""A parameter that takes such a path."""


def exact_rate(value: float) -> Fraction:
    """The frame rate that a number stands for: 29.97 is 30000/1001, 23.976 is 24000/1001."""
    film = Fraction(round(value * 1.001) * 1000, 1001)
    return film if abs(float(film) - value) < 0.004 and value % 1 else Fraction(value).limit_denominator(1001)


def spoken(seconds: Fraction) -> str:
    """A time for people: 0:03.2, 1:02:03.0."""
    tenths = round(seconds * 10)
    hours, rest = divmod(tenths, 36000)
    minutes, rest = divmod(rest, 600)
    tail = f"{rest // 10:02d}.{rest % 10}"
    return f"{hours}:{minutes:02d}:{tail}" if hours else f"{minutes}:{tail}"
