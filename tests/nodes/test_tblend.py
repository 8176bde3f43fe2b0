"""tblend."""

from collections.abc import Callable

import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.node import subset
from flowgraph.testing import run_node
from flowgraph_nodes._blending import Mode
from flowgraph_nodes.tblend import Tblend


@pytest.mark.parametrize("mode", ["subtract", "difference", "multiply128", "dodge"])
def test_bits_are_those_of_libavfilter(
    mode: Mode, pictures: list[Plane], libavfilter: Callable[..., list[Plane]]
) -> None:
    stream = [np.ascontiguousarray(picture[..., 1]) for picture in pictures]
    out = run_node(Tblend(mode=mode), stream)
    expected = libavfilter("tblend", f"all_mode={mode}", stream)
    assert len(out) == len(expected) == len(stream) - 1
    for frame, plane in zip(out, expected, strict=True):
        np.testing.assert_array_equal(frame.data, plane)


def test_the_first_frame_gives_nothing_and_the_rest_keep_their_index() -> None:
    out = run_node(Tblend(mode="subtract"), [np.full((1, 1), value, np.uint8) for value in (5, 9, 7)])
    assert [(frame.index, frame.data.item()) for frame in out] == [(1, 4), (2, 0)]


def test_its_clock_is_that_of_dropping_one_frame() -> None:
    assert Tblend().clock() == subset("skip", 1)
