"""Gaussian blurs have the same bits with the compiled kernels and without."""

from math import ceil

import cv2
import numpy as np
import pytest

from flowgraph import native
from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes._gaussian import kernel_agrees, smooth
from flowgraph_nodes.blur import Blur

NOISE = np.random.default_rng(11).integers(0, 256, (64, 97, 3), np.uint8)


@pytest.mark.parametrize("sigma", [0.1, 0.3, 0.5, 0.8, 0.9683, 1, 1.3229, 1.7, 2, 2.3, 2.857])
def test_the_kernel_is_that_of_opencv(sigma: float) -> None:
    assert kernel_agrees(sigma)
    reach = ceil(3.5 * sigma)
    for picture in (NOISE[..., 1].copy(), NOISE, NOISE[: reach + 1, : reach + 2], np.full_like(NOISE, 255)):
        found = np.empty_like(picture)
        smooth(picture, sigma, found)
        assert np.array_equal(found, cv2.GaussianBlur(picture, (2 * reach + 1, 2 * reach + 1), sigma))


@pytest.mark.parametrize("sigma", [0.6, 2, 3, 5])
@pytest.mark.parametrize("picture", [NOISE, NOISE[..., 0]])
def test_kernels_change_no_bit_of_a_blur(
    picture: Plane, sigma: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    (found,) = run_node(Blur(sigma=sigma), picture.copy())
    monkeypatch.setattr(native, "available", lambda: False)
    (wanted,) = run_node(Blur(sigma=sigma), picture.copy())
    assert np.array_equal(found.data, wanted.data)


def test_only_the_plane_itself_is_written() -> None:
    room = np.full((40, 60), 7, np.uint8)
    native.gaussian(NOISE[:30, :40, 0].copy(), np.array([128, 64], np.uint16), room[4:34, 6:46])
    room[4:34, 6:46] = 7
    assert (room == 7).all()
