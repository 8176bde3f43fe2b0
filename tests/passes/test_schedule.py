"""Nodes become firing lists: one for each driving clock, with a window for each stream looked back on."""

from __future__ import annotations

from networks import Below, Clip, Mean, Take, make, scheduled, wire

from flowgraph.graph import NetNode
from flowgraph.plan import Arg, FiringList, Step

V = wire("v", Clip(pixel="gray"))
W = wire("w", Clip(file="b", pixel="gray"))


def lists(*nodes: NetNode) -> tuple[FiringList, ...]:
    (pass_,) = scheduled(*nodes)
    return pass_.lists


def kinds(firing: FiringList) -> list[tuple[str, str]]:
    return [(step.name, step.kind) for step in firing.steps]


def step(firing: FiringList, name: str) -> Step:
    return next(step for step in firing.steps if step.name == name)


def arg(firing: FiringList, name: str, item: int = 0, port: str = "image") -> Arg:
    return step(firing, name).args[port][item]


def out(reads: str, name: str = "out") -> NetNode:
    return wire(name, Take(), image=reads)


def test_a_plain_graph_is_one_list_in_order() -> None:
    (firing,) = lists(V, wire("i", "invert", image="v"), out("i"))
    assert kinds(firing) == [("v", "source"), ("i", "node"), ("out", "sink")]
    assert (firing.slots, firing.drain) == (2, 0)


def test_a_stream_that_is_looked_back_on_has_one_window_as_long_as_the_longest_look() -> None:
    (firing,) = lists(
        V, wire("d", make("delay", frames=4), image="v"), wire("e", make("delay", frames=2), image="v"),
        wire("m", "mix", image=("d", "e", "v")), out("m"),
    )  # fmt: skip
    assert kinds(firing)[:2] == [("v", "source"), ("v>window", "window")]
    assert step(firing, "v>window").history == 4
    assert arg(firing, "d") == Arg(arg(firing, "d").port, 1, windowed=True, history=4)
    assert arg(firing, "e").history == 2
    assert not arg(firing, "m", 2).windowed


def test_taps_count_into_the_window() -> None:
    (firing,) = lists(
        V, wire("a", make("advance", frames=3), image="v"), wire("d", make("delay", frames=2), image="v"),
        wire("m", "mix", image=("a", "d", "v")), out("m"),
    )  # fmt: skip
    assert {s.name: s.history for s in firing.steps if s.kind == "window"} == {"v>window": 3, "d>window": 3}
    assert (arg(firing, "m", 1).tap, arg(firing, "m", 2).tap) == (3, 3)
    assert (firing.drain, step(firing, "out").total_latency) == (3, 3)


def test_state_sinks_windows_and_sources_are_fired_in_order_and_pure_nodes_are_not() -> None:
    (firing,) = lists(
        V, wire("d", make("delay", frames=1), image="v"), wire("e", make("every", n=2), image="d"),
        wire("i", "invert", image="e"), out("i"),
    )  # fmt: skip
    assert {s.name for s in firing.steps if s.ordered} == {"v", "v>window", "e", "out"}


def test_a_reduction_ends_a_list_and_its_still_is_read_by_the_next_pass() -> None:
    first, second = scheduled(
        V, wire("f", Mean(), image="v"), wire("o", Below(), image="v", still="f"), out("o")
    )
    assert kinds(first.lists[0]) == [("v", "source"), ("f", "reduce")]
    assert kinds(second.lists[0]) == [("v", "source"), ("o", "node"), ("out", "sink")]
    assert arg(second.lists[0], "o", port="still").still


def test_stills_are_a_list_of_their_own() -> None:
    (pass_,) = scheduled(
        V, wire("p", Clip(file="p", pixel="gray", still=True)), wire("i", "invert", image="p"),
        wire("m", "mix", image=("v", "i")), out("m"),
    )  # fmt: skip
    assert kinds(pass_.stills) == [("p", "source"), ("i", "node")]
    assert kinds(pass_.lists[0]) == [("v", "source"), ("m", "node"), ("out", "sink")]


def test_another_clock_stands_behind_a_border_with_a_list_of_its_own() -> None:
    main, behind = lists(
        V, W, wire("a", make("advance", frames=2), image="w"),
        wire("al", "align", reference="v", image="a"), out("al"),
    )  # fmt: skip
    assert kinds(main) == [("v", "source"), ("al", "border"), ("out", "sink")]
    assert kinds(behind) == [("w", "source"), ("w>window", "window"), ("a", "node")]
    assert step(main, "al").domain == 1
    assert (main.drain, behind.drain) == (0, 2)
    assert behind.result == step(behind, "a").results[0].slot
    assert (str(main.clock), str(behind.clock)) == ("v", "w")


def test_a_border_behind_a_border() -> None:
    third = wire("x", Clip(file="c", pixel="gray"))
    found = lists(
        V,
        W,
        third,
        wire("b", "align", reference="w", image="x"),
        wire("al", "align", reference="v", image="b"),
        out("al"),
    )
    assert [str(firing.clock) for firing in found] == ["v", "w", "x"]
    assert (step(found[0], "al").domain, step(found[1], "b").domain) == (1, 2)


def test_hold_of_the_same_source_stays_in_its_list_and_waits_for_its_reference() -> None:
    (firing,) = lists(
        V, wire("e", make("every", n=2), image="v"), wire("a", make("advance", frames=3), image="v"),
        wire("h", "hold", image="e", reference="a"), out("h"),
    )  # fmt: skip
    border = step(firing, "h")
    assert (border.kind, border.domain, border.history) == ("border", -1, 3)


def test_a_step_says_how_much_scratch_its_node_asks_for() -> None:
    (firing,) = lists(V, wire("t", make("tmix", frames=3), image="v"), out("t"))
    # Two rows of 131072 float64 samples, whatever the size of the picture.
    assert {s.name: s.scratch_bytes for s in firing.steps if s.scratch_bytes} == {"t": 2 * 131072 * 8}


def test_implied_steps_say_why_they_are_there() -> None:
    (firing,) = lists(V, wire("d", make("delay", frames=20), image="v"), out("d"))
    assert [(s.name, s.implied) for s in firing.steps if s.implied] == [
        ("v>copy", "a history of more than 8 frames is kept in the pool, not in the decoder"),
        ("v>copy>window", "keeps the last 20 frames of 'v>copy' for all that look back on it"),
    ]
