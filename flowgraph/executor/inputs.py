"""What a node is given: how a token's slots become frames, windows and stills."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import get_ident
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from flowgraph.executor.control import Reporter
from flowgraph.frame import EMPTY, Format, Frame, Plane
from flowgraph.graph import Port
from flowgraph.live import Snapshot
from flowgraph.plan import Arg

if TYPE_CHECKING:
    from flowgraph.executor.firing import Firing

Stills = dict[Port, Frame]
Slots = list[Any]
Get = Callable[["Token"], Any]


class Token:
    """One frame index on its way through a list. `drain` counts the tokens after the last frame."""

    __slots__ = (
        "at", "drain", "index", "live", "number", "report", "scratch", "since", "slots", "thread", "waited",
    )  # fmt: skip

    def __init__(
        self, index: int, slots: int, scratch: Mapping[str, Mapping[str, Plane]], first: int = 0
    ) -> None:
        self.index = index
        self.number = index + first
        """The index of its source's frame, of which the `first` ones were left out."""
        self.slots: Slots = [None] * slots
        self.drain = 0
        self.scratch = scratch
        self.live: Snapshot = EMPTY
        """Nodes whose parameters were changed before this token began."""
        self.report: Reporter | None = None
        """Who hears of its firings."""
        self.since = perf_counter()
        """When it came to where it is."""
        self.waited = 0.0
        """Seconds spent waiting there."""
        self.at: Firing | None = None
        """Where it is; None before the first step."""
        self.thread = get_ident()


class Absent(Exception):  # noqa: N818 it is no error: an input has no frame at this index
    """An input has no frame at this index."""


def getter(arg: Arg, stills: Stills) -> Get:
    """How a token's slot becomes what the node is given. Raises Absent where there is no frame."""
    if arg.still:
        return _still(arg, stills)
    if arg.windowed:
        return _window(arg)
    slot = arg.slot

    def direct(token: Token) -> Frame:
        frame = token.slots[slot]
        if frame is None:
            raise Absent
        return frame  # type: ignore[no-any-return] # slots hold frames and windows

    return direct


def _still(arg: Arg, stills: Stills) -> Get:
    port, count = arg.port, arg.history

    def still(token: Token) -> Any:
        frame = stills[port]
        return (frame,) * (count + 1) if count else frame

    return still


def _window(arg: Arg) -> Get:
    """Windows lie in slots newest first; nodes get (now, oldest, ..., the one before)."""
    slot, tap, past, fill = arg.slot, arg.tap, arg.history, arg.fill
    full = tap + past + 1

    def window(token: Token) -> Any:
        frames: tuple[Frame, ...] | None = token.slots[slot]
        if frames is None:
            raise Absent
        if len(frames) < full:
            if fill == "none":
                raise Absent
            oldest = frames[-1] if fill == "first" else black(frames[-1].format, frames[-1])
            frames += (oldest,) * (full - len(frames))
        if not past:
            return frames[tap]
        return (frames[tap], *frames[tap + past : tap : -1])

    return window


def black(format: Format, stamp: Frame) -> Frame:
    """A black frame, at the index and time of another."""
    low = 16 if format.family == "yuv" and format.range == "limited" else 0
    levels = (low, 128, 128) if format.family == "yuv" else (0,) * len(format.shapes)
    dtype = format.layout.dtype
    planes = tuple(np.full(shape, level, dtype) for shape, level in zip(format.shapes, levels, strict=True))
    return Frame(stamp.index, stamp.time, format, planes)


def gatherer(items: list[Get]) -> Get:
    """The items of a variadic input, as a tuple."""

    def gather(token: Token) -> tuple[Any, ...]:
        return tuple([get(token) for get in items])

    return gather
