"""Formats are settled with the fewest conversions; a graph that names its format gets exactly that."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from networks import Clip, Mean, Take, conversions, make, negotiated, wire

from flowgraph.errors import GraphError
from flowgraph.frame import Format
from flowgraph.graph import NetNode
from flowgraph.node import SourceInfo
from flowgraph.passes.negotiate import Negotiated

PLANES = wire("v", Clip())
RGB = wire("v", Clip(format="bgr24"))


def rgb_only(name: str, reads: str) -> NetNode:
    """A node that computes in RGB or gray only."""
    return wire(name, make("blend", mode="multiply"), top=reads, bottom=reads)


def out(reads: str, pixel: str = "", name: str = "out") -> NetNode:
    return wire(name, Take(pixel=pixel), image=reads)


def pixel(state: Negotiated, name: str) -> str:
    return next(iter(state.formats[name].outputs.values())).pixel


def test_three_readers_in_rgb_cost_one_conversion() -> None:
    state = negotiated(
        PLANES, rgb_only("a", "v"), wire("t", "tblend", image="v"), wire("m", Mean(), image="v"),
        out("a"), out("t", name="o2"), out("m", name="o3"),
    )  # fmt: skip
    assert conversions(state) == ["v>bgr24"]
    assert state.network["a"].reads == state.network["t"].reads * 2


def test_a_graph_of_forwards_and_safe_sums_is_never_converted() -> None:
    state = negotiated(
        PLANES, wire("d", "delay", image="v"), wire("m", "mix", image=("v", "d")),
        wire("c", make("crop", x=2, width=8), image="m"), out("c"),
    )  # fmt: skip
    assert conversions(state) == []
    assert state.on_planes == {"v", "d", "m", "c"}


def test_a_sum_that_can_clip_is_computed_in_rgb() -> None:
    twice = wire("t", make("tmix", frames=3, weights=[-1, 0, 1], scale=2), image="v")
    state = negotiated(PLANES, twice, out("t"))
    assert conversions(state) == ["v>bgr24"]
    assert pixel(state, "t") == "bgr24"


def test_conversion_stands_behind_the_sum_where_one_stream_is_converted_instead_of_two() -> None:
    state = negotiated(
        PLANES, wire("d", make("delay", frames=2), image="v"),
        wire("m", "mix", image=("v", "d")), rgb_only("b", "m"), out("b"),
    )  # fmt: skip
    assert conversions(state) == ["m>bgr24"]


def test_conversion_stands_before_the_sum_where_rgb_is_needed_anyway() -> None:
    state = negotiated(
        PLANES, rgb_only("b", "v"), wire("i", "invert", image="v"), rgb_only("c", "i"),
        out("b", "bgr24"), out("c", "bgr24", name="o2"),
    )  # fmt: skip
    assert conversions(state) == ["v>bgr24"]
    assert pixel(state, "i") == "bgr24"


def test_a_sink_of_planes_is_given_planes() -> None:
    state = negotiated(PLANES, rgb_only("b", "v"), out("b", "yuv420p"))
    assert conversions(state) == ["v>bgr24", "b>yuv420p"]


def test_a_delayed_and_a_present_picture_in_rgb_cost_one_conversion() -> None:
    state = negotiated(
        PLANES,
        wire("d", "delay", image="v"),
        wire("m", make("mix", weights=[1, -1]), image=("v", "d")),
        out("m"),
    )
    assert conversions(state) == ["v>bgr24"]
    assert pixel(state, "d") == "bgr24"


@pytest.mark.parametrize("type_name", ["invert", "delay"])
def test_a_pinned_format_is_never_pushed_down(type_name: str) -> None:
    state = negotiated(RGB, wire("n", type_name, image="v"), out("n"))
    assert state.on_planes == frozenset()
    assert conversions(state) == ["v>bgr24"]
    assert pixel(state, "n") == "bgr24"
    assert str(state.notes[0]) == "v>bgr24: yuv420p to bgr24: 'v' asks for format: bgr24"


def test_a_gray_source_stays_gray() -> None:
    state = negotiated(
        wire("v", Clip(pixel="gray")), wire("i", "invert", image="v"), rgb_only("b", "i"), out("b")
    )
    assert conversions(state) == []
    assert pixel(state, "b") == "gray"


def test_colour_wins_where_gray_and_colour_meet() -> None:
    state = negotiated(
        wire("v", Clip(pixel="gray")),
        wire("w", Clip(pixel="bgr24")),
        wire("m", "mix", image=("v", "w")),
        out("m"),
    )
    assert conversions(state) == ["v>bgr24"]


def test_planes_of_different_colour_ranges_meet_in_rgb() -> None:
    state = negotiated(
        PLANES, wire("still", Clip(file="p", still=True, range="full")),
        wire("m", "mix", image=("v", "still")), out("m"),
    )  # fmt: skip
    assert conversions(state) == ["v>bgr24", "still>bgr24"]


def test_planes_of_one_pixel_format_but_two_matrices_never_meet_in_a_node_that_takes_any_format() -> None:
    state = negotiated(
        PLANES, wire("still", Clip(file="p", still=True, matrix="bt601")),
        wire("s", "stack", images=("v", "still")), out("s"),
    )  # fmt: skip
    assert conversions(state) == ["v>bgr24", "still>bgr24"]


def test_sizes_that_do_not_fit_are_refused_with_both_names_and_a_remedy() -> None:
    with pytest.raises(GraphError) as error:
        negotiated(
            PLANES,
            wire("p", Clip(file="p", width=32, still=True)),
            wire("m", "mix", image=("v", "p")),
            out("m"),
        )
    assert error.value.message == "node 'm': 'v' is 64x32, but 'p' is 32x32"
    assert error.value.hint == "bring it to one size: {type: resize, in: p, width: 64, height: 32}"
    assert error.value.place is not None


def test_what_a_node_says_no_to_is_located() -> None:
    with pytest.raises(
        GraphError, match=r"node 'c': the box .* lies outside of the picture of 64x32"
    ) as error:
        negotiated(PLANES, wire("c", make("crop", x=60, width=10), image="v"), out("c"))
    assert error.value.place is not None


def test_a_wrong_number_of_weights_is_refused() -> None:
    with pytest.raises(GraphError, match="node 'm': 2 weights for 1 pictures"):
        negotiated(PLANES, wire("m", make("mix", weights=[1, 2]), image="v"), out("m"))


def test_rates_follow_the_nodes() -> None:
    state = negotiated(
        PLANES, wire("e", make("every", n=5), image="v"), wire("i", "invert", image="e"),
        wire("h", "hold", image="i", reference="v"), wire("f", Mean(), image="v"),
        out("h"), out("f", name="o2"),
    )  # fmt: skip
    assert {name: state.formats[name].rate for name in ("v", "e", "i", "h", "o2")} == {
        "v": Fraction(25), "e": Fraction(5), "i": Fraction(5), "h": Fraction(25), "o2": None,
    }  # fmt: skip


def test_what_a_node_has_to_say_about_itself_is_noted_with_its_place() -> None:
    state = negotiated(RGB, wire("c", make("avfilter", filter="tmix=frames=3"), image="v"), out("c"))
    (note,) = (note for note in state.notes if note.about == "c")
    assert note.text == (
        "what 'tmix=frames=3' keeps in libavfilter can't be known beforehand: the 1.2 MiB counted for it"
        " are an estimate, and the run may take more"
    )


@pytest.mark.parametrize(("frames", "most"), [(10, 10), (None, None)])
def test_nodes_are_told_how_many_frames_may_come(frames: int | None, most: int | None) -> None:
    source = wire("v", Clip(frames=frames))
    state = negotiated(source, rgb_only("a", "v"), wire("e", make("every", n=3), image="a"), out("e"))
    assert {found.frames for found in state.formats.values()} == {most}


def test_an_estimate_of_a_length_is_doubled_before_anybody_relies_on_it() -> None:
    info = SourceInfo(Format("gray", 8, 8), "clip", frames=40)
    assert (info.most_frames, replace(info, exact=True).most_frames) == (1080, 40)
