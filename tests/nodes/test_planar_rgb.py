"""Nodes that take planar RGB give the samples that they give on packed RGB."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np
import pytest

from flowgraph.frame import Format, Frame
from flowgraph.library import node_type, type_names
from flowgraph.node import Node, ports
from flowgraph.testing import run_node

PICTURES: Final = np.random.default_rng(7).integers(0, 256, (4, 34, 50, 3), np.uint8)

CASES: Final = (
    ("absdiff", {}, 2),
    ("average", {}, 3),
    ("blend", {"mode": "multiply128"}, 2),
    ("blend", {"mode": "softlight", "opacity": 0.3}, 2),
    ("blur", {"sigma": 0.8}, 1),
    ("blur", {"sigma": 2.5}, 1),
    ("blur", {"sigma": 5}, 1),
    ("gamma", {"gamma": 1.4}, 1),
    ("invert", {}, 1),
    ("levels", {"in_black": 16, "out_white": 200}, 1),
    ("mix", {"weights": [0.5, -0.25], "offset": 7.5}, 2),
    ("pad", {"left": 3, "bottom": 2, "colour": "orange"}, 1),
    ("resize", {"width": 31, "height": 20}, 1),
    ("rotate", {"angle": 10, "colour": "orange"}, 1),
    ("stack", {}, 2),
    ("tblend", {"mode": "subtract"}, 1),
    ("tmix", {"frames": 3, "weights": [-1, 0, 1], "scale": 2}, 1),
    ("tmix", {"frames": 3}, 1),
)


def packed(offset: int) -> list[Frame]:
    """Four frames; another offset, other pictures."""
    format = Format("bgr24", 50, 34)
    return [Frame(k, Fraction(k, 25), format, (PICTURES[(k + offset) % 4],)) for k in range(4)]


def planar(frames: list[Frame]) -> list[Frame]:
    return [
        Frame(f.index, f.time, f.format.as_pixel("gbrp"), tuple(f.data[..., c].copy() for c in (1, 0, 2)))
        for f in frames
    ]


@pytest.mark.parametrize(("kind", "params", "inputs"), CASES)
def test_planes_get_what_channels_get(kind: str, params: dict[str, object], inputs: int) -> None:
    node = node_type(kind).model_validate(params)
    streams = [packed(offset) for offset in range(inputs)]
    wanted = planar(run_node(node, *streams))
    found = run_node(node, *map(planar, streams))
    assert len(found) == len(wanted) > 0
    for a, b in zip(found, wanted, strict=True):
        assert a.format.pixel == "gbrp"
        assert all(map(np.array_equal, a.planes, b.planes))


def takes_planes(kind: type[Node]) -> bool:
    return any("gbrp" in port.formats for port in ports(kind).inputs.values())


def test_every_node_that_takes_planar_rgb_is_compared() -> None:
    # libavfilter's own filters decide what they do with planar RGB.
    found = {name for name in type_names() if takes_planes(node_type(name))} - {"avfilter"}
    assert found == {kind for kind, _, _ in CASES}
