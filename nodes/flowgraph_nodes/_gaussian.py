"""Gaussian blur of 8-bit pictures at a cost that hardly grows with sigma.

Large sigmas are blurred in a pyramid: OpenCV's pyrDown and pyrUp are themselves convolutions of variance 1 in
the samples of the finer picture, so the coarsest picture is blurred with what remains of the variance. The
result stays within 2 levels of a Gaussian up to a sigma of 50, nearer than GaussianBlur on 8 bits, and
mirrors at the edges as that does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, prod, sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

from flowgraph import native
from flowgraph.frame import Plane

_LEAST_VARIANCE = 0.9
"""Of what the coarsest picture is blurred with; below that the pyramid's own shape would show."""
_MOST_REACH = 10
"""Neighbours that the compiled kernel takes on each side."""
_MOST_LEVELS = 4
"""Each level rounds twice to 8 bits; with more of them that would show."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """How to blur planes of `shape` by `sigma`."""

    shape: tuple[int, ...]
    sigma: float

    @property
    def levels(self) -> int:
        """Halvings."""
        return _levels(min(self.shape[:2]), self.sigma)

    @property
    def margin(self) -> int:
        """How far an edge is felt, in whole samples of the coarsest picture."""
        step = 1 << self.levels
        return ceil(4 * self.sigma / step) * step

    def scratch(self) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """Working arrays of `blur`."""
        if not self.levels:
            return {}
        regions = [self._padded(*corner) for corner in self._corners()]
        sizes = {"padded": max(map(prod, regions)), "edge": max(map(prod, regions))}
        for level in range(1, self.levels + 1):
            sizes[f"level{level}"] = max(prod(_halved(shape, level)) for shape in (self.shape, *regions))
        sizes["deepest"] = sizes[f"level{self.levels}"]
        return {name: ((size,), "uint8") for name, size in sizes.items()}

    def temporaries(self) -> int:
        """About what OpenCV's row buffers take."""
        return 8 * (2 * ceil(3.5 * self.sigma) + 8 if not self.levels else 32) * prod(self.shape[1:])

    def blur(self, plane: Plane, out: Plane, scratch: Mapping[str, Plane]) -> None:
        """Blur `plane` into another buffer."""
        self._pyramid(plane, out, scratch)
        if not self.levels:
            return
        # Mirroring at the last of an even number of samples doesn't survive halving: do these edges again,
        # with the mirrored samples written out.
        height, width = self.shape[:2]
        for top, left in self._corners():
            shape = self._padded(top, left)
            padded, done = (_shaped(scratch[name], shape) for name in ("padded", "edge"))
            part = plane[top:, left:]
            below, right = shape[0] - part.shape[0], shape[1] - part.shape[1]
            cv2.copyMakeBorder(part, 0, below, 0, right, cv2.BORDER_REFLECT_101, dst=padded)
            self._pyramid(padded, done, scratch)
            y, x = (max(0, height - self.margin), 0) if below else (0, max(0, width - self.margin))
            np.copyto(out[y:, x:], done[y - top : height - top, x - left : width - left])

    def _corners(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """Where the strips at the right and at the bottom begin, whole samples of the coarsest picture."""
        down, across = (
            max(0, side - 2 * self.margin) >> self.levels << self.levels for side in self.shape[:2]
        )
        return (0, across), (down, 0)

    def _padded(self, top: int, left: int) -> tuple[int, ...]:
        height, width = self.shape[:2]
        bottom = 0 if (top, left) == self._corners()[0] else self.margin
        return (height - top + bottom, width - left + self.margin, *self.shape[2:])

    def _pyramid(self, plane: Plane, out: Plane, scratch: Mapping[str, Plane]) -> None:
        levels = self.levels
        sigma = sqrt(_variance(self.sigma, levels))
        if not levels:
            smooth(plane, sigma, out)
            return
        pictures = [plane]
        for level in range(1, levels + 1):
            smaller = _shaped(scratch[f"level{level}"], _halved(plane.shape, level))
            halve(pictures[-1], smaller)
            pictures.append(smaller)
        blurred = _shaped(scratch["deepest"], pictures[-1].shape)
        smooth(pictures[-1], sigma, blurred)
        for larger in (*pictures[-2:0:-1], out):
            enlarge(blurred, larger)
            blurred = larger


@lru_cache(maxsize=64)
def _levels(least_side: int, sigma: float) -> int:
    if least_side < 3 * sigma:
        return 0  # what is mirrored more than once needs every sample
    return max(n for n in range(_MOST_LEVELS + 1) if not n or _variance(sigma, n) >= _LEAST_VARIANCE)


def _variance(sigma: float, levels: int) -> float:
    taken = sum(2 << 2 * level for level in range(levels))
    return (sigma * sigma - taken) / (1 << 2 * levels)


def smooth(plane: Plane, sigma: float, out: Plane) -> None:
    """OpenCV's GaussianBlur out to 3.5 sigma."""
    reach = ceil(3.5 * sigma)
    if native.available() and reach <= _MOST_REACH and min(plane.shape[:2]) > reach and kernel_agrees(sigma):
        native.gaussian(plane, _weights(sigma), out)
    else:
        cv2.GaussianBlur(plane, (2 * reach + 1, 2 * reach + 1), sigma, dst=out)


@lru_cache(maxsize=64)
def _weights(sigma: float) -> NDArray[np.uint16]:
    """OpenCV's whole weights, the middle one first: each takes over what rounding left of the one before."""
    reach = ceil(3.5 * sigma)
    exact = np.exp(-np.square(np.arange(reach, -reach - 1, -1.0)) / (2 * sigma * sigma))
    exact *= 256 / exact.sum()
    found, left = [0] * (reach + 1), 0.0
    for at in range(reach, 0, -1):
        left += exact[reach - at]
        found[at] = round(left)
        left -= found[at]
    found[0] = 256 - 2 * sum(found)
    return np.array(found, np.uint16)


@lru_cache(maxsize=64)
def kernel_agrees(sigma: float) -> bool:
    """Whether the compiled kernel gives the bits of the OpenCV at hand, on noise."""
    reach = ceil(3.5 * sigma)
    hashed = np.arange(48 * 80, dtype=np.uint32) * np.uint32(2654435761)
    noise = (hashed >> 24).astype(np.uint8).reshape(48, 80)
    found = np.empty_like(noise)
    native.gaussian(noise, _weights(sigma), found)
    return np.array_equal(found, cv2.GaussianBlur(noise, (2 * reach + 1, 2 * reach + 1), sigma))


def halve(plane: Plane, out: Plane) -> None:
    """OpenCV's pyrDown."""
    if native.available() and min(plane.shape[:2]) >= 4:
        native.half(plane, out)
    else:
        cv2.pyrDown(plane, dst=out, dstsize=(out.shape[1], out.shape[0]))


def enlarge(plane: Plane, out: Plane) -> None:
    """OpenCV's pyrUp."""
    if native.available() and min(plane.shape[:2]) >= 2:
        native.double(plane, out)
    else:
        cv2.pyrUp(plane, dst=out, dstsize=(out.shape[1], out.shape[0]))


def _halved(shape: Sequence[int], times: int) -> tuple[int, ...]:
    return (-(-shape[0] >> times), -(-shape[1] >> times), *shape[2:])


def _shaped(flat: Plane, shape: tuple[int, ...]) -> Plane:
    return flat[: prod(shape)].reshape(shape)
