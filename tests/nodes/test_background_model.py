"""background_model."""

from typing import Any, Literal

import cv2
import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph.units import Duration
from flowgraph_nodes.background_model import BackgroundModel

Method = Literal["mog2", "knn"]


def scene(count: int = 18) -> list[Plane]:
    """A grainy room that a bright box crosses from frame 10 on."""
    random = np.random.default_rng(5)
    frames = [random.normal(90, 3, (48, 64, 3)).clip(0, 255).astype(np.uint8) for _ in range(count)]
    for k in range(10, count):
        frames[k][20:30, 6 * k - 60 : 6 * k - 50] = 220
    return frames


@pytest.mark.parametrize("method", ["mog2", "knn"])
def test_what_is_new_is_white_and_the_room_is_black(method: Method) -> None:
    masks = run_node(BackgroundModel(method=method, level=100), scene())
    for k in range(10, 18):
        box = masks[k].data[20:30, 6 * k - 60 : 6 * k - 50]
        assert np.count_nonzero(box) > 0.95 * box.size
        rest = masks[k].data.copy()
        rest[20:30, : 6 * k - 50] = 0
        assert np.count_nonzero(rest) < 0.02 * rest.size


def test_mog2_is_opencvs() -> None:
    theirs = cv2.createBackgroundSubtractorMOG2(history=8, varThreshold=30, detectShadows=True)
    frames = scene()
    node = BackgroundModel(memory=Duration(8), level=30, shadows="mark")
    for frame, mask in zip(frames, run_node(node, frames), strict=True):
        np.testing.assert_array_equal(mask.data, theirs.apply(frame))


@pytest.mark.parametrize("method", ["mog2", "knn"])
def test_random_numbers_of_the_thread_change_nothing(method: Method) -> None:
    first = run_node(BackgroundModel(method=method), scene())
    cv2.setRNGSeed(987)
    cv2.randu(np.empty(100), np.zeros(1), np.ones(1))
    second = run_node(BackgroundModel(method=method), scene())
    assert all((a.data == b.data).all() for a, b in zip(first, second, strict=True))


def test_shadows_are_dropped_marked_or_kept() -> None:
    frames = scene()
    for frame in frames[10:]:
        frame[...] = 90
        frame[20:30, 20:40] = 60
    cases: list[tuple[Any, int]] = [("drop", 0), ("mark", 127), ("keep", 255)]
    for shadows, value in cases:
        masks = run_node(BackgroundModel(shadows=shadows), frames)
        assert set(masks[10].data[20:30, 20:40].ravel()) == {value}


def test_a_model_that_no_longer_learns_goes_on_seeing_what_stays() -> None:
    frames = scene(10) + [np.full((48, 64, 3), 220, np.uint8)] * 40
    learning = BackgroundModel(memory=Duration(10))
    frozen = learning.model_copy(update={"learn": False})
    formats = Formats({"image": (Format("bgr24", 64, 48),)}, {"mask": Format("gray", 64, 48)})
    assert run_node(learning, frames)[-1].data.max() == 0
    assert run_node(frozen, [frames[0], *frames[10:]])[-1].data.min() == 255
    trained = learning.model_copy(update={"learn_for": Duration(10)})
    assert run_node(trained, frames)[-1].data.min() == 255
    assert "learn" in BackgroundModel.live_parameters
    assert learning.state_bytes(formats) == 64 * 48 * 101


def test_gray_pictures_take_a_smaller_model() -> None:
    formats = Formats({"image": (Format("gray", 10, 10),)})
    assert BackgroundModel().state_bytes(formats) == 100 * 61
    assert BackgroundModel(method="knn").state_bytes(formats) == 100 * 48
    assert len(run_node(BackgroundModel(), [frame[:, :, 0].copy() for frame in scene(12)])) == 12
