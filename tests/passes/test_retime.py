"""Branches of unequal latency meet at the same frame; long histories leave the decoder's frames alone."""

from __future__ import annotations

import pytest
from networks import Clip, Mean, Take, make, retimed, wire

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode, Port

CLIP = wire("v", Clip(pixel="gray"))


def ahead(name: str, reads: str, frames: int) -> NetNode:
    return wire(name, make("advance", frames=frames), image=reads)


def delay(name: str, reads: str, frames: int | str) -> NetNode:
    return wire(name, make("delay", frames=frames), image=reads)


def out(reads: str) -> NetNode:
    return wire("out", Take(), image=reads)


def test_a_stream_waits_for_one_with_latency() -> None:
    found = retimed(CLIP, ahead("a", "v", 3), wire("m", "mix", image=("a", "v")), out("m"))
    assert found.state.network["m"].taps == {"image": (0, 3)}
    assert dict(found.latency) == {"v": 0, "a": 3, "m": 3, "out": 3}
    assert dict(found.histories) == {Port("v", "image"): 3}


def test_latencies_in_a_row_add_up_and_only_differences_are_waited_for() -> None:
    found = retimed(
        CLIP, ahead("a", "v", 3), ahead("b", "a", 2), wire("m", "mix", image=("v", "a", "b")), out("m")
    )
    assert found.state.network["m"].taps == {"image": (5, 2, 0)}
    assert dict(found.histories) == {Port("v", "image"): 5, Port("a", "advanced"): 2}


def test_branches_of_equal_latency_have_no_taps() -> None:
    found = retimed(
        CLIP, ahead("a", "v", 2), wire("i", "invert", image="a"), wire("m", "mix", image=("a", "i")), out("m")
    )
    assert found.state.network["m"].taps == {}


def test_a_still_waits_for_nothing() -> None:
    found = retimed(
        CLIP, wire("p", Clip(file="p", pixel="gray", still=True)), ahead("a", "v", 2),
        wire("m", "mix", image=("a", "p")), out("m"),
    )  # fmt: skip
    assert found.state.network["m"].taps == {}


def test_a_reference_waits_for_what_comes_from_its_own_source() -> None:
    found = retimed(CLIP, ahead("a", "v", 2), wire("h", "hold", image="a", reference="v"), out("h"))
    assert found.state.network["h"].taps == {"reference": (2,)}
    assert found.latency["h"] == 2


def test_a_reference_does_not_wait_for_another_source() -> None:
    other = wire("w", Clip(file="b", pixel="gray"))
    found = retimed(CLIP, other, ahead("a", "w", 2), wire("h", "align", image="a", reference="v"), out("h"))
    assert found.state.network["h"].taps == {}
    assert found.latency["h"] == 0


def test_times_become_frames_at_the_streams_rate() -> None:
    found = retimed(
        CLIP, wire("e", make("every", n=5), image="v"), delay("d", "e", "1s"), delay("f", "v", "200ms"),
        out("d"), wire("o2", Take(), image="f"),
    )  # fmt: skip
    assert dict(found.histories) == {Port("e", "kept"): 5, Port("v", "image"): 5}


@pytest.mark.parametrize(("frames", "copies"), [(8, []), (9, ["v>copy"])])
def test_a_history_longer_than_eight_is_kept_in_the_pool(frames: int, copies: list[str]) -> None:
    found = retimed(CLIP, delay("d", "v", frames), out("d"))
    assert [node.name for node in found.state.network.nodes if node.type == "copy"] == copies


def test_a_copy_serves_all_that_look_back() -> None:
    found = retimed(
        CLIP, delay("d", "v", 20), delay("e", "v", 2), wire("m", "mix", image=("v", "d", "e")), out("m")
    )
    assert dict(found.histories) == {Port("v>copy", "copied"): 20}
    assert {node.name for node in found.state.network.nodes if Port("v", "image") in node.reads} == {"v>copy"}


def test_a_forwarded_decoder_frame_is_copied_too() -> None:
    found = retimed(
        CLIP,
        wire("s", "split", image="v"),
        wire("c", make("crop", width=8), image="s"),
        delay("d", "c", 9),
        out("d"),
    )
    assert [node.name for node in found.state.network.nodes] == ["v", "s", "c", "c>copy", "d", "out"]


def test_a_computed_frame_is_not_copied() -> None:
    found = retimed(CLIP, wire("i", "invert", image="v"), delay("d", "i", 50), out("d"))
    assert [node.name for node in found.state.network.nodes] == ["v", "i", "d", "out"]


def test_nobody_can_wait_for_a_latency_of_a_thinner_clock() -> None:
    with pytest.raises(GraphError) as error:
        retimed(
            CLIP, wire("e", make("every", n=3), image="v"), ahead("a", "e", 1),
            wire("h", "hold", image="a", reference="v"), out("h"),
        )  # fmt: skip
    assert error.value.message == (
        "node 'h' follows 'v' (clock: v), but 'a' holds back frames of another clock (v / every 3),"
        " for nobody knows how long"
    )
    assert error.value.hint == "let 'a' look ahead on the clock of 'v', before frames are left out"


@pytest.mark.parametrize("between", ["still", "first frames"])
def test_a_latency_before_a_still_or_after_the_first_frames_is_no_trouble(between: str) -> None:
    thin = make("every", n=3) if between == "still" else make("trim", start=4)
    still = (wire("m", Mean(), image="a"), wire("x", "mix", image=("v", "m"))) if between == "still" else ()
    image = "x" if still else "a"
    found = retimed(
        CLIP, wire("e", thin, image="v"), ahead("a", "e", 1), *still,
        wire("h", "hold", image=image, reference="v"), out("h"),
    )  # fmt: skip
    assert found.latency["h"] == (0 if still else 1)
