"""A reduction that works row by row is divided into bands where --max-memory asks for it."""

from __future__ import annotations

import pytest
from networks import Below, Clip, Mean, Take, negotiated, network, wire

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode, Port
from flowgraph.node import Formats, Input, Output
from flowgraph.passes.bands import divide
from flowgraph.passes.negotiate import Negotiated
from flowgraph.plan import Plan
from flowgraph.session import Options, plan

FRAME = 64 * 32
GRAY = wire("v", Clip(pixel="gray"))


class Sums(Mean):
    """A reduction with much state that works row by row."""

    each: int = 40

    def by_rows(self) -> bool:
        return True

    def state_bytes(self, formats: Formats) -> int:
        return self.each * formats["image"].frame_bytes


class Fine(Sums):
    """Another one, which needs the result of the first."""

    coarse = Input("bgr24", "gray", like=Mean.image, still=True)
    fine = Output("gray")


PLATE = (GRAY, wire("s", Sums(), image="v"), wire("out", Take(), image="s"))
TWICE = (
    GRAY,
    wire("s", Sums(), image="v"),
    wire("f", Fine(), image="v", coarse="s"),
    wire("out", Take(), image="f"),
)


def planned(*nodes: NetNode, allowed: int) -> Plan:
    return plan(network(*nodes), Options(threads=1, max_memory=allowed))


def targets(found: Plan) -> list[list[str]]:
    return [
        [step.name for firing in one.lists for step in firing.steps if step.kind in ("reduce", "sink")]
        for one in found.passes
    ]


def test_what_fits_is_not_divided() -> None:
    found = planned(*PLATE, allowed=100 * FRAME)
    assert targets(found)[0] == ["s"]
    assert found.notes == ()


def test_more_passes_with_fewer_rows_where_memory_is_short_and_the_plan_says_why() -> None:
    found = planned(*PLATE, allowed=33 * FRAME)
    assert targets(found) == [["s>rows 0..15"], ["s>rows 16..31"], []]
    assert found.bound_bytes <= 33 * FRAME
    (note,) = found.notes
    assert str(note) == (
        "s: computed in 2 bands of up to 16 rows, each by a reading of its own:"
        " all rows at once take 0.1 MiB, and 0.1 MiB are allowed in all"
    )
    assert [one.reason for one in found.passes] == [
        "collects every frame for 's>rows 0..15'",
        "'s>rows 16..31' needs the memory of 's>rows 0..15'",
        "'s' needs all of 's>rows 16..31' first",
    ]


@pytest.mark.parametrize(("allowed", "bands"), [(60, 1), (40, 2), (24, 3), (18, 4), (13, 8)])
def test_no_more_bands_than_are_needed(allowed: int, bands: int) -> None:
    assert len(targets(planned(*PLATE, allowed=allowed * FRAME))) == bands + 1


def test_state_is_that_of_the_rows() -> None:
    found = planned(*PLATE, allowed=18 * FRAME)
    states = {cost.what: cost.total for cost in found.costs if cost.what.startswith("state")}
    assert states == {f"state of 's>rows {k}..{k + 7}'": 10 * FRAME for k in (0, 8, 16, 24)}


def test_a_plan_that_no_bands_can_save_is_refused() -> None:
    with pytest.raises(GraphError, match=r"most of it for state of 's>rows 0\.\.3'"):
        planned(*PLATE, allowed=9 * FRAME)


def test_a_reduction_of_whole_pictures_is_never_divided() -> None:
    mean = (GRAY, wire("m", Mean(), image="v"), wire("out", Take(), image="m"))
    with pytest.raises(GraphError, match="most of it for state of 'm'"):
        planned(*mean, allowed=9 * FRAME)


def test_bands_of_one_reduction_read_the_bands_of_another_and_never_run_together() -> None:
    found = planned(*TWICE, allowed=33 * FRAME)
    assert targets(found) == [
        ["s>rows 0..15"],
        ["s>rows 16..31"],
        ["f>rows 0..15"],
        ["f>rows 16..31"],
        [],
    ]
    assert found.network["f>rows 16..31"].inputs["coarse"] == (Port("s>rows 16..31", "mean"),)
    assert "s" not in [node.name for node in found.network.nodes]  # nobody reads all of it


def test_bands_of_unequal_height_read_rows_of_what_is_joined() -> None:
    nodes = (
        GRAY, wire("s", Sums(each=20), image="v"), wire("f", Fine(), image="v", coarse="s"),
        wire("out", Take(), image="f"),
    )  # fmt: skip
    found = planned(*nodes, allowed=33 * FRAME)
    assert targets(found) == [["s"], ["f>rows 0..15"], ["f>rows 16..31"], []]
    assert found.network["f>rows 16..31"].inputs["coarse"] == (Port("s>rows 16..31", "rows"),)


def test_what_reads_the_result_reads_the_joined_one() -> None:
    nodes = (*PLATE, wire("j", Below(), image="v", still="s"), wire("more", Take(), image="j"))
    found = planned(*nodes, allowed=33 * FRAME)
    assert found.network["j"].inputs["still"] == (Port("s", "joined"),)
    assert found.format(Port("s", "joined")).height == 32


def divided(height: int, bands: int, pixel: str = "gray") -> Negotiated:
    clip = wire("v", Clip(pixel=pixel, format=pixel, height=height))
    return divide(negotiated(clip, *PLATE[1:]), {"s": bands}, 0)


@pytest.mark.parametrize(
    ("height", "bands", "rows"),
    [(32, 3, [12, 12, 8]), (33, 2, [20, 13]), (9, 2, [8, 1]), (8, 2, [4, 4]), (32, 8, [4] * 8)],
)
def test_bands_cover_every_row_once_and_begin_on_rows_of_chroma(
    height: int, bands: int, rows: list[int]
) -> None:
    state = divided(height, bands)
    found = [formats["mean"].height for name, formats in state.formats.items() if name.startswith("s>rows")]
    assert found == rows
