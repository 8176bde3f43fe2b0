"""Nodes that break a rule are caught and named when that is asked for, and only then."""

from __future__ import annotations

import pytest
from collect import COLLECTED, Collect, Literals, digest, make, planned, report, values, wire
from odd_nodes import Lighten, Over, Running
from rude_nodes import Brightens, Forwards, Rude, WritesWhileAdding

from flowgraph.errors import RunError
from flowgraph.graph import NetNode
from flowgraph.live import Change, LiveParameters
from flowgraph.session import execute

CLIP = wire("v", Literals(values=(10, 20, 30, 40)))
OUT = wire("out", Collect(), image="n")


def broken(node: NetNode) -> str:
    """What a checked run says of the node, up to what was written."""
    with pytest.raises(RunError) as error:
        report(CLIP, wire("soft", make("blur", sigma=1), image="v"), node, OUT, check=True)
    return error.value.message.partition("; what was written")[0]


HEAD = "node 'n' (rude) failed at frame 2 (0.200 s), reading gray 8x4: ContractError: "


@pytest.mark.parametrize(
    ("node", "rule"),
    [
        (Rude(how="writes"), "it wrote to its input 'image' (frame 2), which other nodes may read too"),
        (Rude(how="frame"), "it keeps its input 'image' (frame 2) after the call;"),
        (Rude(how="slice"), "it keeps its input 'image' (frame 2) after the call;"),
        (Rude(how="output"), "it keeps its output 'copied' (frame 2) after the call;"),
        (Rude(how="replaces"), "it replaced the planes of its output 'copied' and didn't fill them"),
        (Rude(how="renames"), "its output 'copied' is gray 3x3, where the plan has gray 8x4"),
    ],
)
def test_a_rule_that_is_broken_is_told_with_node_frame_and_port(node: Rude, rule: str) -> None:
    assert broken(wire("n", node, image="soft")).startswith(HEAD + rule)


@pytest.mark.parametrize(
    ("what", "rule"),
    [
        ("cut", "what it returned is gray 4x4, where the plan has gray 8x4"),
        ("array", "it returned ndarray, which is neither Frame, None nor SKIP"),
        ("wide", "what it returned has planes of (4, 8) in float32, where gray 8x4 has (4, 8) in uint8"),
    ],
)
def test_what_is_returned_must_have_the_shape_of_the_plan(what: str, rule: str) -> None:
    node = wire("n", Forwards.model_validate({"what": what}), image="soft")
    assert broken(node).endswith(f"ContractError: {rule}")


def test_a_reduction_may_not_write_either() -> None:
    reduced = (wire("f", WritesWhileAdding(), image="v"), wire("n", Over(), image="v", still="f"))
    with pytest.raises(RunError, match=r"node 'f' .* it wrote to its input 'image' \(frame 0\)"):
        report(CLIP, *reduced, OUT, check=True)


def test_a_node_whose_parameters_changed_is_checked_as_before() -> None:
    plan = planned(CLIP, wire("n", Brightens(), image="v"), OUT, check=True)
    live = LiveParameters(plan.network, (Change(1, "n", "amount", 5), Change(3, "n", "amount", -1)))
    with pytest.raises(RunError, match=r"at frame 3 .* it wrote to its input 'image' \(frame 3\)"):
        execute(plan, live=live)


def test_nodes_that_keep_the_rules_make_the_same_bits() -> None:
    nodes = (
        CLIP,
        wire("past", make("delay", frames=2), image="v"),
        wire("diff", "absdiff", first="v", second="past"),
        wire("count", Running(), image="diff"),
        wire("top", Lighten(), image="count"),
        wire("over", Over(), image="count", still="top"),
        wire("same", Rude(how="nothing"), image="over"),
        wire("n", Forwards(what="view"), image="same"),
        OUT,
    )
    report(*nodes)
    plain = digest()
    report(*nodes, check=True)
    assert digest() == plain
    assert len(COLLECTED["out"].frames) == 4


def test_a_checked_plan_runs_on_one_thread() -> None:
    assert planned(CLIP, wire("n", "invert", image="v"), OUT, check=True, threads=4).tokens == 1


def test_nobody_is_checked_unless_asked() -> None:
    report(
        CLIP, wire("soft", make("blur", sigma=1), image="v"), wire("n", Rude(how="writes"), image="soft"), OUT
    )
    assert len(values()) == 4
