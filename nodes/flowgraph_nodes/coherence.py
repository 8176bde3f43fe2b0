"""Masks that hold together in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.node import Formats, Input, Node, Output

_FLOW_BYTES = 16
"""What DIS optical flow holds between calls for each pixel: pictures, gradients and flows of its scales."""
_SMALLEST = 12
"""The least width and height that DIS takes."""


@dataclass(slots=True)
class _Past:
    flow: Any
    grid: Plane
    moved: Plane
    before: Plane
    now: Plane
    value: Plane
    shown: Plane
    begun: bool = False


class Coherence(Node):
    """Hold a mask together in time: mix each one with the past ones, moved along with the picture.

    The motion is found in `guide` (DIS optical flow). value = (1 - share) * past value, moved + share * mask;
    a point leaves the side of mid gray that it was on only where the value is beyond by `steady`. Single
    frames that were taken wrong vanish, edges flicker less, and what moves is not left behind.
    """

    share: float = Field(default=0.4, gt=0, le=1, description="how much of the new mask comes in")
    steady: float = Field(
        default=0.3, ge=0, le=0.45, description="how far beyond mid gray a change must be, of white"
    )

    mask = Input("gray")
    guide = Input("gray", size=mask)
    steadied = Output(like=mask)

    main: ClassVar[str] = "share"
    example: ClassVar[str] = "calm: {type: coherence, in: {mask: found, guide: plain}, share: 0.4}"
    live_parameters: ClassVar[tuple[str, ...]] = ("share", "steady")

    def temporaries(self, formats: Formats) -> int:
        """The flow, and the past as it has moved."""
        return 24 * formats["mask"].frame_bytes + (1 << 16)

    def state_bytes(self, formats: Formats) -> int:
        """Places in float, before and after; the value in float; three pictures; OpenCV's flow."""
        return (_FLOW_BYTES + 8 + 8 + 4 + 3) * formats["mask"].frame_bytes

    def start(self, formats: Formats) -> _Past:
        """No past yet."""
        shape = formats["mask"].shapes[0]
        rows, columns = np.indices(shape, dtype=np.float32)
        grid = np.dstack((columns, rows))
        before, now, shown = (np.empty(shape, np.uint8) for _ in range(3))
        value = np.empty(shape, np.float32)
        return _Past(cv2.DISOpticalFlow.create(0), grid, np.empty_like(grid), before, now, value, shown)

    def process(self, past: _Past, mask: Frame, guide: Frame, steadied: Frame) -> None:
        """Move the past, mix the mask in, and hold on to what is undecided."""
        # DIS takes only pictures without gaps between their rows.
        past.before, past.now = past.now, past.before
        np.copyto(past.now, guide.data)
        if past.begun:
            self._mix(past, mask.data)
        else:
            np.copyto(past.value, mask.data)
            np.copyto(past.shown, mask.data)
            past.begun = True
        np.copyto(steadied.data, past.shown)

    def _mix(self, past: _Past, mask: Plane) -> None:
        if min(mask.shape) < _SMALLEST:
            np.copyto(past.moved, past.grid)
        else:
            # A flow handed to calc would be taken for a first guess.
            np.add(past.flow.calc(past.now, past.before, None), past.grid, out=past.moved)
        past.value = np.asarray(_moved(past.value, past.moved))
        side = _moved(past.shown, past.moved)
        cv2.accumulateWeighted(mask, past.value, self.share)
        cv2.threshold(side, 127, 255, cv2.THRESH_BINARY, dst=side)
        pull = 2 * self.steady
        # value + pull * (side - 127.5): in float, so that it is rounded and clipped once.
        cv2.addWeighted(
            past.value, 1, side.astype(np.float32), pull, -127.5 * pull, dst=past.shown, dtype=cv2.CV_8U
        )


def _moved(picture: Plane, places: Plane) -> Plane:
    remap: Any = cv2.remap  # its stub knows only of two maps
    return np.asarray(remap(picture, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
