"""mix."""

import cv2
import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.node import Affine, Term
from flowgraph.testing import run_node
from flowgraph_nodes.mix import Mix


def test_half_and_half_is_opencvs_add_weighted_on_all_pairs(pairs: tuple[Plane, Plane]) -> None:
    first, second = pairs
    (out,) = run_node(Mix(weights=(0.5, 0.5)), first, second)
    np.testing.assert_array_equal(out.data, cv2.addWeighted(first, 0.5, second, 0.5, 0))
    np.testing.assert_array_equal(out.data, np.rint((first.astype(int) + second) / 2))


def test_half_a_frame_and_half_an_inverted_one_round_to_even(pairs: tuple[Plane, Plane]) -> None:
    first, second = pairs
    (out,) = run_node(Mix(weights=(0.5, -0.5), offset=127.5), first, second)
    np.testing.assert_array_equal(out.data, cv2.addWeighted(first, 0.5, cv2.bitwise_not(second), 0.5, 0))


def test_a_doubled_difference_clips_at_both_ends(pairs: tuple[Plane, Plane]) -> None:
    first, second = (plane.astype(int) for plane in pairs)
    (out,) = run_node(Mix(weights=(1, -1), scale=2), *pairs)
    np.testing.assert_array_equal(out.data, np.clip(2 * (first - second), 0, 255))


def test_without_weights_it_is_the_mean(pictures: list[Plane]) -> None:
    (out,) = run_node(Mix(), *[[picture] for picture in pictures])
    np.testing.assert_array_equal(out.data, np.rint(np.sum(pictures, 0, dtype=int) / 5))


def test_weights_scale_and_offset_are_declared() -> None:
    declared = Mix(weights=(1, -1), scale=2, offset=3).affine({"image": 2})
    assert declared == Affine((Term("image", 2.0, 0), Term("image", -2.0, 1)), 3.0)


def test_a_wrong_number_of_weights_is_refused(pictures: list[Plane]) -> None:
    node = Mix(weights=(1, 2, 3))
    assert node.affine({"image": 2}) is None
    with pytest.raises(ValueError, match="3 weights for 2 pictures"):
        run_node(node, pictures[0], pictures[1])
