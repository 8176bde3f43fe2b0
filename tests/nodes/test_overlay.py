"""overlay."""

import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes.overlay import Overlay

BASE = np.full((4, 5, 3), 10, np.uint8)
TOP = np.stack([np.array([[100, 120], [140, 160]], np.uint8)] * 3, axis=-1)


def laid(x: int, y: int, alpha: float = 1.0) -> Plane:
    (out,) = run_node(Overlay(x=x, y=y, alpha=alpha), BASE, TOP)
    assert (out.data == out.data[..., :1]).all()
    found: Plane = out.data[..., 0]
    return found


def test_a_corner_is_counted_from_the_left_and_the_top() -> None:
    assert laid(1, 2).tolist() == [[10] * 5, [10] * 5, [10, 100, 120, 10, 10], [10, 140, 160, 10, 10]]


def test_a_negative_place_is_counted_from_the_right_and_the_bottom() -> None:
    assert laid(-1, -2).tolist() == [[10] * 5, [10, 10, 10, 100, 120], [10, 10, 10, 140, 160], [10] * 5]


@pytest.mark.parametrize(
    ("x", "y", "place", "seen"), [(4, 3, (3, 4), 100), (-5, -4, (0, 0), 160), (4, 0, (1, 4), 140)]
)
def test_what_reaches_out_is_cut_off(x: int, y: int, place: tuple[int, int], seen: int) -> None:
    out = laid(x, y)
    assert out[place] == seen
    assert (out != 10).sum() == (2 if (x, y) == (4, 0) else 1)


@pytest.mark.parametrize(("x", "y"), [(5, 0), (0, 4), (-7, 0), (0, -30), (32768, 0)])
def test_what_lies_outside_is_not_seen(x: int, y: int) -> None:
    assert (laid(x, y) == 10).all()


def test_alpha_mixes() -> None:
    assert laid(0, 0, 0.5)[:2, :2].tolist() == [[55, 65], [75, 85]]
    assert (laid(0, 0, 0) == 10).all()


def test_a_larger_picture_covers_all() -> None:
    (out,) = run_node(Overlay(x=-1, y=0), TOP, BASE)
    assert (out.data == 10).all()
