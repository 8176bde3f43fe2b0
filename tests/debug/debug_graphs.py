"""A clip of known colours, graphs on it, and a debug server that runs while a block does."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import cv2
import numpy as np

from flowgraph_tools.debug.server import Backend, DebugServer
from flowgraph_tools.debug.target import Target

FRAMES = 40
LEVELS = """\
flowgraph: 1
title: Levels
params:
  input: {type: path}
  level: {type: level, default: 50%}
nodes:
  video: {type: source, path: $input, format: bgr24}
  past:  {type: delay, in: video, frames: 3}
  moved: {type: mix, in: [video, past], weights: [1, -1], scale: 2}
  mask:  {type: threshold, in: video, level: $level}
  glow:  {type: blur, in: mask, sigma: 2}
  light: {type: blend, in: [moved, glow], mode: addition}
  out:   {type: sink, in: light, path: out.mp4}
"""


@dataclass(frozen=True, slots=True)
class Files:
    """A graph file and the pattern of its clip."""

    graph: Path
    clip: str

    def target(self) -> Target:
        """The call of the graph on the clip."""
        return Target(self.graph, {"input": self.clip})


def write_clip(folder: Path) -> str:
    """Forty pictures of 64x48: frame i is BGR (6 i, 100, 200) on the left and (0, 6 i, 0) on the right."""
    for i in range(FRAMES):
        picture = np.zeros((48, 64, 3), np.uint8)
        picture[:, :32] = (6 * i, 100, 200)
        picture[:, 32:] = (0, 6 * i, 0)
        assert cv2.imwrite(str(folder / f"frame{i:03d}.png"), picture)
    return str(folder / "frame%03d.png")


def write_files(folder: Path, graph: str = LEVELS) -> Files:
    """The clip and a graph in a folder."""
    path = folder / "graph.yaml"
    path.write_text(graph)
    return Files(path, write_clip(folder))


@contextmanager
def serving(session: Backend) -> Generator[DebugServer]:
    """A server for a session, on a thread, until the block ends."""
    server = DebugServer(session)
    thread = Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()
        session.close()
