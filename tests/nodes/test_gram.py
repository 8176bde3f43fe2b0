"""gram."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal

import cv2
import numpy as np
import pytest

from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.node import SAME, STILL, Formats
from flowgraph.testing import run_node
from flowgraph_nodes._grams import spread
from flowgraph_nodes.gram import Gram

Time = Literal["right", "down"]


def gram(pictures: Sequence[Plane], **settings: Any) -> Plane:
    """The used part of the one picture, with time running down."""
    node = Gram.model_validate(settings)
    (frame,) = run_node(node, pictures)
    length = min(node.lines, len(pictures)) + node.blank
    plane = frame.data.swapaxes(0, 1) if node.time == "right" else frame.data
    assert not plane[length:].any()
    return plane[:length]


@pytest.mark.parametrize(("time", "axis"), [("right", 1), ("down", 0)])
def test_a_line_is_the_rounded_mean_of_rows_or_columns(time: Time, axis: int, pictures: list[Plane]) -> None:
    expected = [np.rint(picture.mean(axis=axis)) for picture in pictures]
    np.testing.assert_array_equal(gram(pictures, time=time, lines=8), expected)


def test_gray_pictures_give_gray_grams(pictures: list[Plane]) -> None:
    grays = [picture[:, :, 0].copy() for picture in pictures]
    expected = [np.rint(picture.mean(axis=0)) for picture in grays]
    np.testing.assert_array_equal(gram(grays, time="down", lines=8), expected)


@pytest.mark.parametrize(("at", "column"), [(0, 0), (0.5, 30), (1, 60)])
def test_a_slit_is_one_column_of_each_frame(at: float, column: int, pictures: list[Plane]) -> None:
    expected = [picture[:, column] for picture in pictures]
    np.testing.assert_array_equal(gram(pictures, of="slit", at=at, lines=8), expected)


def toolbox(pictures: Sequence[Plane], axis: int, equalize: bool) -> Plane:
    """The Musical Gestures Toolbox's motiongram, its lines downwards."""
    lines = [np.rint(picture.mean(axis=axis)) for picture in pictures]
    whole = np.array([np.zeros_like(lines[0]), *lines])
    scaled: Plane = ((whole - whole.min()) / (whole.max() - whole.min()) * 255).astype(np.uint8)
    if not equalize:
        return scaled
    hsv = cv2.cvtColor(scaled, cv2.COLOR_RGB2HSV)
    hsv[:, :, 2] = cv2.equalizeHist(hsv[:, :, 2])
    return np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))


@pytest.mark.parametrize("equalize", [False, True])
@pytest.mark.parametrize(("time", "axis"), [("right", 1), ("down", 0)])
def test_a_motiongram_is_the_toolboxs(time: Time, axis: int, equalize: bool, pictures: list[Plane]) -> None:
    ours = gram(pictures, time=time, stretch="whole", blank=1, equalize=equalize, lines=8)
    np.testing.assert_array_equal(ours, toolbox(pictures, axis, equalize))


def test_a_line_is_stretched_from_black_to_white_by_itself() -> None:
    line = np.array([[10, 7], [60, 7], [110, 7]], np.uint8)
    assert spread(line).tolist() == [[0, 0], [128, 0], [255, 0]]


def test_neighbours_are_averaged_when_the_picture_is_full() -> None:
    frames = [np.full((2, 3), 10 * k, np.uint8) for k in range(11)]
    # Four lines hold 4, then 8, then 16 frames: at eleven each line is the mean of four.
    out = gram(frames, time="down", lines=4)
    assert out[:, 0].tolist() == [15, 55, 90, 0]


def test_running_gives_after_each_frame_what_the_stream_so_far_gives(pictures: list[Plane]) -> None:
    out = run_node(Gram(time="down", stretch="whole", lines=8, running=True), pictures)
    assert len(out) == len(pictures)
    for count, frame in enumerate(out, 1):
        whole = gram(pictures[:count], time="down", stretch="whole", lines=8)
        np.testing.assert_array_equal(frame.data[:count], whole)


def test_it_tells_how_much_of_the_picture_is_used(pictures: list[Plane]) -> None:
    node = Gram(blank=1, lines=64)
    format = Format("bgr24", 61, 48)
    formats = Formats({"image": (format,)})
    formats = Formats(formats.inputs, node.output_formats(formats))
    state = node.start(formats)
    for index, picture in enumerate(pictures):
        node.accumulate(state, Frame(index, Fraction(index), format, (picture,)))
    frame = new_frame(formats["gram"])
    assert frame.data.shape == (48, 65, 3)
    node.finish(state, frame)
    assert frame.properties == {"used": (6, 48)}


def test_the_state_is_as_large_as_declared() -> None:
    node, formats = Gram(lines=100), Formats({"image": (Format("bgr24", 333, 77),)})
    state = node.start(formats)
    arrays = [value for value in vars(state).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in arrays) == node.state_bytes(formats)


def test_it_makes_a_still_unless_it_runs_along() -> None:
    assert (Gram().clock(), Gram(running=True).clock()) == (STILL, SAME)
