"""Masks have the same bits with the compiled kernels and without."""

from collections.abc import Sequence

import numpy as np
import pytest

from flowgraph import native
from flowgraph.frame import Frame, Plane
from flowgraph.node import Node
from flowgraph.testing import run_node
from flowgraph.units import Level
from flowgraph_nodes.blur import Blur
from flowgraph_nodes.threshold import Threshold

RANDOM = np.random.default_rng(9)


def spots(*shape: int) -> Plane:
    """A mask: mostly black, some of it white, flat in between."""
    picture = np.zeros(shape, np.uint8)
    picture[shape[0] // 3 : shape[0] // 2, shape[1] // 4 : shape[1] // 2] = 255
    picture[shape[0] // 2 :] |= (RANDOM.integers(0, 200, picture[shape[0] // 2 :].shape) == 0) * np.uint8(255)
    return picture


def noise(*shape: int) -> Plane:
    return RANDOM.integers(0, 256, shape, np.uint8)


def without_kernels(node: Node, picture: Plane | Frame, patch: pytest.MonkeyPatch) -> Sequence[Frame]:
    patch.setattr(native, "available", lambda: False)
    return run_node(node, picture)


@pytest.mark.parametrize(
    "picture",
    [
        noise(1, 1), noise(1, 40), noise(40, 1), noise(3, 5, 3), noise(70, 97), noise(50, 64, 3),
        spots(200, 333), spots(120, 200, 3), np.full((90, 70), 77, np.uint8),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sigma", [0.3, 3, 40])
def test_kernels_change_no_bit_of_magicks_blur(
    picture: Plane, sigma: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    blur = Blur(kind="magick", sigma=sigma)
    (found,) = run_node(blur, picture)
    again = run_node(blur, found)
    (wanted,) = without_kernels(blur, picture, monkeypatch)
    assert np.array_equal(found.data, wanted.data)
    assert np.array_equal(again[0].data, run_node(blur, wanted)[0].data)


def test_magicks_blur_takes_rows_that_lie_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    part = spots(90, 150)[20:70, 30:120]
    (found,) = run_node(Blur(kind="magick", sigma=3), part)
    (wanted,) = without_kernels(Blur(kind="magick", sigma=3), part, monkeypatch)
    assert np.array_equal(found.data, wanted.data)


@pytest.mark.parametrize(
    ("level", "below", "above"),
    [("5%", 0, 255), ("0%", 0, 255), ("100%", 0, 255), (127, 20, 200), ("50%", 255, 0)],
)
def test_kernels_change_no_bit_of_a_mask_by_luma(
    level: str | int, below: int, above: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = noise(61, 2100, 3)
    picture[:20] = picture[:20, :, :1]
    node = Threshold(level=Level.parse(level), below=Level(below), above=Level(above), per="luma")
    (found,) = run_node(node, picture)
    (wanted,) = without_kernels(node, picture, monkeypatch)
    assert np.array_equal(found.data, wanted.data)
