"""flow, flow_colour and flow_arrows."""

import cv2
import numpy as np
import pytest

from flowgraph.frame import Plane, new_frame
from flowgraph.testing import frame_of, run_node, run_outputs
from flowgraph_nodes.flow import Flow
from flowgraph_nodes.flow_arrows import FlowArrows
from flowgraph_nodes.flow_colour import FlowColour


def texture(right: int, down: int) -> Plane:
    noise = np.random.default_rng(5).integers(0, 256, (120, 160), dtype=np.uint8)
    return np.roll(cv2.GaussianBlur(noise, (0, 0), 2.5), (down, right), (0, 1))


@pytest.mark.parametrize("quality", ["ultrafast", "fast", "medium"])
@pytest.mark.parametrize(("right", "down"), [(3, 0), (0, -2), (-2, 1)])
def test_a_shift_is_found_by_its_length_and_direction(quality: str, right: int, down: int) -> None:
    found = run_outputs(Flow.model_validate({"quality": quality}), [texture(0, 0), texture(right, down)])
    inner = np.s_[30:90, 40:120]
    assert abs(np.median(found["x"][1].data[inner]) - right) < 0.2
    assert abs(np.median(found["y"][1].data[inner]) - down) < 0.2


def test_the_first_frame_and_a_still_scene_do_not_move() -> None:
    found = run_outputs(Flow(), [texture(0, 0), texture(0, 0).copy()])
    assert all(np.abs(frame.data).max() < 0.05 for frames in found.values() for frame in frames)


def test_each_pair_of_frames_is_compared_anew() -> None:
    moves = [texture(0, 0), texture(3, 0), texture(3, 2)]
    last = run_outputs(Flow(), moves)["y"][2].data
    alone = run_outputs(Flow(), moves[1:])["y"][1].data
    np.testing.assert_array_equal(last, alone)


@pytest.mark.parametrize("size", [(5, 7), (1, 1), (13, 40), (24, 100), (12, 160), (120, 9)])
def test_pictures_of_odd_shapes_that_opencv_fails_on_are_taken(size: tuple[int, int]) -> None:
    height, width = size
    found = run_outputs(Flow(), [texture(shift, 0)[:height, :width].copy() for shift in (0, 1)])
    assert found["x"][1].data.shape == size
    assert np.isfinite(found["x"][1].data).all()


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0, 0, (0, 0, 0)),
        (8, 0, (0, 0, 255)),
        (99, 0, (0, 0, 255)),
        (4, 0, (0, 0, 127)),
        (-8, 0, (255, 255, 0)),
    ],
)
def test_hue_is_the_direction_and_brightness_the_speed(x: float, y: float, expected: tuple[int, ...]) -> None:
    across, down = (np.full((3, 4), value, np.float32) for value in (x, y))
    (out,) = run_node(FlowColour(most=8), across, down)
    assert np.abs(out.data.astype(int) - expected).max() <= 3


def test_arrows_stand_where_something_moves_and_point_along() -> None:
    image = new_frame(frame_of(np.zeros((32, 64, 3), np.uint8)).format)
    x, y = np.zeros((32, 64), np.float32), np.zeros((32, 64), np.float32)
    x[:, :16] = 2
    (out,) = run_node(FlowArrows(step=16, scale=3), image, x, y)
    rows, columns = np.nonzero(out.data[..., 2])
    assert 8 <= columns.min() < columns.max() <= 15
    assert {8, 24} <= {*rows.tolist()}
    (still,) = run_node(FlowArrows(step=16, least=3), image, x, y)
    assert not still.data.any()
