"""stutter, skip and cover."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import SAME, Formats, Node, subset
from flowgraph.testing import frame_of, run_node
from flowgraph_nodes.cover import Cover
from flowgraph_nodes.skip import Skip
from flowgraph_nodes.stutter import Stutter

COUNT = [np.full((2, 3), value, np.uint8) for value in range(7)]


def shown(node: Node) -> list[int]:
    return [int(frame.data[0, 0]) for frame in run_node(node, COUNT)]


def test_one_picture_in_n_is_shown_n_times() -> None:
    assert shown(Stutter(n=3)) == [0, 0, 0, 3, 3, 3, 6]
    assert shown(Stutter(n=2, offset=1)) == [0, 1, 1, 3, 3, 5, 5]
    assert shown(Stutter(n=1)) == [0, 1, 2, 3, 4, 5, 6]


def test_turned_off_every_picture_passes() -> None:
    assert shown(Stutter(n=3, on=False)) == [0, 1, 2, 3, 4, 5, 6]
    assert shown(Skip(frames=3, on=False)) == [0, 1, 2, 3, 4, 5, 6]


def test_an_offset_beyond_n_is_refused() -> None:
    with pytest.raises(ValueError, match=r"for n 2 it is 0\.\.1"):
        Stutter(n=2, offset=2).check()


def test_the_first_frames_are_left_out() -> None:
    assert shown(Skip(frames=2)) == [2, 3, 4, 5, 6]
    assert (Skip(frames=2).clock(), Skip(frames=0).clock()) == (subset("skip", 2), SAME)


def test_a_stretched_picture_is_opencvs_area(pictures: list[Plane]) -> None:
    for size in ((40, 30), (30, 40), (200, 99)):
        target = np.zeros((size[1], size[0], 3), np.uint8)
        (out,) = run_node(Cover(stretch=True), pictures[0], target)
        theirs = cv2.resize(pictures[0], size, interpolation=cv2.INTER_AREA)
        np.testing.assert_array_equal(out.data, theirs)


def test_a_covering_picture_keeps_its_shape_and_loses_its_margins() -> None:
    wide = np.tile(np.arange(120, dtype=np.uint8), (40, 1))
    (out,) = run_node(Cover(), wide, np.zeros((20, 20), np.uint8))
    assert out.data[0].tolist() == list(range(41, 81, 2))
    (tall,) = run_node(Cover(), wide.T.copy(), np.zeros((20, 20), np.uint8))
    np.testing.assert_array_equal(tall.data, out.data.T)


def test_the_shape_on_screen_counts_not_that_in_pixels() -> None:
    wide = np.tile(np.arange(120, dtype=np.uint8), (40, 1))
    anamorphic = Format("gray", 60, 40, aspect=Fraction(2))
    reference = Frame(0, Fraction(0), anamorphic, (np.zeros((40, 60), np.uint8),))
    (out,) = run_node(Cover(), frame_of(wide), reference)
    assert out.format.aspect == 2
    assert (out.data[0, 0], out.data[0, -1]) == (0, 118)  # 120 columns in pairs: all of it is seen


def test_a_covering_takes_the_others_size() -> None:
    formats = Formats({"image": (Format("bgr24", 640, 480),), "reference": (Format("yuv420p", 33, 21),)})
    assert Cover().output_formats(formats)["covering"] == Format("bgr24", 33, 21)
