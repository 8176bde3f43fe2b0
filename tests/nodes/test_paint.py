"""Samples of a colour in any pixel format."""

import pytest

from flowgraph.frame import Format, Matrix, Range, new_frame
from flowgraph.units import Colour
from flowgraph_nodes._paint import paint, samples


@pytest.mark.parametrize(
    ("colour", "matrix", "range", "expected"),
    [
        ("black", "bt709", "limited", (16, 128, 128)),
        ("white", "bt709", "limited", (235, 128, 128)),
        ("black", "bt709", "full", (0, 128, 128)),
        ("white", "bt601", "full", (255, 128, 128)),
        ("red", "bt601", "limited", (81, 90, 240)),
        ("red", "unspecified", "limited", (81, 90, 240)),
        ("red", "bt709", "limited", (63, 102, 240)),
        ("green", "bt709", "limited", (173, 42, 26)),
        ("blue", "bt2020", "limited", (29, 240, 119)),
        ("blue", "bt601", "full", (29, 255, 107)),
        ("green", "ycgco", "full", (128, 255, 128)),
    ],
)
def test_yuv_follows_matrix_and_range(
    colour: str, matrix: Matrix, range: Range, expected: tuple[int, int, int]
) -> None:
    found = samples(Colour.parse(colour), Format("yuv420p", 2, 2, matrix, range))
    assert tuple(value for (value,) in found) == expected


@pytest.mark.parametrize(
    ("pixel", "expected"),
    [
        ("bgr24", ((0, 165, 255),)),
        ("bgra", ((0, 165, 255, 255),)),
        ("gbrp", ((165,), (0,), (255,))),
        ("gray", ((173,),)),
        ("gray16le", ((173 * 257,),)),
    ],
)
def test_orange_in_other_formats(pixel: str, expected: tuple[tuple[int, ...], ...]) -> None:
    assert samples(Colour.parse("orange"), Format(pixel, 2, 2)) == expected


def test_paint_fills_every_plane() -> None:
    frame = new_frame(Format("bgr24", 2, 1))
    paint(frame, Colour.parse("orange"))
    assert frame.data.tolist() == [[[0, 165, 255], [0, 165, 255]]]
    planes = new_frame(Format("yuv420p", 3, 1))
    paint(planes, Colour.parse("red"))
    assert [plane.tolist() for plane in planes.planes] == [[[81, 81, 81]], [[90, 90]], [[240, 240]]]
