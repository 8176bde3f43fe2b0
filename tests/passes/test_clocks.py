"""Streams meet on one clock only, and whatever is refused comes with a remedy."""

from __future__ import annotations

import pytest
from networks import Below, Clip, Mean, Take, make, network, wire

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode
from flowgraph.node import Limits
from flowgraph.passes.clocks import infer_clocks
from flowgraph.passes.probe import probe
from flowgraph.plan import Clock

V = wire("v", Clip())
W = wire("w", Clip(file="b"))


def clocks(*nodes: NetNode) -> dict[str, Clock]:
    given = network(V, W, *nodes)
    return dict(infer_clocks(given, probe(given, Limits())))


def every(name: str, reads: str, n: int = 2, offset: int = 0) -> NetNode:
    return wire(name, make("every", n=n, offset=offset), image=reads)


def mix(*reads: str) -> NetNode:
    return wire("m", "mix", image=reads)


def test_most_nodes_keep_the_clock() -> None:
    found = clocks(
        wire("d", make("delay", frames=5), image="v"), mix("v", "d"), wire("out", Take(), image="m")
    )
    assert {found[name] for name in ("d", "m", "out")} == {Clock("a", (), "v")}


def test_two_clips_of_one_file_have_one_clock() -> None:
    assert clocks(wire("again", Clip(format="bgr24")), mix("v", "again"))["m"] == Clock("a")


def test_two_every_second_frames_are_one_clock() -> None:
    found = clocks(every("e", "v"), wire("i", "invert", image="v"), every("f", "i"), mix("e", "f"))
    assert found["m"] == Clock("a", (("every", 2, 0),))
    assert str(found["m"]) == "v / every 2"


def test_all_but_the_first_frame_is_one_clock_however_it_is_made() -> None:
    found = clocks(
        wire("t", make("trim", start=1), image="v"), wire("b", "tblend", image="v"),
        wire("d", make("delay", frames=1, fill="none"), image="v"), mix("t", "b", "d"),
    )  # fmt: skip
    assert found["m"] == Clock("a", (("skip", 1),))


def test_first_frames_left_out_twice_add_up() -> None:
    found = clocks(
        wire("t", "tblend", image="v"), wire("u", make("trim", start=2), image="t"),
        wire("x", make("trim", start=3), image="v"), mix("u", "x"),
    )  # fmt: skip
    assert found["m"] == Clock("a", (("skip", 3),))


def test_the_order_of_leaving_out_counts() -> None:
    first = every("a", "t")
    found = clocks(wire("t", make("trim", start=1), image="v"), first, every("e", "v"),
                   wire("b", make("trim", start=1), image="e"))  # fmt: skip
    assert found["a"] != found["b"]


@pytest.mark.parametrize("still", [wire("s", Mean(), image="w"), wire("s", Clip(file="p", still=True))])
def test_a_still_joins_any_clock(still: NetNode) -> None:
    found = clocks(still, every("e", "v"), mix("s", "e"))
    assert found["s"].still
    assert found["m"] == found["e"]


def test_stills_give_a_still() -> None:
    found = clocks(wire("s", Mean(), image="w"), wire("p", Clip(file="p", still=True)), mix("s", "p"))
    assert found["m"].still


def test_two_sources_are_refused_with_both_names_and_align_as_remedy() -> None:
    with pytest.raises(GraphError) as error:
        clocks(mix("v", "w"))
    assert error.value.message == (
        "node 'm' joins 'v' (clock: v) and 'w' (clock: w), which don't have the same frames"
    )
    assert error.value.hint == "align joins by timestamp: {type: align, in: {reference: v, image: w}}"
    assert error.value.place is not None


def test_two_rates_of_one_source_are_refused_with_hold_as_remedy() -> None:
    with pytest.raises(GraphError) as error:
        clocks(every("e", "v", 3), mix("v", "e"))
    assert error.value.message == (
        "node 'm' joins 'v' (clock: v) and 'e' (clock: v / every 3), which don't have the same frames"
    )
    assert error.value.hint == ("hold repeats the latest frame: {type: hold, in: {image: e, reference: v}}")


def test_the_same_number_of_frames_is_not_the_same_frames() -> None:
    with pytest.raises(GraphError, match="which don't have the same frames"):
        clocks(every("e", "v"), every("f", "v", offset=1), mix("e", "f"))


@pytest.mark.parametrize("joins", ["hold", "align"])
def test_hold_and_align_bring_a_stream_onto_the_clock_of_the_reference(joins: str) -> None:
    found = clocks(every("e", "w"), wire("h", joins, image="e", reference="v"), mix("v", "h"))
    assert found["m"] == Clock("a")


def test_a_stream_can_not_follow_a_still() -> None:
    with pytest.raises(GraphError, match="'h' brings the stream 'v' onto the clock of 's', which is a still"):
        clocks(wire("s", Mean(), image="w"), wire("h", "hold", image="v", reference="s"))


def test_a_stream_where_a_still_must_be_is_refused_with_flatten_as_remedy() -> None:
    with pytest.raises(GraphError) as error:
        clocks(wire("j", Below(), image="v", still="v"))
    assert error.value.message == "node 'j': input 'still' takes a still, but 'v' is a stream"
    assert error.value.hint == "flatten makes one picture of a stream"
