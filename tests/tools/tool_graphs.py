"""A graph that draws its own clip, for the tests of what shows graphs and runs."""

from __future__ import annotations

from pathlib import Path

from flowgraph.cli.main import main
from flowgraph.document.load import loads
from flowgraph.graph import Graph
from flowgraph.plan import Plan
from flowgraph.session import Options, compile

GLOW = """
flowgraph: 1
title: Glow & <b>more</b>
nodes:
  video: {type: testsrc, size: 64x48, length: 12}
  mean: {type: flatten, in: video, mode: mean}
  past: {type: delay, in: video, frames: 2}
  change:
    type: absdiff
    in: [video, past]
  soft: {type: blur, in: change, sigma: 3}
  light: {type: blend, in: {top: soft, bottom: mean}, mode: addition}
  out: {type: sink, in: light, path: "null"}
"""


def glow() -> Graph:
    return loads(GLOW, "glow.yaml")


def glow_plan(threads: int = 1) -> Plan:
    return compile(glow(), options=Options(threads=threads))


def broken_clip_graph(folder: Path) -> Path:
    """A graph whose source ends in the middle of a frame: its run fails."""
    (folder / "clip.yaml").write_text(
        "flowgraph: 1\nnodes:\n  clip: {type: testsrc, size: 64x48, length: 40}\n"
        "  out: {type: sink, in: clip, path: clip.mkv, codec: ffv1}\n"
    )
    assert main(["run", str(folder / "clip.yaml"), "-q", "--set", f"out.path={folder / 'clip.mkv'}"]) == 0
    whole = (folder / "clip.mkv").read_bytes()
    (folder / "cut.mkv").write_bytes(whole[: len(whole) * 2 // 3])
    graph = folder / "cut.yaml"
    graph.write_text(GLOW.replace("type: testsrc, size: 64x48, length: 12", "type: source, path: cut.mkv"))
    return graph
