"""The node type `delay`."""

from __future__ import annotations

from fractions import Fraction

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import SAME, Fill, Input, Node, Output, Rule, subset
from flowgraph.units import Duration


class Delay(Node):
    """Show the picture of some frames ago.

    A time is rounded to the nearest whole number of frames at the stream's rate. Nothing is copied; all
    delays of one stream share the frames that they hold.
    """

    frames: Duration = Field(
        default=Duration(1), description="how far back, in frames or as a time such as 200ms"
    )
    # The port facts own the name `fill`; graphs and callers write `fill`.
    fill_with: Fill = Field(
        default="first",
        alias="fill",
        description="what to show before there is a past: the first frame, black, or no frame at all (none)",
    )

    image = Input()
    delayed = Output(like=image, forward=True)

    main = "frames"
    example = "past: {type: delay, in: video, frames: 5}"

    def history(self, port: str, rate: Fraction | None) -> int:
        """As many past frames as the delay is long."""
        return self.frames.frames(rate)

    def fill(self, port: str) -> Fill:
        """What was asked for."""
        return self.fill_with

    def clock(self) -> Rule:
        """With `fill: none`, all frames but the first ones."""
        if self.fill_with != "none" or self.frames == Duration(0):
            return SAME
        if self.frames.seconds is not None:
            return subset("skip time", self.frames)
        return subset("skip", self.frames.count)

    def process(self, image: tuple[Frame, ...] | Frame) -> Frame:
        """Forward the oldest frame of the window; without a history there is no window."""
        # The window is (now, oldest, ..., before), so index 1 is the oldest whatever the rate made of a time.
        return image if isinstance(image, Frame) else image[1]
