"""Watches a run and keeps a checksum of every frame of every node: 16 bytes each, no pixels."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from flowgraph import session
from flowgraph.executor.control import STILLS, Control, Fired
from flowgraph.frame import Frame
from flowgraph.plan import Plan
from flowgraph.session import Interrupted, Options
from flowgraph.sums import frame_sum

Sums = Mapping[int, int]
"""Checksums by frame index; a still's index is `STILLS`."""


@dataclass(slots=True)
class _Column:
    type: str
    pass_index: int
    format: str
    indexes: array[int] = field(default_factory=lambda: array("q"))
    sums: array[int] = field(default_factory=lambda: array("Q"))


@dataclass(frozen=True, slots=True)
class NodeSums:
    """What one node put out. `indexes` are in order; `sums` belong to them."""

    type: str
    format: str
    indexes: np.ndarray[tuple[int], np.dtype[np.int64]]
    sums: np.ndarray[tuple[int], np.dtype[np.uint64]]


class SumWatcher:
    """Hears of all firings. A node that runs in several passes makes the same frames in each: one counts."""

    def __init__(self) -> None:
        self._columns: dict[str, _Column] = {}
        self._lock = Lock()

    def wants(self, pass_index: int, index: int) -> bool:
        """All of them."""
        return True

    def fired(self, firing: Fired) -> None:
        """Keep the checksum."""
        if not firing.frames:
            return
        first = firing.frames[0]
        index = STILLS if firing.index == STILLS else first.index
        total = frame_sum(firing.frames)
        with self._lock:
            found = self._columns.get(firing.node)
            if found is None:
                found = _Column(firing.type, firing.pass_index, str(first.format))
                self._columns[firing.node] = found
            if found.pass_index == firing.pass_index:
                found.indexes.append(index)
                found.sums.append(total)

    def found(self) -> dict[str, NodeSums]:
        """What was seen, by node."""
        result: dict[str, NodeSums] = {}
        for name, column in self._columns.items():
            indexes = np.array(column.indexes, np.int64)
            order = np.argsort(indexes, kind="stable")
            result[name] = NodeSums(
                column.type, column.format, indexes[order], np.array(column.sums, np.uint64)[order]
            )
        return result


class FrameCatcher:
    """Keeps a copy of one frame of one node, and ends the run when it has it."""

    def __init__(self, control: Control, node: str, index: int) -> None:
        self.frame: Frame | None = None
        self._control = control
        self._node = node
        self._index = index

    def wants(self, pass_index: int, index: int) -> bool:
        """Every token: with a latency, a frame comes out later than its token."""
        return True

    def fired(self, firing: Fired) -> None:
        """Look whether it is this one."""
        if firing.node != self._node or not firing.frames or self.frame is not None:
            return
        index = STILLS if firing.index == STILLS else firing.frames[0].index
        if index == self._index:
            self.frame = firing.frames[0].copy()
            self._control.cancel()


def catch_frame(plan: Plan, options: Options, node: str, index: int) -> Frame | None:
    """A copy of the frame with that index of a node, computed by running the plan up to it."""
    control = Control()
    catcher = FrameCatcher(control, node, index)
    control.watcher = catcher
    try:
        session.execute(plan, options=options, control=control)
    except Interrupted:
        if catcher.frame is None:
            raise
    return catcher.frame
