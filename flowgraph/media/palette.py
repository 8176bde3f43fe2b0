"""A palette of 256 colours for a whole stream: a bounded histogram, and boxes cut where colours vary most."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from flowgraph.frame import Plane

BINS = 32
"""Steps of each channel in the histogram."""

COLOURS = 256
_SHIFT = 3


@dataclass(slots=True)
class Histogram:
    """How often each of 32 x 32 x 32 colours was seen, over any number of frames."""

    counts: NDArray[np.float64] = field(default_factory=lambda: np.zeros((BINS, BINS, BINS)))

    def add(self, image: Plane) -> None:
        """Count the pixels of a bgr24 picture."""
        channels, ranges = [0, 1, 2], [0.0, 256.0] * 3
        self.counts += cv2.calcHist([image], channels, None, [BINS] * 3, ranges)

    def palette(self) -> NDArray[np.uint8]:
        """256 colours, as (256, 3) in the order blue, green, red."""
        places = np.argwhere(self.counts > 0)
        weights = self.counts[tuple(places.T)]
        centres = places * (256 / BINS) + (256 / BINS - 1) / 2
        boxes = [np.arange(len(places))]
        worst = [_spread(centres, weights, boxes[0])]
        while len(boxes) < COLOURS and max(worst) > 0:
            at = int(np.argmax(worst))
            parts = _cut(centres, weights, boxes[at])
            boxes[at : at + 1] = parts
            worst[at : at + 1] = [_spread(centres, weights, part) for part in parts]
        means = [np.average(centres[box], axis=0, weights=weights[box]) for box in boxes]
        means += [np.zeros(3)] * (COLOURS - len(means))
        return np.rint(means).astype(np.uint8)


def _spread(centres: NDArray[Any], weights: NDArray[Any], box: NDArray[Any]) -> float:
    """The squared error of replacing a box of colours by its mean, along its widest channel."""
    mean = np.average(centres[box], axis=0, weights=weights[box])
    return float((((centres[box] - mean) ** 2) * weights[box, None]).sum(axis=0).max())


def _cut(centres: NDArray[Any], weights: NDArray[Any], box: NDArray[Any]) -> list[NDArray[Any]]:
    """Two halves of a box, parted at the mean of the channel that varies most."""
    mean = np.average(centres[box], axis=0, weights=weights[box])
    error = (((centres[box] - mean) ** 2) * weights[box, None]).sum(axis=0)
    channel = int(np.argmax(error))
    low = centres[box, channel] <= mean[channel]
    return [box[low], box[~low]]


def nearest_table(palette: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """For each of the 32 x 32 x 32 colours the index of the palette's nearest, shape (32768,)."""
    axis = (np.arange(BINS) * (256 // BINS) + 256 // BINS // 2).astype(np.float32)
    colours = np.stack(np.meshgrid(axis, axis, axis, indexing="ij"), axis=-1).reshape(-1, 3)
    table = palette.astype(np.float32)
    lengths = (table**2).sum(axis=1)
    found = np.empty(len(colours), np.uint8)
    for part in np.split(np.arange(len(colours)), BINS):  # in parts, to stay small
        found[part] = (lengths - 2 * (colours[part] @ table.T)).argmin(axis=1)
    return found


def bayer(size: int = 8) -> NDArray[np.float32]:
    """An ordered dither pattern of values in -0.5..0.5."""
    pattern = np.zeros((1, 1))
    while len(pattern) < size:
        pattern = np.block([[4 * pattern, 4 * pattern + 2], [4 * pattern + 3, 4 * pattern + 1]])
    return ((pattern + 0.5) / size**2 - 0.5).astype(np.float32)


def indexes(image: Plane, table: NDArray[np.uint8], pattern: Plane | None) -> NDArray[np.uint8]:
    """Palette indexes of a bgr24 picture; `pattern` (int16, of the picture's size) is added first."""
    if pattern is not None:
        image = np.clip(image + pattern[..., None], 0, 255).astype(np.uint8)
    blue, green, red = (image[..., channel].astype(np.uint16) >> _SHIFT for channel in range(3))
    found: NDArray[np.uint8] = table[(blue << 10) | (green << 5) | red]
    return found
