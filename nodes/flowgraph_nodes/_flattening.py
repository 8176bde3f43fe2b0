"""What a flatten knows of the frames so far, in memory that doesn't grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, Protocol

import cv2
import numpy as np

from flowgraph.frame import Plane
from flowgraph.kernels import band_samples, fit, flat, row_bands
from flowgraph_nodes._counters import check_room, counter


class Accumulator(Protocol):
    """Takes pictures of one shape and gives one."""

    def add(self, plane: Plane) -> None:
        """Take one picture."""

    def merge(self, other: Any) -> None:
        """Take all that another one took after this one."""

    def write(self, out: Plane) -> None:
        """Give the picture of all that was taken."""


class Combined:
    """Each new picture combined with the result so far: lighten, darken, sum."""

    def __init__(self, shape: Sequence[int], combine: Callable[..., object], start: int) -> None:
        self.combine = combine
        self.held: Plane = np.full(shape, start, np.uint8)

    @staticmethod
    def nbytes(shape: Sequence[int]) -> int:
        """Bytes of the state."""
        return prod(shape)

    def add(self, plane: Plane) -> None:
        """Combine with one picture."""
        self.combine(self.held, plane, dst=self.held)

    def merge(self, other: Combined) -> None:
        """Combine with the other's picture."""
        self.add(other.held)

    def write(self, out: Plane) -> None:
        """The result so far."""
        np.copyto(out, self.held)


class Mean:
    """Sums in 16 bits, which are quick, moved into 64 bits before they overflow."""

    _SPILL = 257  # 257 * 255 = 65535

    def __init__(self, shape: Sequence[int]) -> None:
        rows = (shape[0], prod(shape[1:]))
        self.frames = 0
        self.unspilled = 0
        self.total: Plane = np.zeros(rows, np.uint64)
        self.recent: Plane = np.zeros(rows, np.uint16)
        self.work: Plane = np.zeros(band_samples(shape))

    @staticmethod
    def nbytes(shape: Sequence[int]) -> int:
        """Bytes of the state."""
        return 10 * prod(shape) + 8 * band_samples(shape)

    def add(self, plane: Plane) -> None:
        """Add one picture."""
        np.add(self.recent, flat(plane), out=self.recent)
        self.frames += 1
        self.unspilled += 1
        if self.unspilled == self._SPILL:
            self._spill()

    def merge(self, other: Mean) -> None:
        """Add the other's sums."""
        self._spill()
        np.add(self.total, other.total, out=self.total)
        np.add(self.total, other.recent, out=self.total)
        self.frames += other.frames

    def write(self, out: Plane) -> None:
        """floor(257 * sum / n + .5) of 16 bits, rounded to 8; float64 keeps the quotients apart."""
        sums = self.sums()
        for rows, shape in row_bands(out.shape):
            mean = fit(self.work, shape)
            np.multiply(sums[rows], 257.0, out=mean)
            np.divide(mean, self.frames, out=mean)
            np.add(mean, 0.5, out=mean)
            np.floor(mean, out=mean)
            np.divide(mean, 257, out=mean)
            np.rint(mean, out=mean)
            np.copyto(flat(out[rows]), mean, casting="unsafe")

    def sums(self) -> Plane:
        """The sums so far: (rows, samples of a row)."""
        self._spill()
        return self.total

    def _spill(self) -> None:
        np.add(self.total, self.recent, out=self.total)
        self.recent.fill(0)
        self.unspilled = 0


class Median:
    """How often each sample had each of the 256 values."""

    _BAND = 4096
    TEMPORARIES = _BAND * 256 * 4
    """Bytes that numpy takes to sum a band's counts in 32 bits."""

    def __init__(self, shape: Sequence[int], most_frames: int | None) -> None:
        self.frames = 0
        self.kind = counter(most_frames)
        self.counts: Plane = np.zeros((prod(shape), 256), self.kind)
        self.samples: Plane = np.zeros(shape, np.uint8)
        self.first: Plane = np.arange(self._BAND, dtype=np.intp) * 256
        self.index: Plane = np.zeros(self._BAND, np.intp)
        self.sums: Plane = np.zeros((self._BAND, 256), np.uint32)
        self.above: Plane = np.zeros((self._BAND, 256), np.bool_)

    @classmethod
    def nbytes(cls, shape: Sequence[int], most_frames: int | None) -> int:
        """Bytes of the state."""
        width = np.dtype(counter(most_frames)).itemsize
        return (256 * width + 1) * prod(shape) + cls._BAND * (2 * 8 + 256 * 5)

    def add(self, plane: Plane) -> None:
        """Count one picture; raises ValueError for more than a counter can hold."""
        self._took(1)
        np.copyto(self.samples, plane)
        samples, counts = self.samples.reshape(-1), self.counts.reshape(-1)
        for start in range(0, samples.size, self._BAND):
            part = samples[start : start + self._BAND]
            index = self.index[: part.size]
            np.add(self.first[: part.size], part, out=index)
            counts[start * 256 : (start + part.size) * 256][index] += 1

    def merge(self, other: Median) -> None:
        """Add the other's counts; raises ValueError as `add` does."""
        self._took(other.frames)
        np.add(self.counts, other.counts, out=self.counts)

    def write(self, out: Plane) -> None:
        """The middle value, the lower one of two."""
        middle = self.samples.reshape(-1)
        for start in range(0, middle.size, self._BAND):
            counts = self.counts[start : start + self._BAND]
            sums, above = self.sums[: len(counts)], self.above[: len(counts)]
            np.cumsum(counts, axis=1, dtype=np.uint32, out=sums)
            np.greater(sums, (self.frames - 1) // 2, out=above)
            middle[start : start + self._BAND] = above.argmax(axis=1)
        np.copyto(out, self.samples)

    def _took(self, frames: int) -> None:
        self.frames += frames
        check_room(self.frames, self.kind)


_COMBINE: Mapping[str, Callable[..., object]] = {"lighten": cv2.max, "darken": cv2.min, "sum": cv2.add}


def accumulator(mode: str, shape: Sequence[int], most_frames: int | None) -> Accumulator:
    """The state of a mode, for a stream of no more than `most_frames`, None if nobody knows."""
    if mode == "mean":
        return Mean(shape)
    if mode == "median":
        return Median(shape, most_frames)
    return Combined(shape, _COMBINE[mode], 255 if mode == "darken" else 0)


def accumulator_bytes(mode: str, shape: Sequence[int], most_frames: int | None) -> int:
    """Bytes of that state."""
    if mode == "mean":
        return Mean.nbytes(shape)
    return Median.nbytes(shape, most_frames) if mode == "median" else Combined.nbytes(shape)
