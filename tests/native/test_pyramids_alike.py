"""Halving, doubling and the blur made of them give the same bits with the compiled kernels and without."""

import cv2
import numpy as np
import pytest

from flowgraph import native
from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes._gaussian import enlarge, halve
from flowgraph_nodes.blur import Blur

SIDES = (4, 5, 6, 7, 15, 16, 17, 31, 32, 33, 48, 61)


def noise(*shape: int) -> Plane:
    return np.random.default_rng(8).integers(0, 256, shape, dtype=np.uint8)


def inside(plane: Plane) -> Plane:
    """A copy with rows far apart, in the middle of something larger."""
    room = np.full((len(plane) + 2, plane.shape[1] + 7, *plane.shape[2:]), 99, np.uint8)
    view = room[1:-1, 3:-4]
    view[...] = plane
    return view


@pytest.mark.parametrize("channels", [(), (3,)])
@pytest.mark.parametrize("width", SIDES)
def test_half_and_double_are_opencvs(width: int, channels: tuple[int, ...]) -> None:
    for height in SIDES:
        picture = inside(noise(height, width, *channels))
        expected = cv2.pyrDown(picture)
        found = inside(np.zeros_like(expected))
        halve(picture, found)
        assert np.array_equal(found, expected), height
        for less in (0, 1):
            expected = cv2.pyrUp(picture, dstsize=(2 * width - less, 2 * height - less))
            found = inside(np.zeros_like(expected))
            enlarge(picture, found)
            assert np.array_equal(found, expected), (height, less)
            assert (found.base is not None) and int(found.base[:, :3].min()) == 99


@pytest.mark.parametrize("sigma", [2.0, 5.0, 11.0])
@pytest.mark.parametrize("shape", [(64, 96, 3), (77, 101, 3), (78, 99), (41, 40, 3)])
def test_a_blur_is_the_same_without_kernels(
    shape: tuple[int, ...], sigma: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = noise(*shape)
    (found,) = run_node(Blur(sigma=sigma), picture)
    monkeypatch.setattr(native, "available", lambda: False)
    (expected,) = run_node(Blur(sigma=sigma), picture)
    assert np.array_equal(found.data, expected.data)
