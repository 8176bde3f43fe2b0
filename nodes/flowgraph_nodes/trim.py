"""The node type `trim`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import SAME, SKIP, Formats, Input, Node, Output, Rule, subset
from flowgraph.units import Duration


@dataclass(slots=True)
class _Seen:
    frames: int = 0
    first: Fraction = Fraction(0)


class Trim(Node):
    """Keep a stretch of the stream and leave out what comes before and after.

    Frames are counted from 0 in the stream that it reads, times from that stream's first frame. Frames keep
    their timestamps.
    """

    # The engine owns the name `start` (it makes a node's state); graphs and callers write `start`.
    first: Duration | None = Field(
        default=None,
        alias="start",
        description="first frame kept, as a number of frames or a time such as 1.5s",
    )
    stop: Duration | None = Field(
        default=None, description="first frame no longer kept, as a number or a time"
    )

    image = Input()
    kept = Output(like=image, forward=True)

    main = "start"
    example = "part: {type: trim, in: video, start: 2s, stop: 0:10}"

    def clock(self) -> Rule:
        """A subset that two equal nodes of one stream share."""
        first = self.first or Duration(0)
        if self.stop is not None:
            return subset("trim", first, self.stop)
        if first.seconds is not None:
            return subset("trim", first, None)
        # The key of every node that leaves out the stream's first frames, such as a delay with `fill: none`.
        return subset("skip", first.count) if first.count else SAME

    def check(self) -> None:
        """Raises ValueError for a stretch that is empty or the whole stream."""
        first, stop = self.first or Duration(0), self.stop
        if self.first is None and stop is None:
            raise ValueError("nothing to trim: give start, stop or both")
        if stop is None:
            return
        begin, end = (first.seconds or first.count), (stop.seconds or stop.count)
        if ((first.seconds is None) == (stop.seconds is None) and end <= begin) or end == 0:
            raise ValueError(f"nothing is left: stop ({stop}) must come after start ({first})")

    def start(self, formats: Formats) -> _Seen:
        """Count from zero."""
        return _Seen()

    def process(self, seen: _Seen, image: Frame) -> object:
        """Forward the frame or skip it."""
        if seen.frames == 0:
            seen.first = image.time
        count, time = seen.frames, image.time - seen.first
        seen.frames += 1
        keep = self.first is None or not _before(count, time, self.first)
        return image if keep and (self.stop is None or _before(count, time, self.stop)) else SKIP


def _before(count: int, time: Fraction, mark: Duration) -> bool:
    return count < mark.count if mark.seconds is None else time < mark.seconds
