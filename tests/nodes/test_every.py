"""every."""

from fractions import Fraction

import numpy as np
import pytest

from flowgraph.frame import Format, new_frame
from flowgraph.node import SAME, SKIP, Formats, subset
from flowgraph.testing import run_node
from flowgraph_nodes.every import Every

FORMAT = Format("gray", 2, 2)
FORMATS = Formats({"image": (FORMAT,)}, {"kept": FORMAT})


def kept(node: Every, indexes: list[int]) -> list[int]:
    state = node.start(FORMATS)
    frames = [new_frame(FORMAT, index, Fraction(index)) for index in indexes]
    return [frame.index for frame in frames if node.process(state, frame) is not SKIP]


def test_every_third_frame_is_kept_from_the_first_on() -> None:
    assert kept(Every(n=3), [0, 1, 2, 3, 4, 5, 6]) == [0, 3, 6]


def test_a_stream_keeps_its_indexes() -> None:
    stream = [np.full((2, 2), value, np.uint8) for value in range(5)]
    out = run_node(Every(n=2), stream)
    assert [(frame.index, int(frame.data[0, 0])) for frame in out] == [(0, 0), (2, 2), (4, 4)]


def test_the_offset_says_which_one() -> None:
    assert kept(Every(n=3, offset=2), [0, 1, 2, 3, 4, 5, 6]) == [2, 5]


def test_it_counts_the_frames_of_its_own_input() -> None:
    assert kept(Every(n=2), [0, 3, 6, 9, 12]) == [0, 6, 12]


def test_a_kept_frame_is_forwarded_as_it_is() -> None:
    node, frame = Every(n=2), new_frame(FORMAT)
    assert node.process(node.start(FORMATS), frame) is frame


def test_equal_nodes_have_one_clock_and_every_one_keeps_the_clock() -> None:
    assert Every(n=2).clock() == Every(n=2).clock() == subset("every", 2, 0)
    assert Every(n=2).clock() != Every(n=2, offset=1).clock()
    assert Every(n=1).clock() == SAME


def test_the_rate_is_the_nth_part() -> None:
    assert Every(n=3).output_rate(Fraction(30000, 1001)) == Fraction(10000, 1001)
    assert Every(n=3).output_rate(None) is None


def test_an_offset_that_no_frame_has_is_refused() -> None:
    with pytest.raises(ValueError, match=r"offset 3 is too large: for n 3 it is 0\.\.2"):
        Every(n=3, offset=3).check()


@pytest.mark.parametrize("wrong", [{}, {"n": 0}, {"n": 2, "offset": -1}, {"n": 1.5}])
def test_wrong_counts_are_refused_while_loading(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Every.model_validate(wrong)
