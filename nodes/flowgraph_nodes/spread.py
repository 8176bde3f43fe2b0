"""The node type `spread`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import SKIP, Formats, Implied, Input, Node, Output, Rule, subset


@dataclass(slots=True)
class _Seen:
    frames: int = 0


class Spread(Node):
    """Keep n frames, spread evenly over the whole stream, and leave the others out.

    Of N frames it keeps those numbered floor((k + 1/2) * N / n), the middles of n equal parts; all of them if
    there are no more than n. How many there are is counted first, in a reading of its own.
    """

    n: int = Field(ge=1, le=100_000, description="how many frames to keep")

    image = Input()
    length = Input("table", still=True, optional=True)
    kept = Output(like=image, forward=True)

    main = "n"
    example = "moments: {type: spread, in: video, n: 12}"

    def clock(self) -> Rule:
        """A subset that two equal nodes of one stream share."""
        return subset("spread", self.n)

    def output_rate(self, rate: Fraction | None) -> Fraction | None:
        """That depends on the stream's length."""
        return None

    def implies(self) -> Mapping[str, Implied]:
        """The reading that counts."""
        return {"length": Implied("count", {}, reads="image")}

    def start(self, formats: Formats) -> _Seen:
        """Count from zero."""
        return _Seen()

    def process(self, seen: _Seen, image: Frame, length: Frame) -> object:
        """Forward the frame or skip it."""
        total = int(length.data[0, 0])
        k = seen.frames
        seen.frames += 1
        # Frame k is kept if some middle (2 j + 1) * total / (2 n) has it as its whole part.
        j = -((total - 2 * self.n * k) // (2 * total))
        keep = (2 * j + 1) * total < 2 * self.n * (k + 1) and j < self.n
        return image if keep or total <= self.n else SKIP
