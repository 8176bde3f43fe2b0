"""The node type `every`."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import SAME, SKIP, Formats, Input, Node, Output, Rule, subset


@dataclass(slots=True)
class _Seen:
    frames: int = 0


class Every(Node):
    """Keep every n-th frame of the stream and leave the others out.

    Frames keep their timestamps. It counts the frames of the stream that it reads, so `every: 2` of an
    `every: 3` keeps each sixth.
    """

    n: int = Field(ge=1, description="keep one frame of so many")
    offset: int = Field(default=0, ge=0, description="which of them: 0 is the first, n - 1 the last")

    image = Input()
    kept = Output(like=image, forward=True)

    main = "n"
    example = "third: {type: every, in: video, n: 3}"

    def clock(self) -> Rule:
        """A subset that two equal nodes of one stream share."""
        return SAME if self.n == 1 else subset("every", self.n, self.offset)

    def output_rate(self, rate: Fraction | None) -> Fraction | None:
        """The n-th part."""
        return None if rate is None else rate / self.n

    def check(self) -> None:
        """Raises ValueError for an offset that no frame has."""
        if self.offset >= self.n:
            raise ValueError(f"offset {self.offset} is too large: for n {self.n} it is 0..{self.n - 1}")

    def start(self, formats: Formats) -> _Seen:
        """Count from zero."""
        return _Seen()

    def process(self, seen: _Seen, image: Frame) -> object:
        """Forward the frame or skip it."""
        keep = seen.frames % self.n == self.offset
        seen.frames += 1
        return image if keep else SKIP
