"""Measures bundled graphs in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from measured_run import Measured

from flowgraph.cli.find_graph import bundled
from flowgraph.document.load import load
from flowgraph.graph import Graph

GRAPHS: Final[Mapping[str, Graph]] = {name: load(path) for name, path in bundled().items()}
DRAWN: Final = ("demo", "make_clip")
"""Graphs that draw their own clip."""
MOST_GROWTH: Final = 1.02
"""How much higher the peak of a clip ten times as long may be."""
SLACK: Final = 2 << 20
"""Bytes of peaks that depend on chance: how many tokens were at their fattest at once, how full the
allocator's arenas of some eight threads happened to be, how many frames x264 had in use. A longer run sees
more such moments; from 600 to 2,400 frames nothing is added."""
THREADS: Final = 2
RUNNER: Final = Path(__file__).with_name("measured_run.py")


def run(name: str, clip: Path, folder: Path, frames: int, size: str, **overrides: object) -> Measured:
    """Run a bundled graph on a clip, or on a drawn one of `frames` frames, into `folder`.

    Raises:
        RuntimeError: it failed; with what it complained about.
    """
    folder.mkdir(parents=True, exist_ok=True)
    values = _values(GRAPHS[name], clip, folder, frames, size)
    words = [json.dumps(values), json.dumps(overrides), str(THREADS)]
    done = subprocess.run([sys.executable, RUNNER, name, *words], capture_output=True, text=True, timeout=600)
    if done.returncode:
        raise RuntimeError(f"{name} {words}: {done.stderr[-2000:]}")
    return Measured(**json.loads(done.stdout))


def _values(graph: Graph, clip: Path, folder: Path, frames: int, size: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for param in graph.params:
        if param.name.startswith("input") and param.type == "path":
            values[param.name] = str(clip)
        elif param.name == "length":
            values["length"] = frames
        elif param.name == "size":
            values["size"] = size
        elif param.type == "path" and param.default is None:
            values[param.name] = _picture(folder / f"{param.name}.png", size)
        elif param.type == "path":
            values[param.name] = str(folder / Path(str(param.default)).name)
    return values


def _picture(path: Path, size: str) -> str:
    """A picture for graphs that read one."""
    width, height = map(int, size.split("x"))
    ramp = np.linspace(0, 255, width, dtype=np.uint8)
    cv2.imwrite(str(path), np.broadcast_to(ramp[None, :, None], (height, width, 3)).copy())
    return str(path)


def draw(path: Path, size: str, frames: int, gop: int) -> Path:
    """Draw a clip with a keyframe every `gop` frames."""
    values = {"output": str(path), "length": frames, "size": size}
    overrides = {"out.codec": "h264", "out.preset": "veryfast", "out.options": {"g": gop, "bf": 2}}
    words = [json.dumps(values), json.dumps(overrides), str(THREADS)]
    subprocess.run([sys.executable, RUNNER, "make_clip", *words], check=True, stdout=subprocess.DEVNULL)
    return path
