"""The node type `align`."""

from __future__ import annotations

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output, Rule, follow


class Align(Node):
    """Bring one source onto the clock of another by their timestamps.

    Each frame of `reference` gets the latest frame of `image` that is not newer, and until there is one, the
    first. Frames between two of the reference are left out; after the last one it stays. Nothing is copied.
    """

    reference = Input()
    image = Input()
    aligned = Output(like=image, forward=True)

    example = "other: {type: align, in: {reference: video, image: camera}}"

    def clock(self) -> Rule:
        """That of the reference."""
        return follow("reference")

    def process(self, reference: Frame, image: Frame) -> Frame:
        """Forward the picture; the engine gives it the reference's time."""
        return image
