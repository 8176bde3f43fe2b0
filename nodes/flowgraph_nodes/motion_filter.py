"""What counts as motion in pictures of differences."""

from __future__ import annotations

from typing import ClassVar, Literal

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Level


class MotionFilter(Node):
    """Keep what counts as motion in a picture of differences, and drop the noise.

    regular: samples below the level become black, others stay. binary: the others become white; a colour
    picture has eight colours then, since each channel is judged by itself. blob: no level; each sample
    becomes the smallest of (2 radius + 1)^2, so that only what is larger than that window is left. These are
    the filters of the motion videos of the Musical Gestures Toolbox; it rounds the level to whole samples.
    """

    kind: Literal["regular", "binary", "blob"] = Field(default="regular", description="what to do with noise")
    level: Level = Field(
        default=Level(5, percent=True), description="least difference kept by regular and binary"
    )
    radius: int = Field(default=5, ge=1, le=127, description="reach of blob, in pixels")
    inverted: bool = Field(default=False, description="dark motion on white")

    image = Input("bgr24", "gray")
    motion = Output(like=image)

    main: ClassVar[str] = "kind"
    example: ClassVar[str] = "motion: {type: motion_filter, in: difference, kind: binary, level: 10%}"

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's rows for the window and its kernel."""
        format = formats["image"]
        row = format.frame_bytes // format.height + 6 * self.radius
        return 16 * (2 * self.radius + 1) * row if self.kind == "blob" else 0

    def process(self, image: Frame, motion: Frame) -> None:
        """Filter, then turn around."""
        out = motion.data
        if self.kind == "blob":
            side = 2 * self.radius + 1
            cv2.erode(image.data, np.ones((side, side), np.uint8), dst=out)
        else:
            rule = cv2.THRESH_TOZERO if self.kind == "regular" else cv2.THRESH_BINARY
            cv2.threshold(image.data, round(self.level.of(255)) - 1, 255, rule, dst=out)
        if self.inverted:
            cv2.bitwise_not(out, dst=out)
