"""Frames that are lent to a program: valid until the next one is asked for.

The arrays of a lent frame are read-only views of the engine's own buffers. A buffer comes back only when the
last array that looks at it is gone, so an array that a program keeps never changes under its hands; keeping
more of them than the plan counted is an error that says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from weakref import ref

import numpy as np

from flowgraph.errors import GraphError
from flowgraph.frame import Format, Frame, Plane

KEPT = 2
"""How many earlier frames a program may still have arrays of: this one and the one before, in a loop."""


class ReleasedError(GraphError):
    """A frame was used after the next one had been asked for."""


class _Hold(np.ndarray[Any, Any]):
    """Keeps the buffer that it lies in."""

    frame: object


class _Owner(np.ndarray[Any, Any]):
    """What a lent array has as its base.

    Of a view of a view, numpy keeps the base of the first, as far as their types are the same. With three
    types in a row, a view of a lent array keeps that, and it an owner, a hold, and the buffer.
    """


def _lend(plane: Plane, hold: object) -> Plane:
    held = plane.view(_Hold)
    held.frame = hold
    lent: Plane = held.view(_Owner).view(np.ndarray)
    lent.flags.writeable = False
    return lent


class LentFrame(Frame):
    """A frame whose planes are lent. `copy` makes one to keep.

    Asking for planes after the release raises ReleasedError.
    """

    __slots__ = ("_lent", "_of", "_views")

    def __init__(self, frame: Frame, of: str) -> None:
        # No call of the base's initializer: it would set the planes, which are made when they are asked for.
        self.index: int = frame.index
        self.time: Fraction = frame.time
        self.format: Format = frame.format
        self.properties: Mapping[str, Any] = frame.properties
        self.duration: Fraction | None = frame.duration
        self.hold: object = None
        self._lent: Frame | None = frame
        self._of = of
        self._views: tuple[Plane, ...] = ()

    @property
    def planes(self) -> tuple[Plane, ...]:  # type: ignore[override] # a slot of the base, guarded here
        """Read-only views of the picture.

        Raises:
            ReleasedError: the next frame was asked for meanwhile.
        """
        frame = self._lent
        if frame is None:
            raise ReleasedError(
                f"frame {self.index} of '{self._of}' was released when the next one was asked for",
                hint="keep frame.copy()",
            )
        if not self._views:
            self._views = tuple([_lend(plane, frame.hold) for plane in frame.planes])
        return self._views

    def release(self) -> list[ref[Plane]]:
        """Give the buffer back, once no array looks at it any more: until then the references are alive."""
        views, self._views, self._lent = self._views, (), None
        return [ref(view) for view in views]

    def __repr__(self) -> str:
        return super().__repr__() if self._lent is not None else super().__repr__()[:-1] + ", released>"


class Loan:
    """What one reader has of one stream: the last frame, and arrays of earlier ones."""

    def __init__(self, of: str) -> None:
        self._of = of
        self._frame: LentFrame | None = None
        self._kept: list[list[ref[Plane]]] = []

    def lend(self, frame: Frame) -> LentFrame:
        """Lend the next frame; the last one must have been released."""
        self._frame = LentFrame(frame, self._of)
        return self._frame

    def release(self) -> None:
        """Release the last frame.

        Raises:
            GraphError: arrays of more earlier frames are alive than the plan counted.
        """
        if self._frame is not None:
            self._kept.append(self._frame.release())
            self._frame = None
        self._kept = [refs for refs in self._kept if any(view() is not None for view in refs)]
        if len(self._kept) > KEPT:
            raise GraphError(
                f"arrays of {len(self._kept)} earlier frames of '{self._of}' are still in use",
                hint="keep copies instead: frame.copy(), or frame.data.copy()",
            )
