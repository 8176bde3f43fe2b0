"""motion_filter."""

import cv2
import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph.units import Level
from flowgraph_nodes.motion_filter import MotionFilter

RAMP = np.arange(256, dtype=np.uint8)[None]


@pytest.mark.parametrize(("level", "first"), [("5%", 13), ("50%", 128), ("30%", 76), (20, 20), (0, 0)])
def test_samples_from_the_rounded_level_on_are_kept(level: str | int, first: int) -> None:
    (kept,) = run_node(MotionFilter(level=Level.parse(level)), RAMP)
    np.testing.assert_array_equal(kept.data, np.where(first > RAMP, 0, RAMP))
    (white,) = run_node(MotionFilter(kind="binary", level=Level.parse(level)), RAMP)
    np.testing.assert_array_equal(white.data, np.where(first > RAMP, 0, 255))


def test_channels_are_judged_one_by_one() -> None:
    (out,) = run_node(MotionFilter(kind="binary"), np.array([[[12, 13, 200]]], np.uint8))
    assert out.data.tolist() == [[[0, 255, 255]]]


@pytest.mark.parametrize("radius", [1, 5])
def test_a_blob_is_larger_than_its_window(radius: int) -> None:
    picture = np.zeros((60, 60), np.uint8)
    picture[5 : 5 + 2 * radius, 5:40] = 200
    picture[30 : 31 + 2 * radius, 20 : 21 + 2 * radius] = 90
    (out,) = run_node(MotionFilter(kind="blob", radius=radius), picture)
    assert np.argwhere(out.data).tolist() == [[30 + radius, 20 + radius]]
    assert out.data.max() == 90


def test_a_blob_is_the_smallest_sample_around(pictures: list[Plane]) -> None:
    (out,) = run_node(MotionFilter(kind="blob", radius=2), pictures[0])
    wide = np.pad(pictures[0], ((2, 2), (2, 2), (0, 0)), mode="edge")
    around = [wide[y : y + 48, x : x + 61] for y in range(5) for x in range(5)]
    np.testing.assert_array_equal(out.data, np.min(around, axis=0))


@pytest.mark.parametrize("kind", ["regular", "binary", "blob"])
def test_inverted_is_the_negative(kind: str, pictures: list[Plane]) -> None:
    (plain,) = run_node(MotionFilter.model_validate({"kind": kind}), pictures[1])
    (inverted,) = run_node(MotionFilter.model_validate({"kind": kind, "inverted": True}), pictures[1])
    np.testing.assert_array_equal(inverted.data, cv2.bitwise_not(plain.data))
