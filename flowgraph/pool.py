"""The buffers that a plan asked for, and not one more.

A buffer is lent as a lease. Frames carry the lease; when the last frame that refers to it goes, the buffer is
free again. CPython's reference counts do the counting, so forwarding a frame needs no bookkeeping. Asking for
more than was planned is a bug of the engine and fails loudly.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from fractions import Fraction
from threading import Lock
from typing import Any

import numpy as np

from flowgraph.frame import EMPTY, Format, Frame, Plane, planes_in
from flowgraph.plan import PoolClass

ALIGNMENT = 64


class PoolError(AssertionError):
    """A frame more than planned was asked for: a bug of the engine, or a node that keeps frames."""


def _memory(nbytes: int) -> Plane:
    """Bytes that begin at a cache line."""
    raw = np.empty(nbytes + ALIGNMENT, np.uint8)
    start = -raw.ctypes.data % ALIGNMENT
    return raw[start : start + nbytes]


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
        self._free: dict[int, deque[Plane]] = {c.nbytes: deque() for c in classes}
        self._left: dict[int, int] = {c.nbytes: c.count for c in classes}
        self._planned = {c.nbytes: c.count for c in classes}
        self._outside: dict[str, deque[None]] = {s: deque([None] * n) for s, n in outside.items()}
        self._places = dict(outside)
        self._adopted: dict[str, int] = dict.fromkeys(outside, 0)
        self._frame_bytes: dict[str, int] = dict.fromkeys(outside, 0)
        self._made: list[Plane] = []
        self._lock = Lock()
        self.made_bytes = 0
        """Bytes of all buffers made so far: the peak, since none is given back before the end."""

    @property
    def peak_bytes(self) -> int:
        """The most bytes so far, readers' own frames included."""
        return self.made_bytes + sum(self._adopted.values())

    @property
    def used_bytes(self) -> int:
        """Bytes in use now, readers' own frames included."""
        idle = sum(nbytes * len(free) for nbytes, free in self._free.items())
        return self.made_bytes - idle + sum(self._alive_bytes(source) for source in self._outside)

    def _alive_bytes(self, source: str) -> int:
        return (self._places[source] - len(self._outside[source])) * self._frame_bytes[source]

    def lender(self, format: Format) -> Callable[[object, Frame], Frame]:
        """What lends frames of a format, each stamped like the frame given as second argument.

        Nobody else has the planes of such a frame; their contents are left over. Calling it raises PoolError
        when more buffers of this size are in use than the plan allows.
        """
        nbytes = format.frame_bytes
        free = self._free.get(nbytes)
        views: dict[int, tuple[Plane, ...]] = {}

        def lend(_: object, stamp: Frame) -> Frame:
            if free is None:
                raise PoolError(f"the plan has no buffers of {nbytes} bytes ({format})")
            try:
                buffer = free.pop()
            except IndexError:
                buffer = self._make(nbytes)
            planes = views.get(id(buffer))
            if planes is None:
                # Buffers live as long as the pool, so an identity is never another buffer's.
                planes = views[id(buffer)] = planes_in(buffer, format)
            lease = Lease(free, buffer)
            return Frame(stamp.index, stamp.time, format, planes, stamp.properties, lease, stamp.duration)

        return lend

    def frame(self, format: Format) -> Frame:
        """One frame, with index and time 0; raises PoolError like `lender`."""
        return self.lender(format)(None, Frame(0, Fraction(0), format, ()))

    def _make(self, nbytes: int) -> Plane:
        with self._lock:
            if not self._left[nbytes]:
                raise PoolError(f"all {self._planned[nbytes]} buffers of {nbytes} bytes are in use")
            self._left[nbytes] -= 1
            self.made_bytes += nbytes
            buffer = _memory(nbytes)
            self._made.append(buffer)
        return buffer

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
        if not self._frame_bytes[source]:
            self._frame_bytes[source] = frame.format.frame_bytes  # a source has one format
        alive = self._alive_bytes(source)
        if alive > self._adopted[source]:
            self._adopted[source] = alive
        return frame
