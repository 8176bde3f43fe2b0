"""Affine nodes on planes become sums, and affine nodes in a row become one, where no bit changes."""

from __future__ import annotations

from dataclasses import replace

from networks import Clip, Take, make, names, negotiated, wire

from flowgraph.graph import NetNode, Port
from flowgraph.implied import AffineSum
from flowgraph.passes.negotiate import Negotiated
from flowgraph.passes.simplify import simplify

PLANES = wire("v", Clip())
GRAY = wire("v", Clip(pixel="gray"))


def simplified(*nodes: NetNode) -> Negotiated:
    return simplify(negotiated(*nodes))


def total(state: Negotiated, name: str) -> tuple[dict[tuple[str, int], float], float]:
    """What a sum reads, (node, frames ago) with weights, and its offset."""
    node = state.network[name]
    assert isinstance(node.node, AffineSum)
    reads = [(port.node, node.tap("image", i)) for i, port in enumerate(node.inputs["image"])]
    return dict(zip(reads, node.node.weights, strict=True)), node.node.offset


def out(reads: str) -> NetNode:
    return wire("out", Take(), image=reads)


def test_an_affine_node_on_planes_becomes_a_sum() -> None:
    state = simplified(PLANES, wire("i", "invert", image="v"), out("i"))
    assert total(state, "i") == ({("v", 0): -1.0}, 255.0)
    assert state.network["out"].inputs["image"] == (Port("i", "total"),)


def test_a_sum_keeps_its_other_names() -> None:
    shared = replace(wire("i", "invert", image="v"), aliases=("j",))
    state = simplified(PLANES, shared, out("i"))
    assert state.network["j"].name == "i"
    assert state.network["i"].after == ()


def test_an_affine_node_on_gray_stays_what_it_is() -> None:
    state = simplified(GRAY, wire("i", "invert", image="v"), out("i"))
    assert type(state.network["i"].node).__name__ == "Invert"


def test_affine_nodes_in_a_row_become_one_sum_on_planes() -> None:
    state = simplified(
        PLANES,
        wire("i", "invert", image="v"),
        wire("m", make("mix", weights=[0.5, 0.25]), image=("v", "i")),
        wire("c", make("mix", weights=[0.5], offset=10), image="m"),
        out("c"),
    )
    assert total(state, "c") == ({("v", 0): 0.125}, 10 + 0.5 * 0.25 * 255)
    assert names(state) == ["v", "c", "out"]


def test_a_sum_over_time_keeps_its_taps() -> None:
    state = simplified(
        PLANES,
        wire("i", "invert", image="v"),
        wire("t", make("tmix", frames=3, weights=[1, 1, 2]), image="i"),
        out("t"),
    )
    assert total(state, "t") == ({("v", 2): -0.25, ("v", 1): -0.25, ("v", 0): -0.5}, 255.0)


def test_a_node_with_two_readers_is_not_merged() -> None:
    state = simplified(
        PLANES,
        wire("m", make("mix", weights=[0.3, 0.7]), image=("v", "i")),
        wire("i", make("mix", weights=[0.3]), image="v"),
        wire("n", make("mix", weights=[0.5]), image="i"),
        out("m"),
        wire("o2", Take(), image="n"),
    )
    assert names(state) == ["v", "i", "m", "n", "out", "o2"]


def test_on_samples_a_rounded_result_is_not_merged() -> None:
    half = wire("half", make("mix", weights=[0.5]), image="v")
    state = simplified(GRAY, half, wire("i", "invert", image="half"), out("i"))
    assert names(state) == ["v", "half", "i", "out"]


def test_on_samples_whole_weights_that_can_not_clip_are_merged() -> None:
    state = simplified(
        GRAY,
        wire("i", "invert", image="v"),
        wire("m", make("mix", weights=[0.5, 0.25]), image=("v", "i")),
        out("m"),
    )
    assert total(state, "m") == ({("v", 0): 0.25}, 63.75)


def test_on_samples_a_sum_that_can_clip_is_not_merged() -> None:
    state = simplified(
        GRAY,
        wire("twice", make("mix", weights=[2]), image="v"),
        wire("half", make("mix", weights=[0.5]), image="twice"),
        out("half"),
    )
    assert names(state) == ["v", "twice", "half", "out"]


def test_a_delay_without_a_first_picture_is_no_repeated_picture() -> None:
    state = simplified(
        GRAY,
        wire("i", "invert", image="v"),
        wire("d", make("delay", frames=2, fill="black"), image="i"),
        wire("n", "invert", image="d"),
        out("n"),
    )
    assert names(state) == ["v", "i", "d", "n", "out"]


def test_weights_that_cancel_out_leave_a_flat_picture_with_the_streams_times() -> None:
    for source in (PLANES, GRAY):
        state = simplified(
            source,
            wire("i", "invert", image="v"),
            wire("m", make("mix", weights=[0.5, 0.5]), image=("v", "i")),
            out("m"),
        )
        assert total(state, "m") == ({("v", 0): 0.0}, 127.5)


def test_a_weight_of_zero_on_planes_is_a_sum_too() -> None:
    state = simplified(PLANES, wire("m", make("mix", weights=[0], offset=128), image="v"), out("m"))
    assert total(state, "m") == ({("v", 0): 0.0}, 128.0)


def test_a_note_says_what_was_taken_over() -> None:
    state = simplified(
        PLANES,
        wire("i", "invert", image="v"),
        wire("m", make("mix", weights=[0.5, 0.5]), image=("v", "i")),
        out("m"),
    )
    assert [str(note) for note in state.notes] == [
        "m: computed on the decoder's yuv420p planes: affine, and can't clip;"
        " takes i over: one sum, rounded once"
    ]


def test_a_node_that_one_reader_reads_twice_is_merged() -> None:
    state = simplified(
        PLANES,
        wire("h", make("mix", weights=[0.3]), image="v"),
        wire("m", make("tmix", frames=2), image="h"),
        out("m"),
    )
    assert names(state) == ["v", "m", "out"]
    assert total(state, "m") == ({("v", 1): 0.15, ("v", 0): 0.15}, 0.0)


ROW = (
    wire("i", "invert", image="v"),
    wire("m", make("mix", weights=[1], offset=0), image="i"),
    wire("j", "invert", image="m"),
    out("j"),
)


def test_in_a_run_whose_parameters_may_change_nodes_with_such_are_not_merged() -> None:
    still, live = (simplify(negotiated(GRAY, *ROW), live=live) for live in (False, True))
    assert names(still) == ["v", "j", "out"]
    assert still.network["j"].does == ("j", "m", "i")
    assert names(live) == ["v", "i", "m", "j", "out"]
    assert not any(node.does for node in live.network.nodes)


def test_on_planes_a_run_is_the_same_whether_parameters_may_change_or_not() -> None:
    still, live = (simplify(negotiated(PLANES, *ROW), live=live) for live in (False, True))
    assert names(still) == names(live) == ["v", "j", "out"]
