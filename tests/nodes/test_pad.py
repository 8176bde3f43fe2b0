"""pad."""

import numpy as np
import pytest

from flowgraph.frame import Format, new_frame
from flowgraph.testing import run_node
from flowgraph.units import Colour
from flowgraph_nodes.pad import Pad


def test_each_side_gets_its_border_and_the_common_one() -> None:
    (out,) = run_node(
        Pad(border=1, left=1, bottom=1, colour=Colour.parse("white")), np.full((1, 2), 7, np.uint8)
    )
    assert out.data.tolist() == [
        [255, 255, 255, 255, 255],
        [255, 255, 7, 7, 255],
        [255, 255, 255, 255, 255],
        [255, 255, 255, 255, 255],
    ]


def test_a_colour_picture_gets_a_coloured_border() -> None:
    (out,) = run_node(Pad(right=1, top=1, colour=Colour.parse("orange")), np.full((1, 1, 3), 7, np.uint8))
    assert out.data.tolist() == [[[0, 165, 255], [0, 165, 255]], [[7, 7, 7], [0, 165, 255]]]


def test_wide_samples_get_a_wide_border() -> None:
    (out,) = run_node(Pad(left=1, colour=Colour.parse("white")), np.full((1, 1), 300, np.uint16))
    assert out.data.tolist() == [[65535, 300]]


def test_video_planes_get_the_colour_in_their_own_matrix_and_range() -> None:
    image = new_frame(Format("yuv420p", 3, 1, "bt601"))
    for plane in image.planes:
        plane[...] = 7
    (out,) = run_node(Pad(left=2, right=1, bottom=2, colour=Colour.parse("red")), image)
    assert [plane.tolist() for plane in out.planes] == [
        [[81, 81, 7, 7, 7, 81], [81] * 6, [81] * 6],
        [[90, 7, 7], [90, 90, 90]],
        [[240, 7, 7], [240, 240, 240]],
    ]


def test_no_border_copies() -> None:
    (out,) = run_node(Pad(), np.full((1, 2), 7, np.uint8))
    assert out.data.tolist() == [[7, 7]]


@pytest.mark.parametrize(
    ("node", "pixel", "accepted"),
    [
        (Pad(left=2, top=2, right=1, bottom=1), "yuv420p", True),
        (Pad(left=1), "yuv420p", False),
        (Pad(border=1, left=1), "yuv422p", True),
        (Pad(border=1, left=1), "yuv420p", False),
        (Pad(left=1), "gray", True),
        (Pad(left=1), "grayf32le", False),
    ],
)
def test_the_picture_must_begin_on_a_chroma_sample(node: Pad, pixel: str, accepted: bool) -> None:
    assert node.accepts("image", Format(pixel, 5, 5)) is accepted


@pytest.mark.parametrize("wrong", [{"left": -1}, {"colour": "pink-ish"}, {"border": 99999}])
def test_wrong_values_are_refused_while_loading(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"greater than|less than|a colour is"):
        Pad.model_validate(wrong)
