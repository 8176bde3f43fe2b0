"""A picture that moves in steps."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output


@dataclass(slots=True)
class _Seen:
    frames: int = 0


class Stutter(Node):
    """Hold each n-th picture until the next one comes, so that movement goes in steps.

    The stream keeps its frames and their times; only the pictures repeat. Frame k shows picture
    k - (k - offset) mod n, and before the first of these the stream's first. Nothing is copied.
    """

    n: int = Field(default=2, ge=1, le=1000, description="how many frames show one picture")
    offset: int = Field(default=0, ge=0, description="which of n frames is shown: 0 is the first")
    on: bool = Field(default=True, description="false lets every picture pass")

    image = Input()
    held = Output(like=image, forward=True)

    main: ClassVar[str] = "n"
    example: ClassVar[str] = "steps: {type: stutter, in: video, n: 5}"
    live_parameters: ClassVar[tuple[str, ...]] = ("offset", "on")

    def history(self, port: str, rate: Fraction | None) -> int:
        """The picture held may be n - 1 frames old."""
        return self.n - 1

    def check(self) -> None:
        """Raises ValueError for an offset that no frame has."""
        if self.offset >= self.n:
            raise ValueError(f"offset {self.offset} is too large: for n {self.n} it is 0..{self.n - 1}")

    def start(self, formats: Formats) -> _Seen:
        """Count from zero."""
        return _Seen()

    def process(self, seen: _Seen, image: tuple[Frame, ...] | Frame) -> Frame:
        """Forward the picture of so many frames ago; without a history there is no window."""
        back = (seen.frames - self.offset) % self.n if self.on else 0
        seen.frames += 1
        return image if isinstance(image, Frame) else image[-back]
