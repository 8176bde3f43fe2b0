"""Prints what a step of a session costs besides the work of the nodes.

    python tests/bench/step_overhead.py [--nodes 10] [--steps 3000]

`session.step(camera=image)["result"].data` with a chain of cheap nodes on 64x64 frames, against a loop of the
very OpenCV calls that is written by hand. The fastest of some runs counts, in CPU time of the thread: what
else the machine does matters little.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from time import thread_time

import cv2
import numpy as np
from numpy.typing import NDArray

from flowgraph.document.builder import GraphBuilder
from flowgraph.graph import Graph

SIZE = 64
Picture = NDArray[np.uint8]


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=10, help="nodes between input and output (10)")
    parser.add_argument("--steps", type=int, default=3000, help="steps of a run (3000)")
    parser.add_argument("--repeat", type=int, default=5, help="runs, of which the fastest counts (5)")
    given = parser.parse_args(words)
    image: Picture = np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8)
    cv2.setNumThreads(1)
    steps = min(stepped(image, given.nodes, given.steps) for _ in range(given.repeat))
    loop = min(by_hand(image, given.nodes, given.steps) for _ in range(given.repeat))
    print(f"{given.nodes} nodes, {given.steps} frames of {SIZE}x{SIZE} bgr24; microseconds per frame:")
    print(f"  a step                             {steps:6.1f}")
    print(f"  a loop of the same OpenCV calls    {loop:6.1f}")
    print(f"  the engine                         {steps - loop:6.1f}")
    return 0


def chain(nodes: int) -> Graph:
    """Mirror, compare with what came in, mirror, ..."""
    graph = GraphBuilder("Overhead")
    camera = graph.add("input", name="camera", size=f"{SIZE}x{SIZE}")
    stream = camera
    for number in range(nodes):
        stream = graph.add("absdiff", stream, camera) if number % 2 else graph.add("flip", stream)
    graph.add("output", stream, name="result")
    return graph.build()


def stepped(image: Picture, nodes: int, steps: int) -> float:
    """Microseconds of one step, and of looking at what it gives."""
    with chain(nodes).session() as session:
        started = thread_time()
        for _ in range(steps):
            frame = session.step(camera=image)["result"]
            assert frame is not None
            frame.data  # noqa: B018 what is measured is the access
        return 1e6 * (thread_time() - started) / steps


def by_hand(image: Picture, nodes: int, steps: int) -> float:
    """Microseconds of the same calls, with nothing around them."""
    mirrored, apart = np.empty_like(image), np.empty_like(image)
    started = thread_time()
    for _ in range(steps):
        source = image
        for number in range(nodes):
            if number % 2:
                cv2.absdiff(source, image, dst=apart)
                source = apart
            else:
                cv2.flip(source, 1, dst=mirrored)
                source = mirrored
    return 1e6 * (thread_time() - started) / steps


if __name__ == "__main__":
    sys.exit(main())
