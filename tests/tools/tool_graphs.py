"""A graph that draws its own clip, for the tests of what shows graphs and runs."""

from __future__ import annotations

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
