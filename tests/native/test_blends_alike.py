"""Blends give the same bits with the compiled kernels and without."""

from typing import get_args

import numpy as np
import pytest

from flowgraph import native
from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes._blending import Mode, blend_scratch, table
from flowgraph_nodes.blend import Blend

MODES = get_args(Mode)


def blended(mode: Mode, opacity: float, top: Plane, bottom: Plane) -> Plane:
    (out,) = run_node(Blend(mode=mode, opacity=opacity), top, bottom)
    return out.data


@pytest.mark.parametrize("opacity", [1.0, 0.3])
@pytest.mark.parametrize("mode", MODES)
def test_kernels_change_no_bit(mode: Mode, opacity: float, monkeypatch: pytest.MonkeyPatch) -> None:
    top, bottom = np.indices((256, 256), dtype=np.uint8)
    found = blended(mode, opacity, top, bottom)
    monkeypatch.setattr(native, "available", lambda: False)
    assert np.array_equal(found, blended(mode, opacity, top, bottom))


def test_kernels_take_rows_far_apart_and_write_over_an_input() -> None:
    for mode in filter(native.blends, MODES):
        check_in_place(mode)


def check_in_place(mode: Mode) -> None:
    random = np.random.default_rng(3)
    room = random.integers(0, 256, (3, 40, 200, 3), dtype=np.uint8)
    kept = room.copy()
    top, bottom, out = (picture[2:39, 5:72] for picture in room)
    expected = table(mode).reshape(256, 256)[top, bottom]
    native.blend(mode, top, bottom, out)
    assert np.array_equal(out, expected)
    kept[2, 2:39, 5:72] = expected
    assert np.array_equal(room, kept)
    native.blend(mode, top, bottom, top)
    assert np.array_equal(top, expected)


def test_with_kernels_a_blend_needs_no_scratch() -> None:
    for mode in MODES:
        assert bool(native.available()) <= (not blend_scratch(mode, 0.3, (48, 64, 3)))
