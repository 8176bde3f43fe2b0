"""A list of lines that never gets longer than was said: when it is full, neighbours become one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from flowgraph.frame import Plane


class Folding:
    """At most `most` lines of one shape, each of the frames whose indexes agree but for `bits` low bits.

    `bits` is the least number that makes room for all. `combine(a, b, out=...)` makes one line of two:
    np.add, np.minimum, np.maximum. Since only indexes decide, two lists of consecutive stretches merge to the
    very list of both stretches.
    """

    def __init__(self, most: int, shape: Sequence[int], dtype: str, combine: Callable[..., Any]) -> None:
        self.combine = combine
        self.bits = 0
        self.used = 0
        self.held: Plane = np.zeros((most, *shape), dtype)
        self.indexes: Plane = np.zeros(most, np.int64)
        self.held_counts: Plane = np.zeros(most, np.int64)

    @staticmethod
    def nbytes(most: int, shape: Sequence[int], dtype: str) -> int:
        """Bytes of the lines, their indexes and counts."""
        return most * (prod(shape) * np.dtype(dtype).itemsize + 16)

    @property
    def lines(self) -> Plane:
        """The lines so far."""
        return self.held[: self.used]

    @property
    def counts(self) -> Plane:
        """For each line, of how many it is made."""
        return self.held_counts[: self.used]

    def add(self, index: int, line: Plane, count: int = 1) -> None:
        """Take the line of a frame that is newer than all before it."""
        while self.used == len(self.held) and self._place(index) == self.used:
            self._fold()
        place = self._place(index)
        if place == self.used:
            self.held[place], self.indexes[place], self.held_counts[place] = line, index, count
            self.used += 1
        else:
            self.combine(self.held[place], line, out=self.held[place], casting="unsafe")
            self.held_counts[place] += count

    def merge(self, other: Folding) -> None:
        """Take all lines of a list that went on after this one."""
        while self.bits < other.bits:
            self._fold()
        for place in range(other.used):
            self.add(int(other.indexes[place]), other.held[place], int(other.held_counts[place]))

    def _place(self, index: int) -> int:
        """Where a new frame's line goes: onto the last one or after it."""
        same = self.used and int(self.indexes[self.used - 1]) >> self.bits == index >> self.bits
        return self.used - 1 if same else self.used

    def _fold(self) -> None:
        used, self.used = self.used, 0
        self.bits += 1
        for place in range(used):
            # Lines only move down, so what is read next is still there.
            self.add(int(self.indexes[place]), self.held[place], int(self.held_counts[place]))
