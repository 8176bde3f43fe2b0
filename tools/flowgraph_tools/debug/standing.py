"""The message `state`: how the run stands, told a few times a second."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from time import perf_counter
from typing import Any

from flowgraph.executor.control import Status
from flowgraph_tools.debug.protocol import Message

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


def nodes_of(status: Status, p95: Mapping[str, float], latest: Mapping[str, int]) -> dict[str, list[Any]]:
    """For each node: fired, mean ms, p95 ms or None, share of all nodes' time, working, waiting, last frame."""
    whole = sum(node.seconds for node in status.nodes) or 1.0
    return {
        node.name: [
            node.fired,
            node.seconds / node.fired * 1000 if node.fired else 0.0,
            p95.get(node.name),
            node.seconds / whole,
            node.working,
            node.waiting,
            latest.get(node.name),
        ]
        for node in status.nodes
    }


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
