"""Small graphs that a program steps."""

from __future__ import annotations

import numpy as np
from collect import COLLECTED, network, wire

from flowgraph.document.load import loads
from flowgraph.frame import Plane
from flowgraph.graph import Graph, NetNode
from flowgraph.library import node_type
from flowgraph.session import Options, plan
from flowgraph.stepping import Session

CAMERA = "camera: {type: input, size: 8x4, format: gray}"


def graph(*nodes: str) -> Graph:
    """A graph of these lines of nodes."""
    return loads("\n".join(["flowgraph: 1", "nodes:", *(f"  {line}" for line in nodes)]), "small.yaml")


def gray(value: int) -> Plane:
    """A flat picture of 8x4."""
    return np.full((4, 8), value, np.uint8)


def bgr(value: int) -> Plane:
    """A flat picture of 8x4 in colour."""
    return np.full((4, 8, 3), value, np.uint8)


def stepped(*nodes: NetNode) -> Session:
    """A session of a network of literal nodes that reads `camera`, gray pictures of 8x4."""
    COLLECTED.clear()
    camera = node_type("input").model_validate({"size": "8x4", "format": "gray"})
    return Session(plan(network(wire("camera", camera), *nodes), Options(threads=1)), Options(), {})
