"""testing: a node that breaks the contract is found out."""

from collections.abc import Mapping
from fractions import Fraction
from threading import Barrier, current_thread, main_thread

import numpy as np
import pytest

from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import SKIP, STILL, Fill, Formats, Input, Node, Output, Rule, subset
from flowgraph.testing import run_node

STREAM = [np.full((300, 4), value, np.uint8) for value in (1, 2, 3, 4)]


class _OneInput(Node):
    image = Input("gray")
    out = Output(like=image, in_place=True)


class _Window(_OneInput):
    held: Fill = "first"

    def history(self, port: str, rate: Fraction | None) -> int:
        return 2

    def fill(self, port: str) -> Fill:
        return self.held

    def clock(self) -> Rule:
        return subset("skip", 2) if self.held == "none" else super().clock()

    def process(self, image: tuple[Frame, ...], out: Frame) -> None:
        now, before, oldest = image[0].data, image[-1].data, image[-2].data
        np.copyto(out.data, 100 * now + 10 * before + oldest)


@pytest.mark.parametrize(
    ("held", "expected"),
    [("first", [111, 211, 65]), ("black", [100, 210, 65]), ("none", [65])],
)
def test_a_window_is_filled_as_its_port_says(held: Fill, expected: list[int]) -> None:
    out = run_node(_Window(held=held), STREAM[:3])
    assert [int(frame.data[0, 0]) for frame in out] == expected
    assert out[-1].index == 2


class _WritesItsInput(_OneInput):
    def process(self, image: Frame, out: Frame) -> None:
        image.data[...] = 0


def test_inputs_can_not_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        run_node(_WritesItsInput(), STREAM)


class _LeavesRows(_OneInput):
    def process(self, image: Frame, out: Frame) -> None:
        np.copyto(out.data[1:], image.data[1:])


def test_an_output_that_is_not_filled_is_found_by_its_rubbish() -> None:
    with pytest.raises(AssertionError, match="different on padded rows"):
        run_node(_LeavesRows(), STREAM)


class _ReadsAfterWriting(_OneInput):
    def process(self, image: Frame, out: Frame) -> None:
        out.data[...] = 7
        np.add(out.data, image.data, out=out.data)


def test_a_node_that_can_not_work_in_place_is_found_out() -> None:
    with pytest.raises(AssertionError, match="different in place for 'out'"):
        run_node(_ReadsAfterWriting(), STREAM)


class _Allocates(_OneInput):
    def process(self, image: Frame, out: Frame) -> None:
        np.copyto(out.data, image.data.astype(np.float64), casting="unsafe")


def test_what_is_allocated_must_be_declared() -> None:
    with pytest.raises(AssertionError, match=r"process allocates [0-9]+ bytes, declared are 0"):
        run_node(_Allocates(), np.zeros((300, 400), np.uint8))


class _Skips(_OneInput):
    def process(self, image: Frame, out: Frame) -> object:
        return SKIP


def test_only_a_subset_may_skip() -> None:
    with pytest.raises(AssertionError, match="SKIP on a clock that is no subset"):
        run_node(_Skips(), STREAM)


class _Last(_OneInput):
    def clock(self) -> Rule:
        return STILL

    def start(self, formats: Formats) -> dict[str, Plane]:
        return {}

    def accumulate(self, state: dict[str, Plane], image: Frame) -> None:
        state["last"] = image.data.copy()

    def merge(self, state: dict[str, Plane], other: dict[str, Plane]) -> dict[str, Plane]:
        return state

    def finish(self, state: dict[str, Plane], out: Frame) -> None:
        np.copyto(out.data, state["last"])


def test_a_merge_that_loses_a_stretch_is_found_out() -> None:
    with pytest.raises(AssertionError, match="different merged after frame 1"):
        run_node(_Last(), STREAM)


class _Newest(_Last):
    """Merges stretches in order; other claims come from the tests."""

    unordered: bool = False
    rows: bool = False

    def any_order(self) -> bool:
        return self.unordered

    def by_rows(self) -> bool:
        return self.rows

    def merge(self, state: dict[str, Plane], other: dict[str, Plane]) -> dict[str, Plane]:
        return other


def test_a_reduction_that_says_any_order_and_minds_it_is_found_out() -> None:
    run_node(_Newest(), STREAM)
    with pytest.raises(AssertionError, match="different with its frames in another order, merged"):
        run_node(_Newest(unordered=True), STREAM)


class _Stretched(_Newest):
    def finish(self, state: dict[str, Plane], out: Frame) -> None:
        np.multiply(state["last"], len(out.data), out=out.data)


def test_a_reduction_that_says_by_rows_and_looks_at_others_is_found_out() -> None:
    tall = [np.full((9, 3), 1 + k, np.uint8) for k in range(3)]
    run_node(_Newest(rows=True), tall)
    with pytest.raises(AssertionError, match="different in bands of rows"):
        run_node(_Stretched(rows=True), tall)


class _Delayed(_OneInput):
    def latency(self, rate: Fraction | None) -> int:
        return 1

    def history(self, port: str, rate: Fraction | None) -> int:
        return 1

    def process(self, image: tuple[Frame, ...], out: Frame) -> None:
        np.copyto(out.data, image[-1].data)


def test_a_node_with_latency_gives_each_frame_at_its_index() -> None:
    out = run_node(_Delayed(), STREAM)
    assert [(frame.index, int(frame.data[0, 0])) for frame in out] == [(0, 1), (1, 2), (2, 3), (3, 4)]


class _Forward(Node):
    image = Input()
    out = Output(like=image, forward=True)

    def process(self, image: Frame) -> Frame:
        return image


def test_a_forwarded_frame_is_the_output() -> None:
    assert [int(frame.data[0, 0]) for frame in run_node(_Forward(), STREAM)] == [1, 2, 3, 4]


class _Wide(_OneInput):
    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        return {"out": formats["image"].as_pixel("gray16le")}

    def process(self, image: Frame, out: Frame) -> None:
        np.multiply(image.data, 257, out=out.data, dtype=np.uint16)


def test_the_output_has_the_format_that_the_node_says() -> None:
    (out,) = run_node(_Wide(), STREAM[0])
    assert (out.format.pixel, int(out.data[0, 0])) == ("gray16le", 257)


def test_a_picture_that_no_port_takes_is_refused() -> None:
    with pytest.raises(AssertionError, match="more streams than inputs"):
        run_node(_Wide(), STREAM, STREAM)
    with pytest.raises(AssertionError, match="'image' doesn't accept bgr24 4x4"):
        run_node(_Wide(), np.zeros((4, 4, 3), np.uint8))


class _Shares(_OneInput):
    """Keeps a picture between two steps of its work in memory that all calls share."""

    def process(self, image: Frame, out: Frame) -> None:
        SHARED[...] = image.data
        if current_thread() is not main_thread():
            MEET.wait(30)
        np.copyto(out.data, SHARED)


SHARED = np.empty((300, 4), np.uint8)
MEET = Barrier(4)


def test_a_node_without_state_may_be_called_for_several_frames_at_a_time() -> None:
    """Four calls write before any of them reads."""
    with pytest.raises(AssertionError, match="of 'out' is different on several threads"):
        run_node(_Shares(), STREAM)
