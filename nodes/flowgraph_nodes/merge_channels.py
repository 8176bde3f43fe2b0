"""A colour picture of three gray ones."""

from __future__ import annotations

from typing import ClassVar

import cv2

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output


class MergeChannels(Node):
    """Make a colour picture of three gray ones, one for each channel: from other moments or other videos."""

    red = Input("gray")
    green = Input("gray", like=red)
    blue = Input("gray", like=red)
    merged = Output("bgr24")

    example: ClassVar[str] = "colours: {type: merge_channels, in: {red: now, green: past, blue: mask}}"

    def process(self, red: Frame, green: Frame, blue: Frame, merged: Frame) -> None:
        """Interleave the samples."""
        cv2.merge((blue.data, green.data, red.data), dst=merged.data)
