"""The second-order polynomial in x, y and time that comes closest to a video's lightness, by exact sums.

Sums are whole numbers of Python, which never round: stretches can be joined in any order to the same bits,
and what is kept doesn't grow with the video but for the digits of some hundred numbers.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from flowgraph.frame import Plane

POWERS: Final = tuple((t, y, x) for t in range(3) for y in range(3) for x in range(3) if t + y + x <= 2)
"""Exponents of the ten terms, the constant first."""
_PRODUCTS: Final = tuple((t, y, x) for t in range(5) for y in range(5) for x in range(5) if t + y + x <= 4)
BYTES: Final = 200 * (len(_PRODUCTS) + 2 * len(POWERS))
"""What the sums take, with their digits, for any video."""


class Fit:
    """Sums of products of terms, of terms times lightness, and of terms over all that was seen."""

    def __init__(self) -> None:
        self.normal = dict.fromkeys(_PRODUCTS, 0)
        self.right = dict.fromkeys(POWERS, 0)
        self.whole = dict.fromkeys(POWERS, 0)

    def add(self, t: int, lightness: Plane, used: Plane) -> None:
        """Take the picture of time `t`: whole lightness, and which samples count."""
        weights = used.astype(np.float64)
        height, width = used.shape
        rows, columns = _powers(height, 2), _powers(width, 2)
        everywhere = np.outer(rows.sum(axis=0), columns.sum(axis=0))
        counts = _moments(weights, 4)
        light = _moments(np.multiply(weights, lightness, out=weights), 2)
        for power in _PRODUCTS:
            self.normal[power] += t ** power[0] * round(counts[power[1:]])
        for power in POWERS:
            self.right[power] += t ** power[0] * round(light[power[1:]])
            self.whole[power] += t ** power[0] * round(everywhere[power[1:]])

    def merge(self, other: Fit) -> None:
        """Take what another one saw."""
        for mine, theirs in (
            (self.normal, other.normal),
            (self.right, other.right),
            (self.whole, other.whole),
        ):
            for power, value in theirs.items():
                mine[power] += value

    def solve(self) -> Plane:
        """The ten coefficients, and the polynomial's mean over all that was seen: eleven numbers.

        Without a sample it is 1 everywhere, which leaves the light as it is.
        """
        if not self.normal[0, 0, 0]:
            return np.array([1.0, *[0.0] * 9, 1.0])
        matrix = np.array([[float(self.normal[_plus(a, b)]) for b in POWERS] for a in POWERS])
        right = np.array([float(self.right[power]) for power in POWERS])
        # Of a still or a flat picture some terms can't be told apart; those get the smallest coefficients.
        size = np.sqrt(np.maximum(np.diag(matrix), 1))
        solved = np.linalg.lstsq(matrix / np.outer(size, size), right / size, rcond=1e-10)[0] / size
        whole = np.array([float(self.whole[power]) for power in POWERS])
        return np.append(solved, whole @ solved / whole[0])


def evaluate(coefficients: Plane, t: int, height: int, width: int) -> Plane:
    """The polynomial at time `t`: float32 (height, width)."""
    grid = np.zeros((3, 3))
    for value, (power, y, x) in zip(coefficients, POWERS, strict=True):
        grid[y, x] += value * float(t) ** power
    return np.asarray(_powers(height, 2) @ grid @ _powers(width, 2).T, np.float32)


def _plus(a: tuple[int, int, int], b: tuple[int, int, int]) -> tuple[int, int, int]:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def _powers(length: int, most: int) -> Plane:
    """Powers 0..most of the distance from the middle: (length, most + 1)."""
    return np.vander(np.arange(length, dtype=np.float64) - length // 2, most + 1, increasing=True)


def _moments(weights: Plane, most: int) -> Plane:
    height, width = weights.shape
    return np.asarray(_powers(height, most).T @ (weights @ _powers(width, most)))
