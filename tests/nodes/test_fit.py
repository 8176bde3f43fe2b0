"""fit."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from flowgraph.frame import Format, new_frame
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph.units import Colour
from flowgraph_nodes.fit import Fit

WHITE = np.full((10, 20, 3), 255, np.uint8)


def columns_and_rows(width: int, height: int, node: Fit) -> tuple[list[int], list[int]]:
    """Where a white picture stands in a reference of that size: first and last column, and row."""
    (out,) = run_node(node, WHITE, new_frame(Format("yuv420p", width, height)))
    seen = out.data[..., 0] == 255
    assert out.data.shape == (height, width, 3)
    columns, rows = np.flatnonzero(seen.any(0)), np.flatnonzero(seen.any(1))
    assert seen.sum() == columns.size * rows.size
    return [columns[0], columns[-1]], [rows[0], rows[-1]]


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (20, 10, ([0, 19], [0, 9])),
        (40, 20, ([0, 39], [0, 19])),
        (40, 40, ([0, 39], [10, 29])),
        (60, 10, ([20, 39], [0, 9])),
        (11, 9, ([0, 10], [1, 6])),
    ],
)
def test_the_picture_stands_in_the_middle_in_its_own_shape(
    width: int, height: int, expected: tuple[list[int], list[int]]
) -> None:
    assert columns_and_rows(width, height, Fit()) == expected


def test_a_share_has_no_border() -> None:
    (out,) = run_node(Fit(share=0.25), WHITE, new_frame(Format("gray", 80, 80)))
    assert out.data.shape == (10, 20, 3)
    assert (out.data == 255).all()


def test_the_border_has_its_colour() -> None:
    (out,) = run_node(Fit(colour=Colour.parse("red")), WHITE, new_frame(Format("gray", 20, 20)))
    assert out.data[0, 0].tolist() == [0, 0, 255]


def test_pixels_that_are_not_square_are_taken_into_account() -> None:
    wide = replace(Format("bgr24", 20, 20), aspect=Fraction(2))
    square = Format("bgr24", 80, 40)
    (fitted,) = Fit().output_formats(Formats({"image": (wide,), "reference": (square,)})).values()
    assert (fitted.width, fitted.height, fitted.aspect) == (80, 40, Fraction(1))
    node, out = Fit(), new_frame(fitted)
    image = new_frame(wide)
    image.data[...] = 9
    node.process(image, new_frame(square), out)
    assert (out.data == 9).all()
