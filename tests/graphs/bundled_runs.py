"""Runs bundled graphs in this process and takes fingerprints of what they write."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av

from flowgraph.cli.find_graph import bundled
from flowgraph.document.load import load
from flowgraph.graph import Graph
from flowgraph.session import Options, Report, compile, execute

GRAPHS: Final[Mapping[str, Graph]] = {name: load(path) for name, path in bundled().items()}
DRAWN: Final = ("demo", "make_clip")
"""Graphs that draw their own clip and so read none."""
READ: Final = ("input", "input2", "input3", "input4", "sound")
"""Parameters that name a video to read."""
PICTURES: Final = ("background", "mask")
"""Parameters that name a picture to read: a white disc on black stands for it, beside the clip."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run wrote, as fingerprints, and what it reported."""

    pictures: Mapping[str, str]
    report: Report


def run(name: str, clip: Path, folder: Path, options: Options, **given: object) -> Run:
    """Run a bundled graph on a clip into `folder`, without loss; `given` are further parameters."""
    folder.mkdir(parents=True)
    values, overrides = lossless_call(GRAPHS[name], clip, folder)
    plan = compile(GRAPHS[name], values | given, overrides, options)
    report = execute(plan, options=options)
    return Run({path.name: _fingerprint(path) for path in sorted(folder.iterdir())}, report)


def stand_in(param: str, clip: Path) -> Path | None:
    """What is read for a parameter; None for those that name no file to read."""
    if param in PICTURES:
        return clip.with_suffix(".png")
    return clip if param in READ else None


def lossless_call(
    graph: Graph, clip: Path, folder: Path
) -> tuple[dict[str, Any], dict[tuple[str, str], Any]]:
    """Parameters that make a graph write into `folder` without loss, and what must be set beside them."""
    values: dict[str, Any] = {}
    overrides: dict[tuple[str, str], Any] = {}
    for param in graph.params:
        if read := stand_in(param.name, clip):
            values[param.name] = str(read)
        elif param.type == "path":
            default = Path(str(param.default))
            video = default.suffix == ".mp4"
            lossless = ".mkv" if video else ".csv" if default.suffix == ".csv" else ".png"
            values[param.name] = str(folder / default.with_suffix(lossless).name)
            if video:
                overrides["out" if param.name == "output" else param.name, "codec"] = "ffv1"
        elif param.name == "length":
            values["length"] = 12
        elif param.name == "size":
            values["size"] = "96x64"
    return values, overrides


def _fingerprint(path: Path) -> str:
    """A hash of all samples and timestamps in a video or picture file, or of a table."""
    if path.suffix == ".csv":
        return hashlib.sha256(path.read_bytes()).hexdigest()
    found = hashlib.sha256()
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            found.update(f"{frame.format.name} {frame.width}x{frame.height} {frame.time}".encode())
            found.update(frame.to_ndarray().tobytes())
    return found.hexdigest()
