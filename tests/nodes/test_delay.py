"""delay."""

from fractions import Fraction

import numpy as np
import pytest
from pydantic import ValidationError

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.node import SAME, Fill, subset
from flowgraph.testing import run_node
from flowgraph.units import Duration
from flowgraph_nodes.delay import Delay


def picture(index: int) -> Frame:
    return new_frame(Format("yuv420p", 5, 3), index, Fraction(index, 25))


def test_the_oldest_picture_of_the_window_comes_out() -> None:
    now, oldest, before = picture(7), picture(5), picture(6)
    assert Delay(frames=Duration(2)).process((now, oldest, before)) is oldest


@pytest.mark.parametrize(
    ("fill", "shown"),
    [
        ("first", [(0, 1), (1, 1), (2, 1), (3, 2)]),
        ("black", [(0, 0), (1, 0), (2, 1), (3, 2)]),
        ("none", [(2, 1), (3, 2)]),
    ],
)
def test_a_stream_comes_later_and_fill_says_how_it_begins(fill: Fill, shown: list[tuple[int, int]]) -> None:
    stream = [np.full((2, 3), value, np.uint8) for value in (1, 2, 3, 4)]
    out = run_node(Delay(frames=Duration(2), fill=fill), stream)
    assert [(frame.index, int(frame.data[0, 0])) for frame in out] == shown


def test_a_delay_of_no_frames_forwards() -> None:
    now = picture(7)
    assert Delay(frames=Duration(0)).process(now) is now


@pytest.mark.parametrize(
    ("written", "frames"), [(0, 0), (5, 5), ("5", 5), ("200ms", 5), ("0.1s", 2), ("0:02", 50)]
)
def test_the_history_is_as_long_as_the_delay(written: object, frames: int) -> None:
    assert Delay.model_validate({"frames": written}).history("image", Fraction(25)) == frames


def test_a_time_needs_a_stream_with_a_rate() -> None:
    with pytest.raises(ValueError, match="needs a stream with a known frame rate"):
        Delay.model_validate({"frames": "200ms"}).history("image", None)


@pytest.mark.parametrize("fill", ["first", "black", "none"])
def test_fill_is_what_was_written(fill: Fill) -> None:
    assert Delay(fill=fill).fill("image") == fill
    assert Delay.model_validate({"fill": fill}).fill("image") == fill


def test_fill_none_leaves_out_the_first_frames_and_other_fills_do_not() -> None:
    assert Delay(frames=Duration(3), fill="none").clock() == subset("skip", 3)
    assert Delay.model_validate({"frames": "1s", "fill": "none"}).clock() == subset(
        "skip time", Duration.parse("1s")
    )
    assert Delay(frames=Duration(3), fill="black").clock() == SAME
    assert Delay(frames=Duration(0), fill="none").clock() == SAME


def test_an_unknown_fill_is_refused_under_the_name_that_was_written() -> None:
    with pytest.raises(ValidationError) as caught:
        Delay.model_validate({"fill": "white"})
    assert caught.value.errors()[0]["loc"] == ("fill",)


def test_the_schema_and_the_dump_say_fill() -> None:
    assert sorted(Delay.model_json_schema()["properties"]) == ["fill", "frames"]
    node = Delay.model_validate({"frames": 4, "fill": "none"})
    assert node.model_dump(by_alias=True) == {"frames": "4", "fill": "none"}
