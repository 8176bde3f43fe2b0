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
    plan, empty = compile_chain(given.nodes, given.frames), compile_chain(0, given.frames)
    firings = given.nodes * given.frames
    run = fastest(lambda: spent(plan), given.repeat)
    rest = fastest(lambda: spent(empty), given.repeat)
    loop = fastest(lambda: bare_loop(given.nodes, given.frames), given.repeat)
    per_firing = 1e6 / firings
    print(
        f"{given.nodes} nodes, {given.frames} frames of {SIZE}x{SIZE} bgr24, serial; microseconds per firing:"
    )
    print(f"  the run, less its source and sink  {(run - rest) * per_firing:6.2f}")
    print(f"  a loop of the same OpenCV calls    {loop * per_firing:6.2f}")
    print(f"  the engine                         {(run - rest - loop) * per_firing:6.2f}")
    if given.profile:
        profiler = cProfile.Profile()
        profiler.runcall(execute, plan, options=OPTIONS)
        pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(16)
    return 0


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
