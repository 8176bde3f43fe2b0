"""rotate."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph.units import Colour
from flowgraph_nodes.rotate import Rotate

PICTURE = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)


@pytest.mark.parametrize(
    ("angle", "expected"),
    [
        (0, [[1, 2, 3], [4, 5, 6]]),
        (90, [[4, 1], [5, 2], [6, 3]]),
        (180, [[6, 5, 4], [3, 2, 1]]),
        (270, [[3, 6], [2, 5], [1, 4]]),
        (-90, [[3, 6], [2, 5], [1, 4]]),
        (360, [[1, 2, 3], [4, 5, 6]]),
    ],
)
def test_right_angles_are_exact_and_clockwise(angle: float, expected: list[list[int]]) -> None:
    (out,) = run_node(Rotate(angle=angle), PICTURE)
    assert out.data.tolist() == expected


def test_a_quarter_turn_exchanges_the_sides_of_the_samples() -> None:
    formats = Formats({"image": (Format("bgr24", 9, 5, aspect=Fraction(4, 3)),)})
    out = Rotate(angle=90).output_formats(formats)["rotated"]
    assert (out.width, out.height, out.aspect) == (5, 9, Fraction(3, 4))


def test_video_planes_are_turned_one_by_one() -> None:
    image = new_frame(Format("yuv420p", 4, 2))
    for plane in image.planes:
        plane[...] = np.arange(plane.size).reshape(plane.shape)
    (out,) = run_node(Rotate(angle=90), image)
    assert [plane.tolist() for plane in out.planes] == [
        [[4, 0], [5, 1], [6, 2], [7, 3]],
        [[0], [1]],
        [[0], [1]],
    ]


def test_another_angle_keeps_the_size_and_loses_the_corners() -> None:
    (out,) = run_node(Rotate(angle=45, colour=Colour.parse("white")), np.zeros((31, 31), np.uint8))
    assert out.data.shape == (31, 31)
    assert [int(out.data[y, x]) for y, x in ((0, 0), (0, 30), (30, 0), (30, 30), (15, 15))] == [255] * 4 + [0]


def test_a_small_angle_turns_clockwise() -> None:
    picture = np.zeros((41, 41), np.uint8)
    picture[:5, 18:23] = 255
    (out,) = run_node(Rotate(angle=30), picture)
    y, x = np.unravel_index(int(out.data.argmax()), out.data.shape)
    assert x > 25
    assert y < 20


def test_expanded_the_whole_picture_fits() -> None:
    picture = np.full((20, 40), 100, np.uint8)
    (out,) = run_node(Rotate(angle=30, expand=True), picture)
    assert out.data.shape == (38, 45)  # 40 sin 30 + 20 cos 30 = 37.3; 40 cos 30 + 20 sin 30 = 44.6
    assert abs(int(out.data.astype(int).sum()) - 100 * 800) < 0.02 * 100 * 800


def test_a_turn_close_to_a_right_angle_is_close_to_the_exact_one() -> None:
    picture = cv2.GaussianBlur(
        np.random.default_rng(1).integers(0, 256, (30, 30, 3)).astype(np.uint8), (0, 0), 3
    )
    (near,) = run_node(Rotate(angle=90.01), picture)
    (exact,) = run_node(Rotate(angle=90), picture)
    inner = (slice(2, -2), slice(2, -2))
    assert int(cv2.absdiff(near.data[inner], exact.data[inner]).max()) <= 2


def test_samples_that_are_not_square_turn_without_shear() -> None:
    # On screen 40 x 40; a turn by a right angle in the same size gives the same square.
    format = Format("gray", 20, 40, aspect=Fraction(2))
    image = Frame(0, Fraction(0), format, (np.full((40, 20), 100, np.uint8),))
    (out,) = run_node(Rotate(angle=89.999), image)
    assert int(out.data[2:-2, 1:-1].min()) >= 99


@pytest.mark.parametrize(
    ("angle", "pixel", "size", "accepted"),
    [
        (90, "yuv420p", (4, 6), True),
        (90, "yuv420p", (5, 6), False),
        (180, "yuv420p", (4, 5), False),
        (90, "yuv422p", (4, 6), False),
        (180, "yuv422p", (4, 5), True),
        (0, "yuv422p", (5, 5), True),
        (30, "yuv420p", (4, 4), False),
        (30, "yuv444p", (5, 5), True),
        (30, "bgr24", (5, 5), True),
        (30, "grayf32le", (5, 5), False),
    ],
)
def test_subsampled_chroma_only_where_sample_falls_on_sample(
    angle: float, pixel: str, size: tuple[int, int], accepted: bool
) -> None:
    assert Rotate(angle=angle).accepts("image", Format(pixel, *size)) is accepted


@pytest.mark.parametrize("wrong", [{}, {"angle": "right"}, {"angle": 400}, {"angle": float("nan")}])
def test_wrong_angles_are_refused_while_loading(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Rotate.model_validate(wrong)
