"""text."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.testing import run_node
from flowgraph.units import Colour
from flowgraph_nodes.text import Text


def drawn(width: int = 200, height: int = 150, **written: Any) -> tuple[int, int, int, int]:
    """The first and last row and column that a label changes in a black picture."""
    node = Text.model_validate({"opacity": 0, **written})
    (out,) = run_node(node, np.zeros((height, width), np.uint8))
    rows, columns = np.flatnonzero(out.data.max(axis=1)), np.flatnonzero(out.data.max(axis=0))
    return int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])


@pytest.mark.parametrize("size", [10, 24, 60])
def test_a_capital_is_as_high_as_the_size_and_a_margin_away_from_the_edge(size: int) -> None:
    top, bottom, left, _ = drawn(text="H", size=size, margin=30)
    assert abs(top - 30) <= 1
    assert abs(bottom - top + 1 - size) <= 2
    assert 30 <= left <= 30 + size / 4


@pytest.mark.parametrize(
    ("position", "row", "column"),
    [
        ("top-left", 0, 0),
        ("top", 0, 1),
        ("top-right", 0, 2),
        ("left", 1, 0),
        ("centre", 1, 1),
        ("right", 1, 2),
        ("bottom-left", 2, 0),
        ("bottom", 2, 1),
        ("bottom-right", 2, 2),
    ],
)
def test_the_label_stands_in_its_ninth_of_the_picture(position: str, row: int, column: int) -> None:
    top, bottom, left, right = drawn(240, 120, text="HHH", position=position, size=16, margin=8)
    assert row * 40 <= top <= bottom < (row + 1) * 40
    assert column * 80 <= left <= right < (column + 1) * 80


def test_lines_stand_below_each_other() -> None:
    top, bottom, _, _ = drawn(text="H\nH\nH", size=20)
    assert abs(bottom - top + 1 - (20 + 2 * 32)) <= 2


def test_letters_and_box_have_their_colours() -> None:
    node = Text(text="H", size=60, colour=Colour.parse("red"), background=Colour.parse("blue"), opacity=1)
    (out,) = run_node(node, np.full((150, 200, 3), 10, np.uint8))
    found = {tuple(map(int, sample)) for sample in out.data.reshape(-1, 3)}
    assert {(0, 0, 255), (255, 0, 0), (10, 10, 10)} <= found


def test_half_a_box_is_the_mean_of_picture_and_background() -> None:
    node = Text(text=" ", size=30, margin=40, background=Colour.parse("white"), opacity=0.5)
    (out,) = run_node(node, np.full((150, 200), 101, np.uint8))
    assert np.unique(out.data).tolist() == [101, 178]


def test_an_empty_text_leaves_the_picture_alone() -> None:
    picture = np.full((60, 80), 90, np.uint8)
    (out,) = run_node(Text(text="", opacity=1), picture)
    np.testing.assert_array_equal(out.data, picture)


def test_a_label_larger_than_the_picture_is_cut_off() -> None:
    (out,) = run_node(Text(text="wide label", size=100), np.zeros((20, 30, 3), np.uint8))
    assert out.data.shape == (20, 30, 3)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("plain", "plain"),
        ("frame {index}", "frame 42"),
        ("{index:05d}", "00042"),
        ("{time} s", "3723.456 s"),
        ("{time:.1f}", "3723.5"),
        ("{timecode}", "01:02:03.456"),
        ("{{index}}", "{index}"),
    ],
)
def test_placeholders(text: str, written: str) -> None:
    frame = new_frame(Format("gray", 2, 2), 42, Fraction(3723456, 1000))
    assert Text(text=text).written(frame) == written


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{frame}", r"can't fill in '\{frame\}'; it may be \{index\}, \{time\} or \{timecode\}"),
        ("{}", r"can't fill in '\{\}'"),
        ("{index.real}", r"can't fill in '\{index.real\}'"),
        ("{index!r}", r"can't fill in '\{index\}'"),
        ("{index:999999999d}", r"'\{index:999999999d\}' is no format"),
        ("{index:{time}}", "is no format"),
        ("{time:d}", "format code 'd'"),
        ("50 }", "Single '}'"),
        ("{index", "expected '}'"),
    ],
)
def test_what_can_not_be_filled_in_is_refused_while_loading(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Text.model_validate({"text": text})


def test_the_picture_that_was_read_stays_as_it_is() -> None:
    image = Frame(0, Fraction(0), Format("gray", 200, 100), (np.zeros((100, 200), np.uint8),))
    out = new_frame(image.format)
    Text(text="H").process(image, out)
    assert int(image.data.max()) == 0
    assert int(out.data.max()) == 255
