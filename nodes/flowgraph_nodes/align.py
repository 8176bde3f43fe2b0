"""The node type `align`."""

from __future__ import annotations

from fractions import Fraction

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output, Rule, follow


class Align(Node):
    """Bring one source onto the clock of another by their timestamps.

    Each frame of `reference` gets the latest frame of `image` that is not newer, and until there is one, the
    first. Frames between two of the reference are left out; after the last one it stays. Nothing is copied.
    With an offset, `image` is that many seconds ahead: what it shows at 0:02.4 comes with 0:00 of the
    reference if the offset is 2.4.
    """

    offset_s: float = Field(
        default=0,
        ge=-86400,
        le=86400,
        description="seconds that `image` is ahead; may be negative",
    )

    reference = Input()
    image = Input()
    aligned = Output(like=image, forward=True)

    main = "offset_s"
    example = "other: {type: align, in: {reference: video, image: camera}}"

    def clock(self) -> Rule:
        """That of the reference."""
        return follow("reference", Fraction(str(self.offset_s)))

    def process(self, reference: Frame, image: Frame) -> Frame:
        """Forward the picture; the engine gives it the reference's time."""
        return image
