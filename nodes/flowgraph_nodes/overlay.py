"""A picture on another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import affine, affine_scratch
from flowgraph.node import Formats, Input, Node, Output


class Overlay(Node):
    """Lay a picture, usually a smaller one, over another.

    x and y place its left upper corner, counted from the left and the top, or if negative its right lower
    corner from the right and the bottom: -1 touches the edge, -11 leaves 10 pixels. What reaches out of the
    picture below is cut off. out = rint(alpha * top + (1 - alpha) * base).
    """

    x: int = Field(
        default=0, ge=-32768, le=32768, description="pixels from the left; negative, from the right"
    )
    y: int = Field(
        default=0, ge=-32768, le=32768, description="pixels from the top; negative, from the bottom"
    )
    alpha: float = Field(default=1.0, ge=0, le=1, description="how much of the upper picture shows")

    base = Input("bgr24")
    top = Input("bgr24")
    laid = Output(like=base, in_place=True)

    main: ClassVar[str] = "alpha"
    example: ClassVar[str] = "both: {type: overlay, in: [video, small], x: -17, y: -17}"
    live_parameters: ClassVar[tuple[str, ...]] = ("x", "y", "alpha")

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the exact sum of two pictures needs."""
        return affine_scratch(formats["top"].shapes[0], 2)

    def process(self, base: Frame, top: Frame, laid: Frame, scratch: Mapping[str, Plane]) -> None:
        """Copy what is below, mix in what is above."""
        below, above, out = base.data, top.data, laid.data
        if not np.may_share_memory(out, below):
            np.copyto(out, below)
        rows, inner_rows = _places(self.y, len(out), len(above))
        columns, inner_columns = _places(self.x, out.shape[1], above.shape[1])
        part, piece = out[rows, columns], above[inner_rows, inner_columns]
        if part.size:
            affine([piece, part], [self.alpha, 1 - self.alpha], 0, part, scratch)


def _places(offset: int, whole: int, part: int) -> tuple[slice, slice]:
    """Where a part stands in the whole, and which of it is seen."""
    first = offset if offset >= 0 else whole + 1 + offset - part
    begin, end = max(0, first), max(0, min(whole, first + part))
    return slice(begin, max(begin, end)), slice(begin - first, max(begin, end) - first)
