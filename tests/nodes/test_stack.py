"""stack."""

import numpy as np
import pytest

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph.units import Colour
from flowgraph_nodes.stack import Stack


def gray(value: int, width: int, height: int, pixel: str = "gray") -> Frame:
    frame = new_frame(Format(pixel, width, height))
    for number, plane in enumerate(frame.planes):
        plane[...] = value + number
    return frame


def stacked(node: Stack, *images: Frame) -> Frame:
    node.check()
    formats = Formats({"images": tuple(image.format for image in images)})
    out = new_frame(node.output_formats(formats)["stacked"])
    for plane in out.planes:
        plane[...] = 99
    node.process(images, out)
    return out


def test_pictures_stand_side_by_side() -> None:
    out = stacked(Stack(), gray(1, 2, 2), gray(2, 1, 2), gray(3, 3, 2))
    assert out.data.tolist() == [[1, 1, 2, 3, 3, 3], [1, 1, 2, 3, 3, 3]]


def test_pictures_stand_one_above_the_other() -> None:
    out = stacked(Stack(direction="vertical"), gray(1, 2, 1), gray(2, 2, 2))
    assert out.data.tolist() == [[1, 1], [2, 2], [2, 2]]


def test_a_grid_is_about_square_and_its_empty_places_have_the_colour() -> None:
    node = Stack(direction="grid", colour=Colour.parse("white"))
    out = stacked(node, gray(1, 2, 1), gray(2, 2, 1), gray(3, 2, 1))
    assert out.data.tolist() == [[1, 1, 2, 2], [3, 3, 255, 255]]


def test_a_grid_takes_its_columns() -> None:
    out = stacked(Stack(direction="grid", columns=1), gray(1, 2, 1), gray(2, 2, 1))
    assert out.data.tolist() == [[1, 1], [2, 2]]


def test_a_gap_has_the_colour() -> None:
    out = stacked(Stack(gap=1, colour=Colour.parse("white")), gray(1, 1, 2), gray(2, 1, 2))
    assert out.data.tolist() == [[1, 255, 2], [1, 255, 2]]


def test_rows_may_be_padded() -> None:
    (out,) = run_node(Stack(gap=2), np.full((2, 3, 3), 7, np.uint8), np.full((2, 3, 3), 8, np.uint8))
    assert out.data[:, :, 0].tolist() == [[7, 7, 7, 0, 0, 8, 8, 8]] * 2


def test_one_picture_stays_as_it_is() -> None:
    assert stacked(Stack(), gray(7, 2, 1)).data.tolist() == [[7, 7]]


def test_colour_pictures_keep_their_channels() -> None:
    left, right = new_frame(Format("bgr24", 1, 1)), new_frame(Format("bgr24", 1, 1))
    left.data[...], right.data[...] = [[[1, 2, 3]]], [[[4, 5, 6]]]
    assert stacked(Stack(), left, right).data.tolist() == [[[1, 2, 3], [4, 5, 6]]]


def test_chroma_planes_are_stacked_at_their_own_scale() -> None:
    out = stacked(Stack(), gray(10, 4, 3, "yuv420p"), gray(20, 4, 3, "yuv420p"))
    assert [plane.tolist() for plane in out.planes] == [
        [[10, 10, 10, 10, 20, 20, 20, 20]] * 3,
        [[11, 11, 21, 21]] * 2,
        [[12, 12, 22, 22]] * 2,
    ]


@pytest.mark.parametrize(
    ("node", "format", "accepted"),
    [
        (Stack(), Format("yuv420p", 4, 3), True),
        (Stack(), Format("yuv420p", 5, 4), False),
        (Stack(gap=1), Format("yuv420p", 5, 4), True),
        (Stack(direction="vertical"), Format("yuv420p", 5, 4), True),
        (Stack(direction="vertical"), Format("yuv420p", 4, 3), False),
        (Stack(direction="vertical"), Format("yuv422p", 4, 3), True),
        (Stack(direction="grid"), Format("yuv420p", 4, 3), False),
        (Stack(), Format("bgr24", 5, 3), True),
        (Stack(), Format("grayf32le", 4, 4), False),
    ],
)
def test_every_picture_must_begin_on_a_chroma_sample(node: Stack, format: Format, accepted: bool) -> None:
    assert node.accepts("images", format) is accepted


@pytest.mark.parametrize(
    ("node", "second", "message"),
    [
        (Stack(), (4, 3), r"side by side needs equal heights, got 4x2 and 4x3 \(picture 2\); resize"),
        (Stack(direction="vertical"), (5, 2), "one above the other needs equal widths, got 4x2 and 5x2"),
        (Stack(direction="grid"), (5, 2), "a grid needs equal sizes, got 4x2 and 5x2"),
    ],
)
def test_sizes_that_do_not_go_together_are_refused(
    node: Stack, second: tuple[int, int], message: str
) -> None:
    formats = Formats({"images": (Format("gray", 4, 2), Format("gray", *second))})
    with pytest.raises(ValueError, match=message):
        node.output_formats(formats)


def test_planes_of_unlike_colour_matrices_are_refused() -> None:
    items = (Format("yuv444p", 4, 2, "bt709"), Format("yuv444p", 6, 2, "bt601"))
    with pytest.raises(ValueError, match=r"unlike colours: yuv444p 4x2 bt709 limited and yuv444p 6x2 bt601"):
        Stack().output_formats(Formats({"images": items}))


def test_columns_are_for_grids() -> None:
    with pytest.raises(ValueError, match="columns is for direction: grid"):
        Stack(columns=2).check()


def test_a_full_row_is_written_by_its_pictures_alone() -> None:
    left, right = gray(1, 2, 1), gray(2, 2, 1)
    out = new_frame(Format("gray", 5, 1))  # one column more than the pictures fill
    out.data[...] = 99
    Stack().process((left, right), out)
    assert np.asarray(out.data).tolist() == [[1, 1, 2, 2, 99]]
