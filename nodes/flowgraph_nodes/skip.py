"""A stream without its first frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import SAME, SKIP, Formats, Input, Node, Output, Rule, subset


@dataclass(slots=True)
class _Seen:
    frames: int = 0


class Skip(Node):
    """Leave out the first frames of a stream; what comes after keeps its times.

    That is trim with a start, and can be turned off by a parameter of the graph.
    """

    frames: int = Field(default=1, ge=0, description="how many frames are left out")
    on: bool = Field(default=True, description="false leaves out none")

    image = Input()
    kept = Output(like=image, forward=True)

    main: ClassVar[str] = "frames"
    example: ClassVar[str] = "rest: {type: skip, in: video, frames: 2}"

    def clock(self) -> Rule:
        """That of every node that leaves out the same number."""
        return subset("skip", self.frames) if self.on and self.frames else SAME

    def start(self, formats: Formats) -> _Seen:
        """Count from zero."""
        return _Seen()

    def process(self, seen: _Seen, image: Frame) -> object:
        """Forward the frame or skip it."""
        seen.frames += 1
        return SKIP if self.on and seen.frames <= self.frames else image
