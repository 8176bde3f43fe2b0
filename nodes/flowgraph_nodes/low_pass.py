"""What stays."""

from __future__ import annotations

from typing import ClassVar

import cv2
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Duration
from flowgraph_nodes._recursive import LowPass, low_pass_bytes, share_of


class LowPassed(Node):
    """Smooth each sample over time: what changes fast vanishes, what stays or changes slowly is kept.

    y[n] = y[n-1] + (x[n] - y[n-1]) / (T + 1) in float32, y[0] = x[0], out = rint(y); T is `time` in frames.
    After T frames about 63 % of a change has come through; the cut-off frequency is about rate / (2 pi T).
    One picture of floats is held, whatever T is. The difference to the input is a high-pass.
    """

    time: Duration = Field(default=Duration(10), description="time constant, in frames or as a time")

    image = Input("bgr24", "gray")
    smooth = Output(like=image, in_place=True)

    main: ClassVar[str] = "time"
    example: ClassVar[str] = "calm: {type: low_pass, in: video, time: 500ms}"

    def state_bytes(self, formats: Formats) -> int:
        """The filter's values."""
        return low_pass_bytes(formats["image"].shapes[0])

    def start(self, formats: Formats) -> tuple[LowPass, float]:
        """The filter, and the share of a new frame."""
        return LowPass(formats["image"].shapes[0]), share_of(self.time.frames(formats.rate))

    def process(self, state: tuple[LowPass, float], image: Frame, smooth: Frame) -> None:
        """Take the picture in and round."""
        held, share = state
        value = held.add(image.data, share)
        cv2.addWeighted(value, 1, value, 0, 0, dst=smooth.data, dtype=cv2.CV_8U)
