"""Prints what the engine itself costs for each firing of a node.

    python tests/bench/overhead.py [--nodes 100] [--frames 1000] [--profile]

A serial run of cheap nodes on 64x64 frames, less the same run without them, against a loop of the very
OpenCV calls: what is left is the engine's own work. The fastest of some runs counts, in CPU time of the
thread that fires: what else the machine does matters little.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import thread_time

import cv2
import numpy as np
from numpy.typing import NDArray

from flowgraph.document.builder import GraphBuilder
from flowgraph.graph import Graph
from flowgraph.plan import Plan
from flowgraph.session import Options, compile, execute

SIZE = 64
OPTIONS = Options(threads=1, quiet=True)


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=100, help="nodes in the graph (100)")
    parser.add_argument("--frames", type=int, default=1000, help="frames of a run (1000)")
    parser.add_argument("--repeat", type=int, default=5, help="runs, of which the fastest counts (5)")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    given = parser.parse_args(words)
    firing = measure(given.nodes, given.frames, given.repeat)
    print(
        f"{given.nodes} nodes, {given.frames} frames of {SIZE}x{SIZE} bgr24, serial; microseconds per firing:"
    )
    print(f"  the run, less its source and sink  {firing.run:6.2f}")
    print(f"  a loop of the same OpenCV calls    {firing.loop:6.2f}")
    print(f"  the engine                         {firing.engine:6.2f}")
    if given.profile:
        profiler = cProfile.Profile()
        profiler.runcall(execute, compile_chain(given.nodes, given.frames), options=OPTIONS)
        pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(16)
    return 0


@dataclass(frozen=True, slots=True)
class Firing:
    """Microseconds for each firing of a node."""

    run: float
    loop: float

    @property
    def engine(self) -> float:
        """What is left of the run without the nodes' own work."""
        return self.run - self.loop


def measure(nodes: int, frames: int, repeat: int) -> Firing:
    """Run a chain, the same run without it, and the bare loop; the fastest of each counts."""
    plan, empty = compile_chain(nodes, frames), compile_chain(0, frames)
    run = fastest(lambda: spent(plan), repeat)
    rest = fastest(lambda: spent(empty), repeat)
    loop = fastest(lambda: bare_loop(nodes, frames), repeat)
    per_firing = 1e6 / (nodes * frames)
    return Firing((run - rest) * per_firing, loop * per_firing)


def compile_chain(nodes: int, frames: int) -> Plan:
    """The plan of a chain of cheap nodes that can't be merged."""
    return compile(chain(nodes, frames), options=OPTIONS)


def chain(nodes: int, frames: int) -> Graph:
    """Mirror, compare with the source, mirror, ..."""
    graph = GraphBuilder("Overhead")
    video = graph.add("testsrc", name="video", size=f"{SIZE}x{SIZE}", length=frames)
    stream = video
    for number in range(nodes):
        stream = graph.add("absdiff", stream, video) if number % 2 else graph.add("flip", stream)
    graph.add("sink", stream, name="out", path="null", codec="rawvideo", pixel_format="bgr24")
    return graph.build()


def spent(plan: Plan) -> float:
    """Seconds of one run on the thread that fires."""
    started = thread_time()
    execute(plan, options=OPTIONS)
    return thread_time() - started


def bare_loop(nodes: int, frames: int) -> float:
    """Seconds of the same calls, with nothing around them."""
    video: NDArray[np.uint8] = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    mirrored, apart = np.empty_like(video), np.empty_like(video)
    cv2.setNumThreads(1)
    started = thread_time()
    for _ in range(frames):
        source = video
        for number in range(nodes):
            if number % 2:
                cv2.absdiff(source, video, dst=apart)
                source = apart
            else:
                cv2.flip(source, 1, dst=mirrored)
                source = mirrored
    return thread_time() - started


def fastest(seconds: Callable[[], float], repeat: int) -> float:
    """The least of some runs: the others were disturbed."""
    return min(seconds() for _ in range(repeat))


if __name__ == "__main__":
    sys.exit(main())
