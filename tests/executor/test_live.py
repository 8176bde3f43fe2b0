"""A parameter that changes while the graph runs applies from one frame on, whatever the threads."""

from __future__ import annotations

import pytest
from collect import COLLECTED, Collect, Literals, make, planned, values, wire
from odd_nodes import Lighten, Over, Plus

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode
from flowgraph.live import Change, LiveParameters
from flowgraph.session import execute

V = wire("v", Literals(values=(0,) * 8))
W = wire("w", Literals(values=(0,) * 8, name="b"))
PLUS = wire("p", Plus(amount=1), image="v")
OUT = wire("out", Collect(), image="p")
CHANGES = (Change(5, "p", "amount", 30), Change(3, "p", "amount", 20))

threaded = pytest.mark.parametrize("threads", [1, 2, 4])


def run(*nodes: NetNode, threads: int, changes: tuple[Change, ...] = CHANGES) -> LiveParameters:
    COLLECTED.clear()
    plan = planned(*nodes, threads=threads)
    live = LiveParameters(plan.network, changes)
    execute(plan, live=live)
    return live


@threaded
def test_planned_changes_apply_from_their_frames_on_and_are_recorded(threads: int) -> None:
    live = run(V, PLUS, OUT, threads=threads)
    assert values() == [1, 1, 1, 20, 20, 30, 30, 30]
    assert live.recorded == [Change(3, "p", "amount", 20), Change(5, "p", "amount", 30)]


@threaded
def test_a_change_of_a_window_applies_to_what_is_computed_from_then_on(threads: int) -> None:
    late = wire("d", "delay", image="p")
    run(V, PLUS, late, wire("out", Collect(), image="d"), threads=threads)
    assert values() == [1, 1, 1, 1, 20, 20, 30, 30]


@threaded
def test_a_change_crosses_a_border_with_the_frame_that_draws(threads: int) -> None:
    plus = wire("p", Plus(amount=1), image="w")
    aligned = wire("al", "align", reference="v", image="p")
    run(V, W, plus, aligned, wire("out", Collect(), image="al"), threads=threads)
    assert values() == [1, 1, 1, 1, 20, 20, 30, 30]  # one frame is drawn ahead


@threaded
def test_an_earlier_pass_is_not_changed(threads: int) -> None:
    nodes = (V, PLUS, wire("f", Lighten(), image="p"), wire("o", Over(), image="p", still="f"))
    run(*nodes, wire("out", Collect(), image="o"), threads=threads)
    assert values() == [1, 1, 1, 20, 20, 30, 30, 30]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change(0, "q", "amount", 1), "no node is called 'q'"),
        (Change(0, "p", "size", 1), "node 'p': 'size' can't change during a run; live parameters: amount"),
        (Change(0, "p", "amount", "much"), "node 'p': amount = 'much': Input should be a valid integer"),
    ],
)
def test_a_change_that_can_not_be_is_refused_before_the_run(change: Change, told: str) -> None:
    with pytest.raises(GraphError, match=told):
        run(V, PLUS, OUT, threads=1, changes=(change,))


@threaded
def test_a_change_of_one_of_two_equal_nodes_leaves_its_twin_alone(threads: int) -> None:
    nodes = (V, PLUS, wire("q", Plus(amount=1), image="v"), OUT, wire("twin", Collect(key="twin"), image="q"))
    COLLECTED.clear()
    plan = planned(*nodes, threads=threads, live=True)
    execute(plan, live=LiveParameters(plan.network, CHANGES))
    assert values() == [1, 1, 1, 20, 20, 30, 30, 30]
    assert values("twin") == [1] * 8


@threaded
def test_nodes_that_would_be_merged_change_during_a_run_made_for_it(threads: int) -> None:
    row = (
        V, wire("i", "invert", image="v"), wire("m", make("mix", weights=[1]), image="i"),
        wire("j", "invert", image="m"), wire("out", Collect(), image="j"),
    )  # fmt: skip
    COLLECTED.clear()
    plan = planned(*row, threads=threads, live=True)
    execute(plan, live=LiveParameters(plan.network, [Change(4, "m", "offset", -55)], plan.formats))
    assert values() == [0] * 4 + [55] * 4


def test_a_node_that_is_a_sum_on_planes_says_why_it_can_not_change() -> None:
    planes = wire("v", Literals(values=(0,) * 3, pixel="yuv420p", matrix="bt709"))
    row = (
        planes, wire("i", "invert", image="v"), wire("m", make("mix", weights=[0.5]), image="i"),
        wire("out", Collect(), image="m"),
    )  # fmt: skip
    plan = planned(*row, live=True)
    told = (
        "node 'm': 'scale' can't change during this run: the plan made the node a sum on the decoder's planes"
    )
    for change, more in ((Change(0, "m", "scale", 2), ", one with 'i'"), (Change(0, "i", "x", 2), "")):
        with pytest.raises(GraphError) as refused:
            LiveParameters(plan.network, [change], plan.formats)
        said = told.replace("'m': 'scale'", f"'{change.node}': '{change.param}'") + more
        assert str(refused.value).startswith(said)
        assert "format: bgr24" in (refused.value.hint or "")
