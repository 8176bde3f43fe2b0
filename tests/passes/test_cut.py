"""A whole-stream result splits the run into passes, and each source is fed in the leanest way that works."""

from __future__ import annotations

import pytest
from networks import Below, Clip, Mean, Take, make, network, scheduled, wire

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode
from flowgraph.node import Limits
from flowgraph.passes.clocks import infer_clocks
from flowgraph.passes.cut import Part, cut
from flowgraph.passes.probe import probe
from flowgraph.passes.schedule import refuse_second_readers

FRAME = 64 * 32


def clip(**facts: object) -> NetNode:
    return wire("v", Clip.model_validate({"pixel": "gray", **facts}))


TWO_PASSES = (
    wire("mean", Mean(), image="v"),
    wire("j", Below(), image="v", still="mean"),
    wire("out", Take(), image="j"),
)


def parts(*nodes: NetNode, keep_bytes: int = 0) -> tuple[Part, ...]:
    given = network(*nodes)
    infos = probe(given, Limits())
    return cut(given, infer_clocks(given, infos), infos, keep_bytes)


def feeds(*nodes: NetNode, keep_bytes: int = 0) -> list[list[tuple[str, str]]]:
    found = parts(*nodes, keep_bytes=keep_bytes)
    return [[(feed.source, feed.how) for feed in part.feeds] for part in found]


def test_a_graph_without_reductions_is_one_pass() -> None:
    (part,) = parts(clip(), wire("i", "invert", image="v"), wire("out", Take(), image="i"))
    assert (part.stills, part.targets, part.reason) == ((), ("out",), "streams the source")


def test_a_reduction_that_feeds_a_stream_takes_two_passes_with_a_reason() -> None:
    first, second = parts(clip(), *TWO_PASSES)
    assert (first.targets, second.targets) == (("mean",), ("out",))
    assert first.reason == "collects every frame for 'mean'"
    assert second.reason == "'j' needs all of 'mean' first"


def test_a_reduction_of_what_needs_a_reduction_takes_three_passes() -> None:
    found = parts(
        clip(), wire("mean", Mean(), image="v"), wire("j", Below(), image="v", still="mean"),
        wire("again", Mean(), image="j"), wire("k", Below(), image="v", still="again"),
        wire("out", Take(), image="k"),
    )  # fmt: skip
    assert [part.targets for part in found] == [("mean",), ("again",), ("out",)]


def test_a_still_of_a_still_is_computed_before_the_stream_of_its_pass() -> None:
    first, second = parts(
        clip(),
        wire("mean", Mean(), image="v"),
        wire("i", "invert", image="mean"),
        wire("out", Take(), image="i"),
    )
    assert (first.stills, first.targets) == ((), ("mean",))
    assert (second.stills, second.targets, second.feeds) == (("i", "out"), (), ())


def test_sinks_of_one_source_share_a_pass_and_sinks_of_two_do_not() -> None:
    found = parts(
        clip(), wire("w", Clip(file="b")), wire("out", Take(), image="v"), wire("o2", Take(), image="v"),
        wire("o3", Take(), image="w"),
    )  # fmt: skip
    assert [part.targets for part in found] == [("out", "o2"), ("o3",)]


def test_a_source_that_is_also_brought_onto_another_clock_is_read_in_two_passes() -> None:
    nodes = (
        clip(), wire("w", Clip(file="b", pixel="gray")), wire("al", "align", reference="v", image="w"),
        wire("out", Take(), image="al"), wire("o2", Take(), image="w"),
    )  # fmt: skip
    assert feeds(*nodes) == [[("v", "read"), ("w", "read")], [("w", "read again")]]


def test_a_source_that_can_be_opened_again_is_read_again() -> None:
    assert feeds(clip(), *TWO_PASSES, keep_bytes=1 << 30) == [[("v", "read")], [("v", "read again")]]


def test_a_source_that_can_not_be_opened_again_is_kept_where_it_fits() -> None:
    nodes = (clip(rereadable=False), *TWO_PASSES)
    assert feeds(*nodes, keep_bytes=10 * FRAME) == [[("v", "read and keep")], [("v", "kept")]]
    assert feeds(*nodes, keep_bytes=10 * FRAME - 1) == [[("v", "read and spool")], [("v", "spool")]]


def test_a_source_of_unknown_length_is_spooled() -> None:
    nodes = (clip(rereadable=False, frames=None), *TWO_PASSES)
    assert feeds(*nodes, keep_bytes=1 << 40) == [[("v", "read and spool")], [("v", "spool")]]


def test_a_source_of_one_pass_is_never_stored() -> None:
    assert feeds(clip(rereadable=False), wire("out", Take(), image="v"), keep_bytes=1 << 30) == [
        [("v", "read")]
    ]


def test_each_feed_says_why() -> None:
    def reasons(node: NetNode, keep_bytes: int = 0) -> list[str]:
        return [
            feed.reason for part in parts(node, *TWO_PASSES, keep_bytes=keep_bytes) for feed in part.feeds
        ]

    once = clip(rereadable=False)
    kept = reasons(once, 1 << 20)[0]
    spooled = reasons(once)[0]
    unknown = reasons(clip(rereadable=False, frames=None))[0]
    assert "can't be read again" in kept and "10 frames fit in memory" in kept
    assert "can't be read again" in spooled and "doesn't fit in memory" in spooled
    assert "can't be read again" in unknown and "nobody knows how long" in unknown


def test_a_live_source_without_an_end_is_refused_in_a_second_pass() -> None:
    with pytest.raises(GraphError) as error:
        parts(clip(camera=True, rereadable=False, frames=None), *TWO_PASSES)
    assert error.value.message == "source 'v' is live and has no end, but is needed in 2 passes"
    assert error.value.hint == "give it a stop:, or use a running flatten (running: true)"
    assert error.value.place is not None


def test_a_live_source_with_an_end_is_spooled() -> None:
    assert feeds(clip(camera=True, rereadable=False), *TWO_PASSES) == [
        [("v", "read and spool")],
        [("v", "spool")],
    ]


@pytest.mark.parametrize("rereadable", [True, False])
def test_a_source_that_can_not_be_read_twice_can_not_be_drawn_on_twice(rereadable: bool) -> None:
    nodes = (
        clip(), wire("w", Clip(file="b", pixel="gray", rereadable=rereadable)),
        wire("i", "invert", image="w"),
        wire("al", "align", reference="v", image="w"), wire("a2", "align", reference="v", image="i"),
        wire("m", "mix", image=("al", "a2")), wire("out", Take(), image="m"),
    )  # fmt: skip
    infos = probe(network(*nodes), Limits())
    passes = scheduled(*nodes)
    if rereadable:
        refuse_second_readers(passes, infos)
        return
    with pytest.raises(GraphError) as error:
        refuse_second_readers(passes, infos)
    assert error.value.message == "source 'w' can't be read twice, but several nodes bring it onto a clock"
    assert error.value.hint == "bring 'w' onto that clock once, and let all read the result"


def test_every_second_frame_and_all_frames_are_one_pass() -> None:
    found = parts(
        clip(),
        wire("e", make("every", n=2), image="v"),
        wire("out", Take(), image="e"),
        wire("o2", Take(), image="v"),
    )
    assert [part.targets for part in found] == [("out", "o2")]
