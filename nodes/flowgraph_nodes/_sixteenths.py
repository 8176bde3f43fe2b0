"""An exact median in two readings: first its sixteenth of the range, then its place in there."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

import numpy as np

from flowgraph.frame import Plane
from flowgraph.node import Formats
from flowgraph_nodes._counters import check_room, counter

_BAND = 1 << 15


class Counts:
    """For each sample of the input `image`, how often its values fell into each of some bins."""

    def __init__(self, formats: Formats, bins: int) -> None:
        shape = formats["image"].shapes[0]
        self.frames = 0
        self.kind = counter(formats.frames)
        self.counts: Plane = np.zeros((prod(shape), bins), self.kind)
        self.samples: Plane = np.zeros(shape, np.uint8)
        self.first: Plane = np.arange(_BAND, dtype=np.intp) * bins

    @staticmethod
    def nbytes(formats: Formats, bins: int) -> int:
        """Bytes of the state."""
        width = np.dtype(counter(formats.frames)).itemsize
        return prod(formats["image"].shapes[0]) * (width * bins + 1) + 8 * _BAND

    @staticmethod
    def temporaries(bins: int) -> int:
        """Bytes that numpy takes for a band: indexes and counters, or sums and what they exceed."""
        return _BAND * (11 * bins + 24)

    def bands(self, plane: Plane) -> Iterator[tuple[slice, Plane]]:
        """The samples of a picture, a stretch at a time."""
        np.copyto(self.samples, plane)
        samples = self.samples.reshape(-1)
        for start in range(0, samples.size, _BAND):
            here = slice(start, min(samples.size, start + _BAND))
            yield here, samples[here]

    def count(self, here: slice, bins: Plane) -> None:
        """Count each sample of a stretch into its bin."""
        part = self.counts[here].reshape(-1)
        part[self.first[: len(bins)] + bins] += 1

    def took(self, frames: int) -> None:
        """Remember how many frames were counted; raises ValueError for more than a counter can hold."""
        self.frames += frames
        check_room(self.frames, self.kind)

    def merge(self, other: Counts) -> None:
        """Add the counts of another stretch; raises ValueError as `took` does."""
        self.took(other.frames)
        np.add(self.counts, other.counts, out=self.counts)

    def middle(self) -> Iterator[tuple[slice, Plane]]:
        """For each sample the bin that holds the middle one of its values, the lower of two."""
        for start in range(0, len(self.counts), _BAND):
            here = slice(start, start + _BAND)
            sums = np.cumsum(self.counts[here], axis=1, dtype=np.uint32)
            yield here, (sums > (self.frames - 1) // 2).argmax(axis=1)
