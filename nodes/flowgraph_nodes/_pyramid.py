"""Eulerian magnification on a Laplacian pyramid, in working arrays that were made beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot, prod

import cv2
import numpy as np

from flowgraph.frame import Plane
from flowgraph_nodes._recursive import LowPass


def level_shapes(shape: Sequence[int], levels: int) -> list[tuple[int, ...]]:
    """The shapes of a picture and of its halves, as many as there are without getting smaller than 8."""
    found = [tuple(shape)]
    while len(found) <= levels and min(found[-1][:2]) >= 16:
        found.append(((found[-1][0] + 1) // 2, (found[-1][1] + 1) // 2, *shape[2:]))
    return found


def pyramid_bytes(shape: Sequence[int], levels: int) -> int:
    """Bytes of a `Pyramid`: for each level the picture, its band, two filters; and one whole picture more."""
    return 4 * (4 * sum(map(prod, level_shapes(shape, levels))) + prod(shape))


def gains(shape: Sequence[int], count: int, gain: float, wavelength: float) -> list[float]:
    """How much each band is strengthened: none for the finest and for wavelengths under `wavelength`.

    Wu et al., Eulerian Video Magnification for Revealing Subtle Changes in the World (2012), section 3.2: a
    band of spatial wavelength l can be strengthened by a without breaking up while (1 + a) d < l / 8; the d
    for which that just holds at `wavelength` with the gain asked for bounds a at the others. The wavelength
    of the coarsest band is taken to be a third of the picture's diagonal, as in the authors' program.
    """
    motion = wavelength / 8 / (1 + gain)
    longest = hypot(shape[0], shape[1]) / 3
    found: list[float] = []
    for level in range(count):
        reach = longest / 2 ** (count - 1 - level)
        found.append(max(0.0, min(gain, reach / 8 / motion - 1)))
    return [0.0, *found[1:]] if count > 1 else found


@dataclass(slots=True)
class Pyramid:
    """The pictures of all levels, their bands, and the filters of the bands."""

    shape: tuple[int, ...]
    levels: int
    fast_share: float
    slow_share: float
    wavelength: float
    pictures: list[Plane] = field(init=False)
    bands: list[Plane] = field(init=False)
    fast: list[LowPass] = field(init=False)
    slow: list[LowPass] = field(init=False)
    spare: Plane = field(init=False)

    def __post_init__(self) -> None:
        shapes = level_shapes(self.shape, self.levels)
        self.pictures = [np.empty(shape, np.float32) for shape in shapes]
        self.bands = [np.empty(shape, np.float32) for shape in shapes]
        self.fast, self.slow = ([LowPass(shape) for shape in shapes] for _ in range(2))
        self.spare = np.empty(prod(self.shape), np.float32)

    def magnify(self, plane: Plane, gain: float, out: Plane) -> None:
        """Take the next picture; `out` is the picture and its strengthened changes, rounded."""
        np.copyto(self.pictures[0], plane)
        factors = gains(self.shape, len(self.pictures) - 1, gain, self.wavelength)
        for level, factor in enumerate(factors):
            self._band(level, factor)
        last = len(factors) - 1
        for level in range(last, 0, -1):
            self._add_up(self.bands[level], self.bands[level - 1])
        whole = self.pictures[0]
        if factors:
            cv2.add(whole, self.bands[0], dst=whole)
        cv2.addWeighted(whole, 1, whole, 0, 0, dst=out, dtype=cv2.CV_8U)

    def _band(self, level: int, factor: float) -> None:
        """What of a level the next one lacks, filtered in time, times the factor."""
        here, half, band = self.pictures[level], self.pictures[level + 1], self.bands[level]
        cv2.pyrDown(here, dst=half, dstsize=(half.shape[1], half.shape[0]))
        cv2.pyrUp(half, dst=band, dstsize=(here.shape[1], here.shape[0]))
        cv2.subtract(here, band, dst=band)
        fast, slow = self.fast[level].add(band, self.fast_share), self.slow[level].add(band, self.slow_share)
        cv2.addWeighted(fast, factor, slow, -factor, 0, dst=band)

    def _add_up(self, small: Plane, large: Plane) -> None:
        spare = self.spare[: large.size].reshape(large.shape)
        cv2.pyrUp(small, dst=spare, dstsize=(large.shape[1], large.shape[0]))
        cv2.add(large, spare, dst=large)
