"""The message `state`: how the run stands, told a few times a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from flowgraph.executor.control import Status
from flowgraph_tools.debug.protocol import Message
from flowgraph_tools.debug.watching import Times, percentile

RECENT_S = 3.0
"""The stretch of time over which frames a second are counted."""


class Pace:
    """Frames a second, over the last seconds."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def see(self, frame: int) -> float:
        """The rate, now that this frame is the last; 0 where nothing moved."""
        now = perf_counter()
        if self._seen and frame < self._seen[-1][1]:
            self._seen.clear()
        self._seen.append((now, frame))
        while now - self._seen[0][0] > RECENT_S and len(self._seen) > 2:
            self._seen.popleft()
        then, first = self._seen[0]
        return (frame - first) / (now - then) if now > then else 0.0


def nodes_of(status: Status, times: Times, latest: Mapping[str, int]) -> dict[str, list[Any]]:
    """For each node: fired, mean ms, p95 ms or None, share of all nodes' time, working, waiting, last frame.

    What a source takes is what workers wait for its frames: it reads ahead on a thread of its own.
    """
    present = {node.name: node for node in status.nodes}
    took: dict[str, tuple[int, float]] = {}
    # A run that was begun in its last pass knows nothing of nodes of earlier ones.
    for name in dict.fromkeys((*times.spent, *present)):
        node = present.get(name)
        took[name] = times.so_far(name, node.fired if node else 0, node.seconds if node else 0.0)
    whole = sum(fired * mean for fired, mean in took.values()) or 1.0
    found: dict[str, list[Any]] = {}
    for name, (fired, mean) in took.items():
        recent = times.recent.get(name)
        node = present.get(name)
        found[name] = [
            fired,
            mean * 1000,
            percentile(recent) if recent else None,
            fired * mean / whole,
            node.working if node else 0,
            node.waiting if node else 0,
            latest.get(name),
        ]
    return found


def state_message(
    status: Status, mode: str, frame: int, rate: float, nodes: Mapping[str, list[Any]], extra: Message
) -> Message:
    """The message; `extra` is what the kind of backend adds."""
    total = status.total
    left = (total - frame - 1) / rate if total is not None and rate > 0 and mode == "running" else None
    return {
        "is": "state",
        "mode": mode,
        "frame": frame,
        "total": total,
        "pass": status.pass_index,
        "passes": status.passes,
        "seconds": status.seconds,
        "rate": rate,
        "left": left,
        "bytes": status.pool_bytes,
        "peak": status.peak_bytes,
        "bound": status.bound_bytes,
        "nodes": dict(nodes),
        **extra,
    }
