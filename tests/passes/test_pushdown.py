"""What may be computed on a decoder's own planes, what should be, and with which offsets."""

from __future__ import annotations

import pytest
from networks import Clip, Mean, Take, make, negotiated, network, wire

from flowgraph.frame import Format, Range
from flowgraph.graph import NetNode
from flowgraph.implied import plane_offsets
from flowgraph.node import Affine, Limits, Node, Term
from flowgraph.passes import pushdown
from flowgraph.passes.probe import probe
from flowgraph.passes.pushdown import affine_of, cheapest, choose_planes, clips, plane_formats, sink_wants

PLANES = wire("v", Clip())


def able(*nodes: NetNode) -> set[str]:
    given = network(PLANES, *nodes)
    return set(plane_formats(given, probe(given, Limits()))) - {"v"}


def sums(*weights: float, offset: float = 0) -> Affine:
    return Affine(tuple(Term("image", weight, item) for item, weight in enumerate(weights)), offset)


@pytest.mark.parametrize(
    ("affine", "can"),
    [
        (sums(1), False),
        (sums(0.5, 0.5), False),
        (sums(-1, offset=255), False),
        (sums(0.5, -0.5, offset=127.5), False),
        (sums(0.1, 0.2, 0.7), False),
        (sums(1 / 3, 1 / 3, 1 / 3), False),
        (sums(offset=255), False),
        (sums(1, offset=1), True),
        (sums(1, -1), True),
        (sums(-2, 2), True),
        (sums(0.5, 0.51), True),
        (sums(-1, offset=254), True),
        (sums(offset=-1), True),
    ],
)
def test_interval_arithmetic_says_what_can_clip(affine: Affine, can: bool) -> None:
    assert clips(affine) is can


@pytest.mark.parametrize(
    ("range_", "weights", "offset", "offsets"),
    [
        ("limited", -1.0, 255.0, (251, 256, 256)),
        ("full", -1.0, 255.0, (255, 256, 256)),
        ("limited", 1.0, 0.0, (0, 0, 0)),
        ("limited", 0.5, 0.0, (8, 64, 64)),
        ("full", 0.5, 0.0, (0, 64, 64)),
        ("limited", 0.0, 255.0, (235, 128, 128)),
        ("full", 0.0, 255.0, (255, 128, 128)),
    ],
)
def test_each_plane_has_its_offset(
    range_: Range, weights: float, offset: float, offsets: tuple[float, float, float]
) -> None:
    for matrix in ("bt601", "bt709"):
        format = Format("yuv420p", 4, 4, matrix, range_)
        assert plane_offsets(format, weights, offset) == pytest.approx(offsets)


def test_rgb_has_one_offset_for_every_plane() -> None:
    assert plane_offsets(Format("gbrp", 4, 4), -1, 255) == (255, 255, 255)


@pytest.mark.parametrize(
    ("node", "may"),
    [
        (make("delay", frames=3), True),
        (make("split"), True),
        (make("crop", x=2, y=4), True),
        (make("crop", x=1), False),  # half a chroma sample
        (make("invert"), True),
        (make("contrast", amount=0.5), True),
        (make("contrast", amount=1.5), False),
        (make("tmix", frames=4), True),
        (make("tmix", frames=3, weights=[-1, 0, 1], scale=2), False),
        (make("tblend"), False),
        (make("every", n=2), True),
        (make("convert", format="bgr24"), False),
        (Mean(), False),
    ],
)
def test_what_looks_at_no_sample_or_can_not_clip_may_work_on_planes(node: Node, may: bool) -> None:
    assert able(wire("n", node, image="v"), wire("out", Take(), image="n")) == ({"n"} if may else set())


def test_behind_rgb_nothing_is_on_planes_again() -> None:
    found = able(
        wire("t", "tblend", image="v"), wire("i", "invert", image="t"), wire("out", Take(), image="i")
    )
    assert found == set()


def test_two_clips_of_one_format_meet_on_planes_and_of_two_formats_they_do_not() -> None:
    for other, may in (
        (Clip(file="b", still=True), True),
        (Clip(file="b", still=True, matrix="bt601"), False),
    ):
        given = network(
            PLANES, wire("w", other), wire("m", "mix", image=("v", "w")), wire("out", Take(), image="m")
        )
        assert ("m" in plane_formats(given, probe(given, Limits()))) is may


def test_weights_of_zero_are_left_out() -> None:
    node = wire("t", make("tmix", frames=3, weights=[-1, 0, 1], scale=1), image="v")
    assert affine_of(node) == Affine((Term("image", -1.0, tap=2), Term("image", 1.0, tap=0)))


def test_a_long_chain_is_cut_where_the_conversion_is_cheapest() -> None:
    """Behind the crop there are fewer samples to convert than in front of it."""
    state = negotiated(
        PLANES, wire("i", "invert", image="v"), wire("c", make("crop", width=16, height=8), image="i"),
        wire("t", "tblend", image="c"), wire("out", Take(), image="t"),
    )  # fmt: skip
    assert state.on_planes == {"v", "i", "c"}


@pytest.mark.parametrize(
    "nodes",
    [
        (wire("b", make("blur"), image="v"), wire("out", Take(pixel="yuv420p"), image="b")),
        (wire("out", Take(pixel="yuv420p"), image="v"),),
        (wire("i", make("invert"), image="v"), wire("out", Take(pixel="yuv420p"), image="i")),
        (
            wire("d", make("delay", frames=2), image="v"),
            wire("m", make("mix", weights=(0.5, 0.5)), image=("v", "d")),
            wire("out", Take(pixel="yuv420p"), image="m"),
            wire("thumb", Take(pixel="yuv420p"), image="d"),
        ),
    ],
)
def test_where_nothing_is_to_be_weighed_the_answer_is_that_of_the_minimum_cut(
    nodes: tuple[NetNode, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    given = network(PLANES, *nodes)
    able_ones = plane_formats(given, probe(given, Limits()))
    weighed = cheapest(given, able_ones, sink_wants(given, able_ones))
    monkeypatch.setattr(pushdown, "cheapest", None)
    assert choose_planes(given, able_ones) == weighed
