"""crop."""

import numpy as np
import pytest

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph_nodes.crop import Crop


def numbered(format: Format) -> Frame:
    frame = new_frame(format)
    for plane in frame.planes:
        plane[...] = np.arange(plane.size).reshape(plane.shape)
    return frame


def test_a_box_of_a_gray_picture_is_a_view_of_it() -> None:
    frame = numbered(Format("gray", 5, 4))
    out = Crop(x=1, y=2, width=3, height=2).process(frame)
    (run,) = run_node(Crop(x=1, y=2, width=3, height=2), frame)
    assert run.data.tolist() == out.data.tolist() == [[11, 12, 13], [16, 17, 18]]
    assert np.shares_memory(out.data, frame.data)
    assert out.format == Format("gray", 3, 2)


def test_a_box_without_size_reaches_to_the_edges() -> None:
    out = Crop(x=3, y=1).process(numbered(Format("bgr24", 4, 2)))
    assert out.data.tolist() == [[[21, 22, 23]]]


def test_chroma_planes_are_cut_at_their_own_scale_and_round_up() -> None:
    # Luma is 7 x 5, chroma 4 x 3.
    (out,) = run_node(Crop(x=2, y=2, width=5, height=3), numbered(Format("yuv420p", 7, 5)))
    assert [plane.tolist() for plane in out.planes] == [
        [[16, 17, 18, 19, 20], [23, 24, 25, 26, 27], [30, 31, 32, 33, 34]],
        [[5, 6, 7], [9, 10, 11]],
        [[5, 6, 7], [9, 10, 11]],
    ]


@pytest.mark.parametrize(
    ("pixel", "x", "y", "accepted"),
    [
        ("yuv420p", 2, 2, True),
        ("yuv420p", 1, 0, False),
        ("yuv420p", 0, 1, False),
        ("yuv422p", 0, 1, True),
        ("yuv422p", 1, 0, False),
        ("yuv410p", 2, 4, False),
        ("yuv410p", 4, 4, True),
        ("yuv444p", 1, 1, True),
        ("bgr24", 1, 1, True),
        ("grayf32le", 3, 3, True),
    ],
)
def test_the_corner_must_lie_on_a_chroma_sample(pixel: str, x: int, y: int, accepted: bool) -> None:
    assert Crop(x=x, y=y).accepts("image", Format(pixel, 16, 16)) is accepted


@pytest.mark.parametrize(
    "box",
    [
        {"x": 6},
        {"y": 5},
        {"x": 2, "width": 5},
        {"y": 1, "height": 5},
        {"width": 7},
    ],
)
def test_a_box_outside_of_the_picture_is_refused_with_the_pictures_size(box: dict[str, int]) -> None:
    formats = Formats({"image": (Format("gray", 6, 5),)})
    with pytest.raises(ValueError, match=r"the box at x \d, y \d of .* lies outside of the picture of 6x5"):
        Crop.model_validate(box).output_formats(formats)


def test_the_output_has_the_boxes_size() -> None:
    formats = Formats({"image": (Format("gray", 6, 5),)})
    assert Crop(x=1, width=5).output_formats(formats) == {"cropped": Format("gray", 5, 5)}


@pytest.mark.parametrize("box", [{"x": -1}, {"y": -1}, {"width": 0}, {"height": 0}, {"width": "half"}])
def test_numbers_that_no_box_has_are_refused_while_loading(box: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="Input should be"):
        Crop.model_validate(box)
