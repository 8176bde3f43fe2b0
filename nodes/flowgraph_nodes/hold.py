"""The node type `hold`."""

from __future__ import annotations

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output, Rule, follow


class Hold(Node):
    """Keep showing the latest frame of a stream until its next one comes.

    Brings a stream with fewer frames (keyframes, every n-th) back onto the clock of `reference`, usually the
    stream that it was taken from: each frame of the reference gets the latest one that is not newer. Before
    there is one it gets the first, or black where both come from one source and the first isn't there yet.
    Nothing is copied.
    """

    image = Input()
    reference = Input()
    held = Output(like=image, forward=True)

    example = "shown: {type: hold, in: {image: keys, reference: video}}"

    def clock(self) -> Rule:
        """That of the reference."""
        return follow("reference")

    def process(self, image: Frame, reference: Frame) -> Frame:
        """Forward the picture; the engine gives it the reference's time."""
        return image
