"""The node type `split`."""

from __future__ import annotations

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output


class Split(Node):
    """Give a stream a second name.

    Any number of nodes may read one name, so a graph never needs it; it costs no memory and no time.
    """

    image = Input()
    shared = Output(like=image, forward=True)

    example = "again: {type: split, in: video}"

    def process(self, image: Frame) -> Frame:
        """Forward the frame."""
        return image
