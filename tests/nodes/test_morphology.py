"""morphology and components."""

from typing import Any

import cv2
import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes.components import Components
from flowgraph_nodes.morphology import Morphology

OPERATIONS: list[Any] = ["open", "close", "erode", "dilate", "gradient"]


def mask(*rows: str) -> Plane:
    return np.array([[255 if sign == "#" else 0 for sign in row] for row in rows], np.uint8)


def drawn(plane: Plane) -> list[str]:
    assert set(plane.ravel()) <= {0, 255}
    return ["".join("#" if value else "." for value in row) for row in plane]


def cleaned(node: Any, *rows: str) -> list[str]:
    (out,) = run_node(node, mask(*rows))
    return drawn(out.data)


def test_opening_takes_specks_away() -> None:
    node = Morphology(operation="open", radius=1, shape="box")
    assert cleaned(node, "#.....", "..###.", "..###.", "..###.", "......") == [
        "......", "..###.", "..###.", "..###.", "......"]  # fmt: skip


def test_closing_fills_gaps() -> None:
    node = Morphology(operation="close", radius=1, shape="box")
    assert cleaned(node, "........", "........", "..#.##..", "..#.##..", "........", "........") == [
        "........", "........", "..####..", "..####..", "........", "........"]  # fmt: skip


def test_a_disc_a_box_and_a_cross_reach_their_own_way() -> None:
    dot = (".....", ".....", "..#..", ".....", ".....")
    assert cleaned(Morphology(operation="dilate", radius=1, shape="box"), *dot)[1] == ".###."
    assert cleaned(Morphology(operation="dilate", radius=1, shape="cross"), *dot)[1] == "..#.."
    assert cleaned(Morphology(operation="dilate", radius=2), *dot) == [
        "..#..", "#####", "#####", "#####", "..#.."]  # fmt: skip


@pytest.mark.parametrize("operation", OPERATIONS)
def test_pictures_are_treated_as_opencv_does(operation: Any, pictures: list[Plane]) -> None:
    node = Morphology(operation=operation, radius=3)
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    theirs = cv2.morphologyEx(pictures[0], getattr(cv2, f"MORPH_{operation.upper()}"), reach)
    (out,) = run_node(node, pictures[0])
    np.testing.assert_array_equal(out.data, theirs)


def test_without_reach_the_picture_stays(pictures: list[Plane]) -> None:
    (out,) = run_node(Morphology(radius=0), pictures[0])
    np.testing.assert_array_equal(out.data, pictures[0])
    (none,) = run_node(Morphology(operation="gradient", radius=0), pictures[0])
    assert not none.data.any()


PARTS = ("##...#", "##....", "..#...", "....##", "...###")


def test_the_largest_parts_are_kept() -> None:
    assert cleaned(Components(most=1), *PARTS) == ["##....", "##....", "..#...", "......", "......"]
    assert cleaned(Components(most=2), *PARTS) == ["##....", "##....", "..#...", "....##", "...###"]


def test_parts_smaller_than_the_least_vanish() -> None:
    assert cleaned(Components(least=2), *PARTS)[0] == "##...."
    assert cleaned(Components(least=6), *PARTS) == ["......"] * 5


def test_holes_up_to_a_size_are_filled() -> None:
    ring = (".......", ".#####.", ".#.#..#", ".#####.", ".......")
    filled = cleaned(Components(holes=1), *ring)
    assert filled[2] == ".###..#"
    assert cleaned(Components(holes=2), *ring)[2] == ".######"


def test_an_empty_and_a_full_mask_stay_as_they_are() -> None:
    for value in (0, 255):
        (out,) = run_node(Components(most=1, holes=5), np.full((6, 7), value, np.uint8))
        assert set(out.data.ravel()) == {value}


def test_the_level_decides_what_belongs_to_a_part() -> None:
    (out,) = run_node(Components(level="25%"), np.array([[63, 64, 200]], np.uint8))  # type: ignore[arg-type]
    assert out.data.tolist() == [[0, 255, 255]]
