"""What the page tells of one node besides its picture: words, lines of the file, formats, controls."""

from __future__ import annotations

import inspect
from dataclasses import asdict

from flowgraph.graph import NetNode
from flowgraph.node import Node
from flowgraph.plan import Plan
from flowgraph_tools.debug.parameters import controls
from flowgraph_tools.debug.protocol import Message
from flowgraph_tools.debug.target import Compiled, kind_of
from flowgraph_tools.facts import Facts, plan_facts
from flowgraph_tools.lines import lines_of


def details(compiled: Compiled, node: NetNode, now: Node) -> Message:
    """All that stands about a node, with controls for its parameters as they are `now`."""
    facts = _planned(compiled.plan, node)
    return _message(facts or _merged(compiled, node), node, now, merged=facts is None)


def details_of(plan: Plan, node: NetNode) -> Message:
    """All that stands about a node of a plan."""
    facts = _planned(plan, node)
    assert facts is not None  # the node is one of the plan's
    return _message(facts, node, node.node, merged=False)


def _planned(plan: Plan, node: NetNode) -> Facts | None:
    """What is known of a node's last pass; None where it has no step."""
    found = [facts for facts in plan_facts(plan).values() if facts.name == node.name]
    return found[-1] if found else None


def _message(facts: Facts, node: NetNode, now: Node, *, merged: bool) -> Message:
    known = asdict(facts)
    del known["id"]  # a reply has the number of its question there
    return {
        **known,
        "parameters": controls(node, now),
        "doc": inspect.getdoc(kind_of(node)) or "",
        "bytes": facts.nbytes,
        "merged": merged,
    }


def _merged(compiled: Compiled, node: NetNode) -> Facts:
    """Of a node that has no step: what is known of it as written."""
    said = [str(note) for note in compiled.plan.notes if node.name in note.text.split()]
    return Facts(
        id=node.name,
        name=node.name,
        type=node.type,
        kind="node",
        pass_index=-1,
        doc="",
        lines=lines_of(node.place) if node.place else None,
        why=("it has no step of its own: its picture is computed at the side, as the graph means it", *said),
        aliases=node.aliases,
    )
