"""RGB between two kinds of video is planar, as a whole or not at all."""

from networks import Clip, Mean, Take, conversions, make, network, wire

from flowgraph.graph import NetNode
from flowgraph.node import Limits
from flowgraph.passes.clocks import infer_clocks
from flowgraph.passes.negotiate import Negotiated, negotiate
from flowgraph.passes.planar import keep_planar
from flowgraph.passes.probe import probe

PLANES = wire("v", Clip())
VIDEO = Take(pixel="yuv420p")


def brighter(name: str, image: str) -> NetNode:
    return wire(name, make("tmix", frames=3, weights=[-1, 0, 1], scale=2), image=image)


def planar(*nodes: NetNode) -> Negotiated:
    given = network(*nodes)
    infos = probe(given, Limits())
    return keep_planar(negotiate(given, infos, infer_clocks(given, infos)))


def pixels(state: Negotiated) -> dict[str, list[str]]:
    return {
        name: [*(f.pixel for items in formats.inputs.values() for f in items), "->"]
        + [f.pixel for f in formats.outputs.values()]
        for name, formats in state.formats.items()
    }


def test_from_video_to_video_rgb_is_planar() -> None:
    state = planar(PLANES, brighter("t", "v"), wire("o", VIDEO, image="t"))
    assert conversions(state) == ["v>gbrp", "t>yuv420p"]
    assert pixels(state) == {
        "v": ["->", "yuv420p"],
        "v>gbrp": ["yuv420p", "->", "gbrp"],
        "t": ["gbrp", "->", "gbrp"],
        "t>yuv420p": ["gbrp", "->", "yuv420p"],
        "o": ["yuv420p", "->"],
    }
    assert [str(note) for note in state.notes] == [
        "v>gbrp: yuv420p to gbrp: 't' computes in gbrp, planar since it becomes video again",
        "t>yuv420p: bgr24 to yuv420p: 'o' computes in yuv420p",
    ]


def test_what_passes_frames_on_stays_planar_too() -> None:
    state = planar(
        PLANES, brighter("t", "v"), wire("d", make("delay", frames=2), image="t"),
        wire("b", make("blend", mode="addition"), top="d", bottom="v"), wire("o", VIDEO, image="b"),
    )  # fmt: skip
    assert conversions(state) == ["v>gbrp", "b>yuv420p"]
    assert pixels(state)["d"] == ["gbrp", "->", "gbrp"]


def test_one_node_that_needs_packed_rgb_keeps_all_it_meets_packed() -> None:
    state = planar(
        PLANES, brighter("t", "v"), wire("m", make("blur", kind="median"), image="v"),
        wire("b", make("blend", mode="addition"), top="t", bottom="m"), wire("o", VIDEO, image="b"),
    )  # fmt: skip
    assert conversions(state) == ["v>bgr24", "b>yuv420p"]


def test_of_two_separate_stretches_each_is_judged_by_itself() -> None:
    state = planar(
        PLANES, wire("w", Clip(file="b")), brighter("t", "v"),
        wire("m", make("blur", kind="median"), image="w"),
        wire("o", VIDEO, image="t"), wire("p", VIDEO, image="m"),
    )  # fmt: skip
    assert conversions(state) == ["v>gbrp", "w>bgr24", "t>yuv420p", "m>yuv420p"]


def test_a_sink_that_takes_packed_rgb_gets_it_without_another_conversion() -> None:
    state = planar(PLANES, brighter("t", "v"), wire("o", Take(pixel="bgr24"), image="t"))
    assert conversions(state) == ["v>bgr24"]


def test_a_source_of_packed_rgb_stays_packed() -> None:
    state = planar(wire("v", Clip(pixel="bgr24")), brighter("t", "v"), wire("o", VIDEO, image="t"))
    assert conversions(state) == ["t>yuv420p"]


def test_a_format_asked_for_is_kept() -> None:
    state = planar(wire("v", Clip(format="bgr24")), brighter("t", "v"), wire("o", VIDEO, image="t"))
    assert conversions(state) == ["v>bgr24", "t>yuv420p"]


def test_a_reduction_that_knows_packed_rgb_only_keeps_it_packed() -> None:
    state = planar(PLANES, brighter("t", "v"), wire("m", Mean(), image="t"), wire("o", VIDEO, image="m"))
    assert conversions(state) == ["v>bgr24", "m>yuv420p"]
