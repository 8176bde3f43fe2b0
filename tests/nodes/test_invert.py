"""invert."""

import numpy as np

from flowgraph.frame import Plane
from flowgraph.node import Affine, Term
from flowgraph.testing import run_node
from flowgraph_nodes.invert import Invert


def test_every_channel_becomes_its_complement(pictures: list[Plane]) -> None:
    out = run_node(Invert(), pictures)
    for frame, picture in zip(out, pictures, strict=True):
        np.testing.assert_array_equal(frame.data, 255 - picture)


def test_weight_and_offset_are_declared() -> None:
    assert Invert().affine({"image": 1}) == Affine((Term("image", -1.0),), 255.0)
