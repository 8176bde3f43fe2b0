"""A reduction of any order has a state for each worker, and gives the bits that one state gives."""

from __future__ import annotations

from threading import Barrier
from typing import ClassVar

import numpy as np
import pytest
from collect import COLLECTED, Collect, Literals, planned, report, wire

from flowgraph.frame import Frame, Plane
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule

VALUES = tuple(range(40))
V = wire("v", Literals(values=VALUES, width=64, height=32))
OUT = wire("out", Collect(), image="r")


class Sums(Node):
    """The sum of all first samples, in the first four samples; meets another thread where it is told to."""

    together: bool = False
    large: bool = False

    image = Input("gray")
    total = Output(like=image)

    started: ClassVar[list[Plane]] = []
    met: ClassVar[Barrier] = Barrier(2)

    def clock(self) -> Rule:
        return STILL

    def any_order(self) -> bool:
        return True

    def state_bytes(self, formats: Formats) -> int:
        return formats["image"].frame_bytes if self.large else 8

    def start(self, formats: Formats) -> Plane:
        self.started.append(np.zeros(1, np.int64))
        return self.started[-1]

    def accumulate(self, state: Plane, image: Frame) -> None:
        state += int(image.data[0, 0])
        if self.together and image.index in (0, 1):
            self.met.wait(10)

    def merge(self, state: Plane, other: Plane) -> Plane:
        state += other
        return state

    def finish(self, state: Plane, total: Frame) -> None:
        total.data[...] = 0
        total.data[0, :4] = np.frombuffer(np.uint32(int(state[0])).tobytes(), np.uint8)


def summed(node: Sums, threads: int) -> int:
    Sums.started.clear()
    Sums.met.reset()
    report(V, wire("r", node, image="v"), OUT, threads=threads)
    return int(np.ascontiguousarray(COLLECTED["out"].frames[0].data[0, :4]).view(np.uint32)[0])


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_states_of_all_workers_are_merged(threads: int) -> None:
    assert summed(Sums(), threads) == sum(VALUES)
    assert 1 <= len(Sums.started) <= threads


def test_two_workers_accumulate_at_a_time() -> None:
    assert summed(Sums(together=True), threads=2) == sum(VALUES)
    assert len(Sums.started) == 2


def test_a_large_state_is_there_once_and_takes_frames_in_order() -> None:
    assert summed(Sums(large=True), threads=4) == sum(VALUES)
    assert len(Sums.started) == 1


def test_each_workers_state_is_counted() -> None:
    costs = planned(V, wire("r", Sums(), image="v"), OUT, threads=3).costs
    (state,) = (cost for cost in costs if cost.what == "state of 'r'")
    assert (state.nbytes, state.count, state.reason) == (8, 3, "one for each worker, merged at the end")
