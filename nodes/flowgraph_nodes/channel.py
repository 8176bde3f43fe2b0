"""One colour channel."""

from __future__ import annotations

from typing import ClassVar, Literal

import cv2
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output

ORDER = ("blue", "green", "red")
"""How channels lie in bgr24."""


class Channel(Node):
    """Take one colour channel out of the picture, as a gray picture; merge_channels puts three together."""

    colour: Literal["red", "green", "blue"] = Field(description="which channel")

    image = Input("bgr24")
    gray = Output("gray")

    main: ClassVar[str] = "colour"
    example: ClassVar[str] = "red: {type: channel, in: video, colour: red}"

    def process(self, image: Frame, gray: Frame) -> None:
        """Copy every third sample."""
        cv2.extractChannel(image.data, ORDER.index(self.colour), dst=gray.data)
