"""sheet."""

import numpy as np
import pytest

from flowgraph.frame import Format
from flowgraph.node import STILL, Formats
from flowgraph.testing import run_node
from flowgraph.units import Colour
from flowgraph_nodes.sheet import Sheet


def test_pictures_stand_row_by_row_with_gaps_around() -> None:
    pictures = [np.full((1, 2), 10 * k, np.uint8) for k in (1, 2, 3)]
    (out,) = run_node(Sheet(columns=2, places=3, gap=1, colour=Colour(9, 9, 9)), pictures)
    assert out.data.tolist() == [
        [9, 9, 9, 9, 9, 9, 9],
        [9, 10, 10, 9, 20, 20, 9],
        [9, 9, 9, 9, 9, 9, 9],
        [9, 30, 30, 9, 9, 9, 9],
        [9, 9, 9, 9, 9, 9, 9],
    ]


def test_colours_stay() -> None:
    picture = np.array([[[1, 2, 3]]], np.uint8)
    (out,) = run_node(Sheet(columns=1, places=1, gap=1, colour=Colour.parse("red")), [picture])
    assert out.data[1, 1].tolist() == [1, 2, 3]
    assert out.data[0, 0].tolist() == [0, 0, 255]


def test_more_pictures_than_places_are_refused() -> None:
    pictures = [np.zeros((2, 2), np.uint8)] * 5
    with pytest.raises(ValueError, match="all 4 places are taken; spread: 4 takes"):
        run_node(Sheet(columns=2, places=4), pictures)


def test_the_state_is_as_large_as_declared_and_the_result_a_still() -> None:
    node, formats = Sheet(columns=3), Formats({"image": (Format("bgr24", 33, 7),)})
    assert node.start(formats).canvas.nbytes == node.state_bytes(formats)
    assert node.clock() == STILL
