"""A frame is lent until the next one is asked for; nothing that a program keeps changes under its hands."""

from __future__ import annotations

import numpy as np
import pytest
from opened import CLIP, VALUES, opened

from flowgraph.errors import GraphError
from flowgraph.frame import Format, new_frame
from flowgraph.lent import KEPT, Loan, ReleasedError

threaded = pytest.mark.parametrize("threads", [1, 2])


@threaded
def test_a_frame_that_was_released_can_not_be_used(threads: int) -> None:
    with opened(CLIP, outputs=["v"], threads=threads) as run:
        frames = list(run["v"])
    assert len(frames) == len(VALUES)
    with pytest.raises(ReleasedError, match="frame 3 of 'v' was released when the next one was asked for"):
        print(frames[3].data)
    with pytest.raises(ReleasedError) as error:
        frames[59].copy()
    assert error.value.hint == "keep frame.copy()"
    assert repr(frames[3]) == "<Frame 3 at 0.300 s, gray 8x4, released>"


@threaded
def test_a_copy_stays_and_may_be_written_into(threads: int) -> None:
    with opened(CLIP, outputs=["v"], threads=threads) as run:
        copies = [frame.copy() for frame in run["v"]]
    for k, frame in enumerate(copies):
        assert (frame.index, int(frame.data[0, 0])) == (k, k)
        frame.data[...] = 0


@threaded
def test_arrays_of_the_last_frames_keep_what_they_show(threads: int) -> None:
    with opened(CLIP, outputs=["v"], threads=threads) as run:
        before = np.zeros((4, 8), np.uint8)
        for k, frame in enumerate(run["v"]):
            picture = frame.data
            assert int(picture[0, 0]) == k
            assert int(before[-1, -1]) == max(0, k - 1)
            before = picture[1:]


def test_keeping_the_arrays_of_more_frames_is_refused_when_the_next_one_is_asked_for() -> None:
    with opened(CLIP, outputs=["v"]) as run:
        frames = run["v"]
        kept = [next(frames).data for _ in range(KEPT + 1)]
        with pytest.raises(GraphError, match=r"arrays of 3 earlier frames of 'v' are still in use") as error:
            next(frames)
        assert error.value.hint == "keep copies instead: frame.copy(), or frame.data.copy()"
        assert [int(picture[0, 0]) for picture in kept] == [0, 1, 2]
        del kept[0]
        assert int(next(frames).data[0, 0]) == 3


def test_lent_arrays_are_read_only() -> None:
    with opened(CLIP, outputs=["v"]) as run:
        picture = next(run["v"]).data
        with pytest.raises(ValueError, match="read-only"):
            picture[0, 0] = 1


def test_a_view_of_a_lent_array_counts_like_the_array() -> None:
    loan = Loan("v")
    frame = new_frame(Format("bgr24", 4, 2))
    views = []
    for _ in range(KEPT + 1):
        views.append(loan.lend(frame).data[:, 1:, 0].T)
        if len(views) <= KEPT:
            loan.release()
    with pytest.raises(GraphError, match="arrays of 3 earlier frames"):
        loan.release()
    views.clear()
    loan.release()


def test_a_lent_frame_that_nobody_looked_into_costs_nothing() -> None:
    loan = Loan("v")
    frame = new_frame(Format("gray", 4, 2))
    for _ in range(10):
        loan.lend(frame)
        loan.release()
