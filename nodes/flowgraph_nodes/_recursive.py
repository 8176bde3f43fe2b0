"""Low-passes in time, in float32: y[n] = y[n-1] + (x[n] - y[n-1]) / (T + 1), with y[0] = x[0].

That is an RC filter with a time constant of T frames by the backward Euler method: after about T frames 63 %
of a step have come through, and the cut-off frequency is about rate / (2 pi T).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import prod

import cv2
import numpy as np

from flowgraph.frame import Plane


def share_of(frames: float) -> float:
    """The share of a new sample in the result, for a time constant in frames."""
    return 1 / (frames + 1)


def low_pass_bytes(shape: Sequence[int]) -> int:
    """Bytes of a `LowPass`."""
    return 4 * prod(shape)


@dataclass(slots=True)
class LowPass:
    """The filter's value for each sample of a plane."""

    shape: tuple[int, ...]
    value: Plane = field(init=False)
    begun: bool = False

    def __post_init__(self) -> None:
        self.value = np.empty(self.shape, np.float32)

    def add(self, plane: Plane, share: float) -> Plane:
        """Take the next plane, uint8 or float32; gives the value that it led to."""
        if self.begun:
            cv2.accumulateWeighted(plane, self.value, share)
        else:
            np.copyto(self.value, plane)
            self.begun = True
        return self.value
