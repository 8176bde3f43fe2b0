"""What changes at some speed."""

from __future__ import annotations

from typing import ClassVar

import cv2
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Duration, Level
from flowgraph_nodes._recursive import LowPass, low_pass_bytes, share_of

State = tuple[LowPass, LowPass, float, float]


class BandPass(Node):
    """Show what changes neither too fast nor too slowly: the difference of two low-passes in time.

    out = clip(rint(gain * (y_fast - y_slow) + offset)), where y[n] = y[n-1] + (x[n] - y[n-1]) / (T + 1) in
    float32, y[0] = x[0] and T is the time constant in frames. `fast: 0` makes it a high-pass. Changes
    with frequencies between about rate / (2 pi slow) and rate / (2 pi fast) pass; stillness is `offset`.
    """

    fast: Duration = Field(default=Duration(2), description="time constant that faster changes are lost by")
    slow: Duration = Field(default=Duration(12), description="time constant that slower changes are lost by")
    gain: float = Field(default=2.0, ge=-1000, le=1000, description="factor on the difference")
    offset: Level = Field(default=Level(128), description="what stillness looks like")

    image = Input("bgr24", "gray")
    passed = Output(like=image, in_place=True)

    main: ClassVar[str] = "gain"
    example: ClassVar[str] = "sway: {type: band_pass, in: video, fast: 100ms, slow: 1s, gain: 4}"
    live_parameters: ClassVar[tuple[str, ...]] = ("gain", "offset")

    def check(self) -> None:
        """Refuse two equal filters; times and frames can only be compared when the rate is known."""
        if self.fast == self.slow:
            raise ValueError("fast and slow are equal: nothing would pass")

    def state_bytes(self, formats: Formats) -> int:
        """The values of two filters."""
        return 2 * low_pass_bytes(formats["image"].shapes[0])

    def start(self, formats: Formats) -> State:
        """Two filters and their shares of a new frame."""
        shape, rate = formats["image"].shapes[0], formats.rate
        return (
            LowPass(shape),
            LowPass(shape),
            share_of(self.fast.frames(rate)),
            share_of(self.slow.frames(rate)),
        )

    def process(self, state: State, image: Frame, passed: Frame) -> None:
        """Take the picture into both and subtract."""
        fast, slow = state[0].add(image.data, state[2]), state[1].add(image.data, state[3])
        offset = self.offset.of(255)
        cv2.addWeighted(fast, self.gain, slow, -self.gain, offset, dst=passed.data, dtype=cv2.CV_8U)
