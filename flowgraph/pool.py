"""The buffers that a plan asked for, and not one more.

A buffer is lent as a lease. Frames carry the lease; when the last frame that refers to it goes, the buffer is
free again. CPython's reference counts do the counting, so forwarding a frame needs no bookkeeping. Asking for
more than was planned is a bug of the engine and fails loudly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from fractions import Fraction
from threading import Lock
from typing import Any

import numpy as np

from flowgraph.frame import EMPTY, Format, Frame, Plane
from flowgraph.plan import PoolClass

ALIGNMENT = 64


class PoolError(AssertionError):
    """A frame more than planned was asked for: a bug of the engine, or a node that keeps frames."""


class Buffer:
    """One stretch of memory, and the views of it that were made so far."""

    __slots__ = ("memory", "views")

    def __init__(self, nbytes: int) -> None:
        raw = np.empty(nbytes + ALIGNMENT, np.uint8)
        start = -raw.ctypes.data % ALIGNMENT
        self.memory = raw[start : start + nbytes]
        self.views: dict[Format, tuple[Plane, ...]] = {}

    def planes(self, format: Format) -> tuple[Plane, ...]:
        """The planes of a frame of `format` in this memory."""
        found = self.views.get(format)
        if found is None:
            found = self.views[format] = planes_in(self.memory, format)
        return found


def planes_in(memory: Plane, format: Format) -> tuple[Plane, ...]:
    """Views of `memory` (bytes) as the planes of one frame."""
    planes: list[Plane] = []
    start = 0
    for shape, nbytes in zip(format.shapes, format.plane_bytes, strict=True):
        planes.append(memory[start : start + nbytes].view(format.layout.dtype).reshape(shape))
        start += nbytes
    return tuple(planes)


class Lease:
    """Keeps a buffer, or somebody else's frame, until the last reference to it goes."""

    __slots__ = ("back", "item", "owner")

    def __init__(self, back: deque[Any], item: object, owner: object = None) -> None:
        self.back = back
        self.item = item
        self.owner = owner

    def __del__(self) -> None:
        self.back.append(self.item)


class BufferPool:
    """A fixed number of buffers of each size; they are made when first needed and reused from then on."""

    def __init__(self, classes: tuple[PoolClass, ...], outside: Mapping[str, int] = EMPTY) -> None:
        self._free: dict[int, deque[Buffer]] = {c.nbytes: deque() for c in classes}
        self._left: dict[int, int] = {c.nbytes: c.count for c in classes}
        self._planned = {c.nbytes: c.count for c in classes}
        self._outside: dict[str, deque[None]] = {s: deque([None] * n) for s, n in outside.items()}
        self._places = dict(outside)
        self._adopted: dict[str, int] = dict.fromkeys(outside, 0)
        self._lock = Lock()
        self.made_bytes = 0
        """Bytes of all buffers made so far: the peak, since none is given back before the end."""

    @property
    def peak_bytes(self) -> int:
        """The most bytes so far, readers' own frames included."""
        return self.made_bytes + sum(self._adopted.values())

    def frame(
        self,
        format: Format,
        index: int,
        time: Fraction,
        properties: Mapping[str, Any] = EMPTY,
        duration: Fraction | None = None,
    ) -> Frame:
        """A frame whose planes nobody else has; their contents are left over.

        Raises:
            PoolError: more buffers of this size are in use than the plan allows.
        """
        nbytes = format.frame_bytes
        try:
            free = self._free[nbytes]
            try:
                buffer = free.pop()
            except IndexError:
                buffer = self._make(nbytes)
        except KeyError:
            raise PoolError(f"the plan has no buffers of {nbytes} bytes ({format})") from None
        lease = Lease(free, buffer)
        return Frame(index, time, format, buffer.planes(format), properties, lease, duration)

    def _make(self, nbytes: int) -> Buffer:
        with self._lock:
            if not self._left[nbytes]:
                raise PoolError(f"all {self._planned[nbytes]} buffers of {nbytes} bytes are in use")
            self._left[nbytes] -= 1
            self.made_bytes += nbytes
        return Buffer(nbytes)

    def adopt(self, source: str, frame: Frame) -> Frame:
        """Count a reader's own frame for as long as anybody refers to it.

        Raises:
            PoolError: more frames of this source are alive than the plan allows.
        """
        places = self._outside[source]
        try:
            places.pop()
        except IndexError:
            raise PoolError(f"more frames of source '{source}' are alive than planned") from None
        frame.hold = Lease(places, None, frame.hold)
        alive = (self._places[source] - len(places)) * frame.format.frame_bytes
        self._adopted[source] = max(self._adopted[source], alive)
        return frame
