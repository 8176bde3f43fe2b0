"""collage."""

from typing import Literal

import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import STILL, Formats
from flowgraph.testing import run_node
from flowgraph_nodes.collage import Collage

SCENE = np.array([[10, 20, 30, 40]], np.uint8)


def figure(level: int, *mask: int) -> tuple[Plane, Plane]:
    return np.full((1, 4), level, np.uint8), np.array([mask], np.uint8)


@pytest.mark.parametrize(
    ("on_top", "expected"), [("latest", [100, 200, 200, 40]), ("earliest", [100, 100, 200, 40])]
)
def test_figures_stand_on_the_scene(on_top: Literal["latest", "earliest"], expected: list[int]) -> None:
    images, masks = zip(figure(100, 255, 255, 0, 0), figure(200, 0, 255, 255, 0), strict=True)
    (out,) = run_node(Collage(on_top=on_top), images, masks, SCENE)
    assert out.data.tolist() == [expected]


def test_the_strongest_mask_decides_and_its_edge_is_mixed() -> None:
    images, masks = zip(figure(100, 51, 102, 9, 0), figure(200, 102, 51, 8, 0), strict=True)
    (out,) = run_node(Collage(), images, masks, SCENE)
    assert out.data.tolist() == [[round(200 * 0.4 + 10 * 0.6), round(100 * 0.4 + 20 * 0.6), 32, 40]]


def test_many_frames_merge_in_order(pictures: list[Plane]) -> None:
    masks = [picture[:, :, 0] for picture in pictures]
    (out,) = run_node(Collage(), pictures, masks, pictures[0][::-1].copy())
    strongest = np.max(masks, axis=0)
    last = len(masks) - 1 - np.argmax(np.array(masks)[::-1], axis=0)
    picked = np.take_along_axis(np.array(pictures), last[None, :, :, None], 0)[0]
    share = strongest[:, :, None] / 255
    expected = picked * share + pictures[0][::-1] * (1 - share)
    assert np.abs(out.data - expected).max() <= 0.501


def test_the_state_is_as_large_as_declared_and_the_result_a_still() -> None:
    node = Collage()
    formats = Formats({"image": (Format("bgr24", 33, 7),), "mask": (Format("gray", 33, 7),)})
    state = node.start(formats)
    assert sum(p.nbytes for p in (state.picture, state.mask, state.scene)) == node.state_bytes(formats)
    assert node.clock() == STILL
