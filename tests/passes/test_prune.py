"""What no sink needs is left out, with a warning that says where it stands."""

from __future__ import annotations

from networks import Clip, Take, network, wire

from flowgraph.graph import NetNode
from flowgraph.passes.prune import prune

NODES = (
    wire("v", Clip()),
    wire("i", "invert", image="v"),
    wire("idle", "invert", image="i"),
    wire("w", Clip(file="b")),
    wire("out", Take(), image="i"),
)


def left(*nodes: NetNode, targets: tuple[str, ...] = ()) -> tuple[list[str], tuple[str, ...]]:
    found = prune(network(*nodes), targets)
    return [node.name for node in found.nodes], found.warnings


def test_a_node_that_no_sink_needs_is_left_out_with_its_place() -> None:
    assert left(*NODES) == (
        ["v", "i", "out"],
        (
            "g.yaml:5:3: node 'idle' runs for nothing: no sink needs it",
            "g.yaml:2:3: node 'w' runs for nothing: no sink needs it",
        ),
    )


def test_a_graph_in_which_all_is_needed_has_no_warning() -> None:
    assert left(NODES[0], NODES[1], NODES[4]) == (["v", "i", "out"], ())


def test_for_one_target_only_what_it_needs_is_left_and_nothing_is_said() -> None:
    assert left(*NODES, targets=("idle",)) == (["v", "i", "idle"], ())
