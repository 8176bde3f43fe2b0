"""What OpenCV and numpy take inside the nodes that make masks stays within what they declare."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from growth import filled, grown, over

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.library import node_type
from flowgraph.node import Formats, ports

WIDTH, HEIGHT = 1200, 800
CASES = [
    ("morphology", {"operation": "open", "radius": 12}, ["gray"]),
    ("morphology", {"operation": "gradient", "radius": 3}, ["colour"]),
    ("components", {"most": 1, "holes": 5}, ["gray"]),
    ("measure", {"box": "outline"}, ["gray"]),
    ("background_model", {"method": "mog2"}, ["colour"]),
    ("background_model", {"method": "knn"}, ["gray"]),
    ("coherence", {}, ["gray", "gray"]),
    ("guided", {"radius": 9}, ["gray", "gray"]),
    ("region_classes", {"across": 200}, ["colour", "gray"]),
    ("lightness_fit", {}, ["colour"]),
    ("colour_distance", {}, ["colour"]),
    ("cover", {"stretch": True}, ["colour", "gray"]),
]


@cache
def picture(kind: str) -> Frame:
    """Noise, or a mask of as many parts as there can be."""
    frame = new_frame(Format("bgr24" if kind == "colour" else "gray", WIDTH, HEIGHT))
    if kind == "colour":
        frame.data[...] = np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3))
    else:
        frame.data[...] = np.indices((HEIGHT, WIDTH)).sum(axis=0) % 2 * 255
    return frame


def beyond_declared(type: str, written: dict[str, Any], kinds: list[str]) -> int:
    node: Any = node_type(type).model_validate(written)
    given = [picture(kind) for kind in kinds]
    names = ports(node.__class__).inputs
    inputs = {name: (frame.format,) for name, frame in zip(names, given, strict=False)}
    formats = Formats(inputs, node.output_formats(Formats(inputs)))
    outputs = [filled(new_frame(format)) for format in formats.outputs.values()]
    scratch = {name: np.ones(*spec) for name, spec in node.scratch(formats).items()}
    rest = [] if hasattr(node, "accumulate") else [*outputs, *([scratch] if scratch else [])]

    def run() -> None:
        state = [node.start(formats)] if hasattr(node, "start") else []
        for _ in range(3):
            (getattr(node, "accumulate", None) or node.process)(*state, *given, *rest)

    run()  # what libraries set up once is none of the node's
    return grown(run) - node.temporaries(formats) - node.state_bytes(formats)


def test_the_process_grows_by_no_more_than_was_declared() -> None:
    assert over(512 * 1024, beyond_declared, CASES) == []
