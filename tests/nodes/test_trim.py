"""trim."""

from fractions import Fraction

import numpy as np
import pytest

from flowgraph.frame import Format, new_frame
from flowgraph.node import SAME, SKIP, Formats, subset
from flowgraph.testing import run_node
from flowgraph.units import Duration
from flowgraph_nodes.delay import Delay
from flowgraph_nodes.trim import Trim

FORMAT = Format("gray", 2, 2)


def kept(written: dict[str, object], times: list[Fraction]) -> list[int]:
    """Indexes of the frames that a trim keeps of frames 10, 11, ... at `times`."""
    node = Trim.model_validate(written)
    node.check()
    state = node.start(Formats({"image": (FORMAT,)}))
    frames = [new_frame(FORMAT, i, time) for i, time in enumerate(times, 10)]
    return [frame.index for frame in frames if node.process(state, frame) is not SKIP]


TENTHS = [Fraction(5) + Fraction(i, 10) for i in range(8)]


@pytest.mark.parametrize(
    ("written", "indexes"),
    [
        ({"start": 5}, [15, 16, 17]),
        ({"stop": 2}, [10, 11]),
        ({"start": 2, "stop": 4}, [12, 13]),
        ({"start": "500ms"}, [15, 16, 17]),
        ({"start": "0.25s", "stop": "0.5s"}, [13, 14]),
        ({"start": 3, "stop": "0.5s"}, [13, 14]),
        ({"start": "0.6s", "stop": 7}, [16]),
        ({"start": 20}, []),
    ],
)
def test_the_stretch_counts_from_the_streams_first_frame(
    written: dict[str, object], indexes: list[int]
) -> None:
    assert kept(written, TENTHS) == indexes


def test_a_stream_keeps_its_indexes() -> None:
    stream = [np.full((2, 2), value, np.uint8) for value in range(5)]
    out = run_node(Trim(start=Duration(1), stop=Duration(3)), stream)
    assert [(frame.index, int(frame.data[0, 0])) for frame in out] == [(1, 1), (2, 2)]


def test_leaving_out_first_frames_is_the_clock_of_a_delay_without_fill() -> None:
    assert Trim(start=Duration(1)).clock() == Delay(frames=Duration(1), fill="none").clock()
    assert Trim(start=Duration(0)).clock() == SAME


def test_equal_stretches_have_one_clock_and_others_their_own() -> None:
    one = Trim(start=Duration(1), stop=Duration(3))
    assert one.clock() == Trim(start=Duration(1), stop=Duration(3)).clock()
    assert one.clock() != Trim(start=Duration(1), stop=Duration(4)).clock()
    assert Trim(stop=Duration(3)).clock() == subset("trim", Duration(0), Duration(3))
    assert Trim.model_validate({"start": "1s"}).clock() == subset("trim", Duration.parse("1s"), None)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({}, "nothing to trim: give start, stop or both"),
        ({"stop": 0}, r"nothing is left: stop \(0\) must come after start \(0\)"),
        ({"start": 4, "stop": 4}, r"nothing is left: stop \(4\) must come after start \(4\)"),
        ({"start": "2s", "stop": "0:01"}, r"nothing is left: stop \(1s\) must come after start \(2s\)"),
    ],
)
def test_an_empty_stretch_is_refused(written: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Trim.model_validate(written).check()


def test_the_schema_says_start() -> None:
    assert sorted(Trim.model_json_schema()["properties"]) == ["start", "stop"]
