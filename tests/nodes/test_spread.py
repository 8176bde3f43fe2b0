"""count and spread."""

from fractions import Fraction

import numpy as np
import pytest

from flowgraph.frame import Format, Frame, table
from flowgraph.node import STILL, Formats, subset
from flowgraph.testing import frame_of, run_node
from flowgraph_nodes.count import COLUMNS, Count
from flowgraph_nodes.spread import Spread


def stream(count: int) -> list[Frame]:
    return [frame_of(np.full((1, 1), k % 256, np.uint8), k) for k in range(count)]


def kept(n: int, total: int) -> list[int]:
    """The numbers of the frames that are kept; the harness counts those that come out."""
    node = Spread(n=n)
    length = frame_of(np.zeros((1, 3), np.uint8)).view(table(*COLUMNS), (np.array([[total, 0.0, 1.0]]),))
    seen = node.start(Formats({}))
    return [frame.index for frame in stream(total) if node.process(seen, frame, length) is frame]


@pytest.mark.parametrize(
    ("n", "total", "expected"),
    [(1, 9, [4]), (2, 10, [2, 7]), (3, 10, [1, 5, 8]), (4, 4, [0, 1, 2, 3]), (9, 4, [0, 1, 2, 3]),
     (4, 5, [0, 1, 3, 4])],
)  # fmt: skip
def test_the_middles_of_equal_parts_are_kept(n: int, total: int, expected: list[int]) -> None:
    assert kept(n, total) == expected


def test_there_are_as_many_as_asked_for_whatever_the_length() -> None:
    for total in range(1, 60):
        for n in range(1, total + 1):
            assert kept(n, total) == [(2 * k + 1) * total // (2 * n) for k in range(n)]


def test_frames_are_counted_with_their_times() -> None:
    (row,) = run_node(Count(), stream(5), rate=Fraction(25))
    assert row.data.tolist() == [[5, 0, 0.16]]
    (row,) = run_node(Count(), stream(1))
    assert row.data.tolist() == [[1, 0, 0]]


def test_any_kind_of_frame_can_be_counted() -> None:
    assert Count().accepts("image", table("time"))
    assert Count().accepts("image", Format("yuv411p", 5, 5))


def test_clocks_and_the_reading_that_counts() -> None:
    assert Count().clock() == STILL
    assert Spread(n=5).clock() == subset("spread", 5)
    assert Spread(n=5).output_rate(Fraction(25)) is None
    assert Spread(n=5).implies()["length"].type == "count"
