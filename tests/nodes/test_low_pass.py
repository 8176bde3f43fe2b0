"""low_pass and band_pass."""

from typing import Any

import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph.units import Duration, Level
from flowgraph_nodes.band_pass import BandPass
from flowgraph_nodes.low_pass import LowPassed

STEP = [np.full((2, 3), value, np.uint8) for value in (0, 0, 160, 160, 160, 160)]


def levels(node: Any) -> list[int]:
    return [int(frame.data[0, 0]) for frame in run_node(node, STEP)]


def test_a_step_comes_through_by_the_same_share_of_what_is_left_each_time() -> None:
    assert levels(LowPassed(time=Duration(1))) == [0, 0, 80, 120, 140, 150]
    assert levels(LowPassed(time=Duration(3))) == [0, 0, 40, 70, 92, 109]


def test_without_a_time_the_picture_passes_as_it_is(pictures: list[Plane]) -> None:
    frames = run_node(LowPassed(time=Duration(0)), pictures)
    assert all((frame.data == picture).all() for frame, picture in zip(frames, pictures, strict=True))


def test_a_time_is_counted_in_the_streams_frames() -> None:
    assert levels(LowPassed(time=Duration.parse("120ms"))) == levels(LowPassed(time=Duration(3)))


def test_noise_is_filtered_as_the_formula_says(pictures: list[Plane]) -> None:
    value = pictures[0].astype(float)
    for frame, picture in zip(run_node(LowPassed(time=Duration(4)), pictures), pictures, strict=True):
        value += (picture - value) / 5
        assert np.abs(frame.data - value).max() < 0.501


def test_the_difference_of_two_filters_passes_a_change_for_a_while() -> None:
    node = BandPass(fast=Duration(0), slow=Duration(1), gain=1, offset=Level(100))
    assert levels(node) == [100, 100, 180, 140, 120, 110]
    slower = BandPass(fast=Duration(1), slow=Duration(3), gain=2, offset=Level(0))
    assert levels(slower) == [0, 0, 80, 100, 95, 81]


def test_equal_filters_are_refused() -> None:
    with pytest.raises(ValueError, match="nothing would pass"):
        BandPass(fast=Duration(3), slow=Duration(3)).check()


def test_the_state_is_a_picture_of_floats_for_each_filter() -> None:
    formats = Formats({"image": (Format("bgr24", 100, 10),)})
    assert LowPassed().state_bytes(formats) == 12_000
    assert LowPassed().start(formats)[0].value.nbytes == 12_000
    assert BandPass().state_bytes(formats) == 24_000
