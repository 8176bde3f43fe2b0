"""A watcher hears of every firing of the tokens that it wants to know about."""

from __future__ import annotations

from itertools import pairwise

import pytest
from collect import COLLECTED, Collect, Literals, make, planned, values, wire
from odd_nodes import Lighten, Over, Plus
from steering import Notes

from flowgraph.executor.control import STILLS, Control, Fired
from flowgraph.graph import NetNode
from flowgraph.session import execute

CLIP = wire("v", Literals(values=(5, 6, 7, 8)))

threaded = pytest.mark.parametrize("threads", [1, 2, 4])


def watch(*nodes: NetNode, threads: int = 1, indexes: tuple[int, ...] = ()) -> Notes:
    notes, control = Notes(indexes), Control()
    control.watcher = notes
    execute(planned(*nodes, threads=threads), control=control)
    return notes


@threaded
def test_it_sees_what_each_step_puts_out_and_what_a_sink_takes(threads: int) -> None:
    """The sum is made in the very buffer that it reads: what a step made is seen before that."""
    first, second = wire("p", Plus(amount=10), image="v"), wire("q", Plus(amount=10), image="p")
    notes = watch(CLIP, first, second, wire("out", Collect(), image="q"), threads=threads)
    assert sorted(notes.seen) == sorted(
        (node, k, (5 + k + more,))
        for k in range(4)
        for node, more in (("v", 0), ("p", 10), ("q", 20), ("out", 20))
    )
    assert {firing.type for firing in notes.heard} == {"literals", "plus", "collect"}
    assert {firing.worker for firing in notes.heard} <= set(range(threads))


@threaded
def test_it_is_asked_once_for_each_token_and_hears_only_of_those_it_wants(threads: int) -> None:
    notes = watch(CLIP, wire("out", Collect(), image="v"), threads=threads, indexes=(2,))
    assert sorted(notes.asked) == [(0, 0), (0, 1), (0, 2), (0, 3)]
    assert notes.seen == [("v", 2, (7,)), ("out", 2, (7,))]


@threaded
def test_a_step_that_was_skipped_puts_out_nothing(threads: int) -> None:
    every = wire("e", make("every", n=2), image="v")
    notes = watch(CLIP, every, wire("out", Collect(), image="e"), threads=threads)
    assert sorted(line for line in notes.seen if line[0] == "out") == [
        ("out", 0, (5,)),
        ("out", 1, ()),
        ("out", 2, (7,)),
        ("out", 3, ()),
    ]
    assert values() == [5, 7]


@threaded
def test_it_hears_of_reductions_at_their_end_and_of_both_passes(threads: int) -> None:
    fold, over = wire("f", Lighten(), image="v"), wire("o", Over(), image="v", still="f")
    notes = watch(CLIP, fold, over, wire("out", Collect(), image="o"), threads=threads)
    assert ("f", STILLS, (8,)) in notes.seen
    assert ("f", 3, ()) in notes.seen
    assert sorted({(firing.pass_index, firing.node) for firing in notes.heard}) == [
        (0, "f"),
        (0, "v"),
        (1, "o"),
        (1, "out"),
        (1, "v"),
    ]


def test_it_hears_of_stills_before_the_tokens() -> None:
    notes = watch(CLIP, wire("f", Lighten(), image="v"), wire("out", Collect(), image="f"))
    assert notes.seen[-2:] == [("f", STILLS, (8,)), ("out", STILLS, (8,))]


@threaded
def test_it_hears_of_what_is_drawn_across_a_border(threads: int) -> None:
    other = wire("w", Literals(values=(50, 60), name="b", step=2))
    plus = wire("p", Plus(amount=1), image="w")
    aligned = wire("al", "align", reference="v", image="p")
    notes = watch(CLIP, other, plus, aligned, wire("out", Collect(), image="al"), threads=threads)
    assert sorted(line for line in notes.seen if line[0] in "wp") == [
        ("p", 0, (51,)),
        ("p", 1, (61,)),
        ("w", 0, (50,)),
        ("w", 1, (60,)),
    ]
    assert values() == [51, 51, 61, 61]


@threaded
def test_drain_tokens_count_on_from_the_last_frame(threads: int) -> None:
    late = wire("a", make("advance", frames=2), image="v")
    notes = watch(CLIP, late, wire("out", Collect(), image="a"), threads=threads)
    assert sorted(line[1] for line in notes.seen if line[0] == "out" and line[2]) == [2, 3, 4, 5]
    assert sorted(line[1] for line in notes.seen if line[0] == "v") == [0, 1, 2, 3]


def test_indexes_are_those_of_the_source_where_the_first_frames_are_left_out() -> None:
    notes, control = Notes(), Control()
    control.watcher = notes
    execute(planned(CLIP, wire("out", Collect(), image="v"), threads=1), control=control, first=2)
    assert notes.seen == [("v", 2, (7,)), ("out", 2, (7,)), ("v", 3, (8,)), ("out", 3, (8,))]


def test_times_follow_one_another_on_one_worker() -> None:
    heard = watch(CLIP, wire("p", Plus(amount=1), image="v"), wire("out", Collect(), image="p")).heard
    for before, after in pairwise(heard):
        assert before.started + before.waited + before.seconds <= after.started + after.waited + after.seconds
        assert before.waited >= 0
        assert before.seconds >= 0


def test_what_a_watcher_raises_ends_the_run() -> None:
    class Breaks(Notes):
        def fired(self, firing: Fired) -> None:
            raise ZeroDivisionError("a bug in a watcher")

    control = Control()
    control.watcher = Breaks()
    with pytest.raises(ZeroDivisionError, match="a bug in a watcher"):
        execute(planned(CLIP, wire("out", Collect(), image="v")), control=control)
    assert COLLECTED["out"].ended == "aborted"
