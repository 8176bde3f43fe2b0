"""flatten."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import SAME, STILL, Formats
from flowgraph.testing import run_node
from flowgraph_nodes._flattening import Mean, Median
from flowgraph_nodes.flatten import Flatten

Mode = Literal["lighten", "darken", "mean", "median", "sum"]
MODES: tuple[Mode, ...] = ("lighten", "darken", "mean", "median", "sum")


@pytest.mark.parametrize(
    ("mode", "frames", "expected"),
    [
        ("lighten", 5, "9d27191b7c7b5eac"),  # -background black -compose lighten -flatten
        ("darken", 5, "ef90f0df5329297c"),  # -background white -compose darken -flatten
        ("mean", 2, "8ea06e6701b08e6a"),  # -evaluate-sequence mean
        ("mean", 4, "1edd6201398589c8"),
        ("mean", 5, "dfd99b63233abc5f"),
    ],
)
def test_bits_are_those_of_imagemagick(
    mode: Mode, frames: int, expected: str, pictures: list[Plane], digest: Callable[[Plane], str]
) -> None:
    # ImageMagick 6.9.11-60 Q16: convert 0.ppm 1.ppm ... ARGUMENTS out.ppm
    (out,) = run_node(Flatten(mode=mode), pictures[:frames])
    assert digest(out.data) == expected


@pytest.mark.parametrize("frames", [1, 2, 4, 5])
def test_the_median_is_the_lower_one_of_the_middle(frames: int, pictures: list[Plane]) -> None:
    (out,) = run_node(Flatten(mode="median"), pictures[:frames])
    np.testing.assert_array_equal(out.data, np.sort(pictures[:frames], axis=0)[(frames - 1) // 2])


def test_a_sum_stops_at_white(pictures: list[Plane]) -> None:
    thirds = [picture // 3 for picture in pictures]
    (out,) = run_node(Flatten(mode="sum"), thirds)
    np.testing.assert_array_equal(out.data, np.minimum(255, np.sum(thirds, axis=0, dtype=int)))


@pytest.mark.parametrize("mode", MODES)
def test_running_gives_after_each_frame_what_the_stream_so_far_gives(
    mode: Mode, pictures: list[Plane]
) -> None:
    out = run_node(Flatten(mode=mode, running=True), pictures)
    assert len(out) == len(pictures)
    for count, frame in enumerate(out, 1):
        (whole,) = run_node(Flatten(mode=mode), pictures[:count])
        np.testing.assert_array_equal(frame.data, whole.data)


def test_the_mean_goes_on_after_16_bits_are_full() -> None:
    pattern = [np.full((2, 3), 254 + k % 2, np.uint8) for k in range(600)]
    (out,) = run_node(Flatten(mode="mean"), pattern)
    assert (out.data == 255).all()  # 254.5 rounds up


def test_the_mean_of_more_white_frames_than_32_bits_can_sum_is_white() -> None:
    state = Mean((1, 1))
    state.frames = 2**25
    state.total[...] = 255 * 2**25
    state.add(np.full((1, 1), 255, np.uint8))
    out = np.zeros((1, 1), np.uint8)
    state.write(out)
    assert out.item() == 255


def test_the_median_refuses_more_frames_than_its_counters_hold() -> None:
    state = Median((1, 1), 900)
    state.frames = 65535
    with pytest.raises(ValueError, match="told of fewer frames than come"):
        state.add(np.zeros((1, 1), np.uint8))


def test_the_median_of_a_stream_without_a_known_end_counts_in_32_bits() -> None:
    state = Median((1, 1), None)
    state.frames, state.counts[0, 9] = 99_999, 70_000
    state.counts[0, 200] = 29_999
    state.add(np.full((1, 1), 4, np.uint8))
    out = np.zeros((1, 1), np.uint8)
    state.write(out)
    assert out.item() == 9


@pytest.mark.parametrize("mode", MODES)
def test_the_state_is_as_large_as_declared(mode: Mode) -> None:
    node, formats = Flatten(mode=mode), Formats({"image": (Format("bgr24", 333, 77),)})
    state = node.start(formats)
    arrays = [value for value in vars(state).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in arrays) == node.state_bytes(formats)


def test_it_makes_a_still_unless_it_runs_along() -> None:
    assert (Flatten().clock(), Flatten(running=True).clock()) == (STILL, SAME)
