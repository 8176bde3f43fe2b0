"""The node type `advance`."""

from __future__ import annotations

from fractions import Fraction

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output
from flowgraph.units import Duration


class Advance(Node):
    """Show the picture of some frames ahead: the opposite of a delay.

    The stream is held back by as many frames; at its end the last picture is repeated. A time is rounded to
    the nearest whole number of frames at the stream's rate. Nothing is copied.
    """

    frames: Duration = Field(
        default=Duration(1), description="how far ahead, in frames or as a time such as 200ms"
    )

    image = Input()
    advanced = Output(like=image, forward=True)

    main = "frames"
    example = "ahead: {type: advance, in: video, frames: 5}"

    def history(self, port: str, rate: Fraction | None) -> int:
        """Back to the frame whose place the newest one takes."""
        return self.frames.frames(rate)

    def latency(self, rate: Fraction | None) -> int:
        """As many frames as it looks ahead."""
        return self.frames.frames(rate)

    def process(self, image: tuple[Frame, ...] | Frame) -> Frame:
        """Forward the newest frame of the window; the engine gives it the oldest one's place."""
        return image if isinstance(image, Frame) else image[0]
