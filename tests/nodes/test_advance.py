"""advance."""

from fractions import Fraction

import numpy as np
import pytest

from flowgraph.frame import Format, new_frame
from flowgraph.node import SAME
from flowgraph.testing import run_node
from flowgraph.units import Duration
from flowgraph_nodes.advance import Advance


def test_each_frame_shows_the_picture_of_two_frames_later_and_the_last_one_stays() -> None:
    stream = [np.full((2, 3), value, np.uint8) for value in (1, 2, 3, 4, 5)]
    out = run_node(Advance(frames=Duration(2)), stream)
    assert [int(frame.data[0, 0]) for frame in out] == [3, 4, 5, 5, 5]
    assert [frame.index for frame in out] == [0, 1, 2, 3, 4]


def test_the_newest_picture_of_the_window_comes_out() -> None:
    format = Format("yuv420p", 3, 3)
    now, oldest, before = (new_frame(format, i, Fraction(i, 25)) for i in (7, 5, 6))
    assert Advance(frames=Duration(2)).process((now, oldest, before)) is now


def test_nothing_ahead_forwards() -> None:
    now = new_frame(Format("gray", 2, 2))
    assert Advance(frames=Duration(0)).process(now) is now


def test_latency_and_history_are_as_long_as_the_look_ahead() -> None:
    node = Advance.model_validate({"frames": "200ms"})
    assert (node.latency(Fraction(25)), node.history("image", Fraction(25))) == (5, 5)
    assert node.clock() == SAME


def test_a_time_needs_a_stream_with_a_rate() -> None:
    with pytest.raises(ValueError, match="needs a stream with a known frame rate"):
        Advance.model_validate({"frames": "200ms"}).latency(None)
