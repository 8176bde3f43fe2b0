"""The node type `count`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flowgraph.frame import Format, Frame, table
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule

COLUMNS = ("frames", "first", "last")


@dataclass(slots=True)
class _Seen:
    frames: int = 0
    first: float = 0.0
    last: float = 0.0


class Count(Node):
    """Count the frames of a stream: one row with their number and the times of the first and the last."""

    image = Input()
    row = Output("table")

    example = "length: {type: count, in: video}"

    def clock(self) -> Rule:
        """One row for the whole stream."""
        return STILL

    def accepts(self, port: str, format: Format) -> bool:
        """Frames of any kind, since none is looked at."""
        return True

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Three numbers."""
        return {"row": table(*COLUMNS)}

    def state_bytes(self, formats: Formats) -> int:
        """Three numbers."""
        return 24

    def start(self, formats: Formats) -> _Seen:
        """None seen."""
        return _Seen()

    def accumulate(self, seen: _Seen, image: Frame) -> None:
        """One more."""
        if not seen.frames:
            seen.first = float(image.time)
        seen.frames, seen.last = seen.frames + 1, float(image.time)

    def merge(self, seen: _Seen, other: _Seen) -> _Seen:
        """Those of both stretches."""
        return _Seen(seen.frames + other.frames, seen.first, other.last)

    def finish(self, seen: _Seen, row: Frame) -> None:
        """The row."""
        row.data[0] = (seen.frames, seen.first, seen.last)
