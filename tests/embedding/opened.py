"""Runs of literal networks that the test holds in its hand, and what they leave behind."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path

from collect import COLLECTED, READERS, Literals, whole_network, wire

from flowgraph.frame import Frame
from flowgraph.graph import NetNode
from flowgraph.running import Run
from flowgraph.session import Options

VALUES = tuple(range(60))
CLIP = wire("v", Literals(values=VALUES))


def opened(
    *nodes: NetNode,
    outputs: Iterable[str] | Mapping[str, str] = (),
    ahead: int = 0,
    sinks: bool = True,
    threads: int | None = None,
) -> Run:
    """A run of a network of literal frames."""
    COLLECTED.clear()
    READERS.clear()
    wanted = dict(outputs) if isinstance(outputs, Mapping) else dict.fromkeys(outputs, "auto")
    options = Options(threads=threads)
    return Run(whole_network(*nodes), wanted, options=options, ahead=ahead, sinks=sinks)


def first_samples(frames: Iterable[Frame]) -> list[int]:
    """The first sample of each frame."""
    return [int(frame.planes[0].flat[0]) for frame in frames]


def engine_threads() -> list[threading.Thread]:
    """The threads of all runs that are still there."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("flowgraph ")]


def descriptors() -> int:
    """How many files, sockets and pipes this process has open."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def wait_for_threads() -> None:
    """Return when no run has a thread any more; collects what nobody holds first."""
    gc.collect()
    for thread in engine_threads():
        thread.join(30)
    assert engine_threads() == []
