"""Whole frames that were copied or computed for who looks closely, in a fixed number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from flowgraph.frame import Frame

MOST_BYTES = 128 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """A frame and whether it was computed at the side, by the graph's meaning, since the run has none."""

    frame: Frame
    aside: bool = False


class Keep:
    """The frames last used, by node and index. Any thread may use it."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._frames: OrderedDict[tuple[str, int], Kept] = OrderedDict()
        self._lock = Lock()
        self._bytes = 0

    @property
    def nbytes(self) -> int:
        """What the frames take."""
        return self._bytes

    def put(self, node: str, kept: Kept) -> None:
        """Keep a frame; those unused for longest go."""
        key = (node, kept.frame.index)
        with self._lock:
            old = self._frames.pop(key, None)
            self._bytes += kept.frame.format.frame_bytes - (old.frame.format.frame_bytes if old else 0)
            self._frames[key] = kept
            while self._bytes > self._most and len(self._frames) > 1:
                _, gone = self._frames.popitem(last=False)
                self._bytes -= gone.frame.format.frame_bytes

    def get(self, node: str, index: int) -> Kept | None:
        """The frame, if it is here."""
        with self._lock:
            found = self._frames.get((node, index))
            if found is not None:
                self._frames.move_to_end((node, index))
            return found

    def clear(self) -> None:
        """Forget all: a parameter or the graph is another."""
        with self._lock:
            self._frames.clear()
            self._bytes = 0
