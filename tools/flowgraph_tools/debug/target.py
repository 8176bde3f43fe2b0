"""What is debugged: a graph file with its call, compiled so that it writes nothing unless asked to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flowgraph import session
from flowgraph.document.load import load
from flowgraph.graph import Entry, Graph, NetNode, Network
from flowgraph.node import Node
from flowgraph.passes.expand import expand
from flowgraph.passes.prune import prune
from flowgraph.plan import Plan
from flowgraph.session import Options
from flowgraph_tools.discard import discarding

Overrides = Mapping[tuple[str, str], Any]


@dataclass(frozen=True, slots=True)
class Target:
    """A call of a graph: what `flowgraph run` would be given. With `write` its sinks write."""

    path: Path
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    overrides: Overrides = field(default_factory=dict[tuple[str, str], Any])
    options: Options = field(default_factory=Options)
    write: bool = False
    types: Mapping[str, type[Node]] = field(default_factory=dict[str, "type[Node]"])
    """Node types of the caller's own."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A target at one moment: the graph as written, its network before the compiler's work, and the plan."""

    target: Target
    graph: Graph
    network: Network
    plan: Plan

    @property
    def title(self) -> str:
        """What the graph is called."""
        return self.graph.title or self.target.path.stem

    @property
    def merged(self) -> tuple[NetNode, ...]:
        """Nodes that have no step of their own, since others took their work over."""
        known = {name for node in self.plan.network.nodes for name in (node.name, *node.aliases)}
        return tuple(node for node in self.network.nodes if node.name not in known)


def compile_target(target: Target, changes: Overrides) -> Compiled:
    """Read the file and compile it, with `changes` of parameters besides the call's own overrides.

    Raises:
        GraphError: whatever is wrong with it, located.
    """
    graph, network = expanded(target, changes)
    if not target.write:
        network = discarding(network)
    return Compiled(target, graph, network, session.plan(network, target.options))


def expanded(target: Target, changes: Overrides) -> tuple[Graph, Network]:
    """The graph as written, and its network with the call's values.

    Raises:
        GraphError: whatever is wrong with it, located.
    """
    graph = replace(load(target.path), types=target.types)
    values = target.values
    if not target.write and any(param.name == "output" for param in graph.params):
        values = {"output": "null", **values}
    return graph, prune(expand(graph, values, {**target.overrides, **changes}))


def kind_of(node: NetNode) -> type[Node]:
    """The class of a node as its library has it."""
    kind = type(node.node)
    return kind.__bases__[0] if kind.__name__ == "Discarded" else kind


def entry_of(graph: Graph, name: str) -> Entry | None:
    """A node as written in the file; None where another file has it (a graph inserted by `use`)."""
    for entry in graph.nodes:
        if not entry.chain:
            if entry.name == name:
                return entry
            continue
        for i, step in enumerate(entry.chain):
            last = i == len(entry.chain) - 1
            if name == f"{entry.name}/{i}" or (last and name == entry.name):
                return step
    return None
