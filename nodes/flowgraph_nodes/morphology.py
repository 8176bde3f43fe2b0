"""Shapes grown, shrunk and cleaned."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, Literal

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.node import Formats, Input, Node, Output

_OPERATIONS = {
    "erode": cv2.MORPH_ERODE,
    "dilate": cv2.MORPH_DILATE,
    "open": cv2.MORPH_OPEN,
    "close": cv2.MORPH_CLOSE,
    "gradient": cv2.MORPH_GRADIENT,
}
_SHAPES = {"ellipse": cv2.MORPH_ELLIPSE, "box": cv2.MORPH_RECT, "cross": cv2.MORPH_CROSS}


class Morphology(Node):
    """Grow, shrink or clean the bright parts of a picture, usually a mask.

    erode: the smallest sample within reach. dilate: the largest. open: erode, then dilate: bright specks
    vanish. close: dilate, then erode: dark gaps vanish. gradient: dilated less eroded: outlines.
    Reach is a disc, box or cross of 2 radius + 1 samples; beyond the edge there is nothing.
    """

    operation: Literal["open", "close", "erode", "dilate", "gradient"] = Field(
        default="open", description="what to do"
    )
    radius: int = Field(default=2, ge=0, le=127, description="reach in pixels; 0: the picture stays as it is")
    shape: Literal["ellipse", "box", "cross"] = Field(default="ellipse", description="shape of the reach")

    image = Input("gray", "bgr24")
    shaped = Output(like=image)

    main: ClassVar[str] = "operation"
    example: ClassVar[str] = "clean: {type: morphology, in: mask, operation: open, radius: 3}"
    live_parameters: ClassVar[tuple[str, ...]] = ("shape",)

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's rows within reach, its list of a disc's points, and for the gradient a picture."""
        format, side = formats["image"], 2 * self.radius + 1
        row = format.frame_bytes // format.height + 6 * self.radius
        return 4 * side * row + 48 * side * side + format.frame_bytes * (self.operation == "gradient")

    def process(self, image: Frame, shaped: Frame) -> None:
        """OpenCV's morphologyEx."""
        if self.radius == 0:
            np.copyto(shaped.data, 0 if self.operation == "gradient" else image.data)
        else:
            reach = _reach(self.shape, self.radius)
            cv2.morphologyEx(image.data, _OPERATIONS[self.operation], reach, dst=shaped.data)


@lru_cache(maxsize=64)
def _reach(shape: str, radius: int) -> Plane:
    return np.asarray(cv2.getStructuringElement(_SHAPES[shape], (2 * radius + 1, 2 * radius + 1)), np.uint8)
