"""What is known of each node before it runs: parameters, help, lines of the file, formats and why, bytes.

Records hold texts and numbers only: `dataclasses.asdict` of one is what goes to a page as JSON.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flowgraph.cli.explain import feed_text, format_text, manner
from flowgraph.cli.human import plural
from flowgraph.document.describe import accepts, parameters
from flowgraph.document.scalars import flow
from flowgraph.document.values import written
from flowgraph.errors import FlowgraphError
from flowgraph.graph import Entry, Graph
from flowgraph.library import node_type
from flowgraph.node import Node, Sink, Source, ports
from flowgraph.plan import Arg, Pass, Plan, Step
from flowgraph_tools.lines import Lines, lines_of

_FEW = 4
"""Formats that an input takes are only worth telling where they are not nearly all."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a node: its value as graph files write it, and which values it takes."""

    name: str
    value: str
    default: bool
    takes: str
    help: str
    live: bool


@dataclass(frozen=True, slots=True)
class Stream:
    """One item that a node reads, or one output that it makes.

    port: of the node itself; node: which node's output is read, empty for an output; how: what is special.
    """

    port: str
    node: str
    format: str
    nbytes: int
    how: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One line of the byte bound that a node has a part in; `others` share it."""

    what: str
    nbytes: int
    reason: str
    others: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a node. `id` is that of its box in a drawing."""

    id: str
    name: str
    type: str
    kind: str
    pass_index: int
    doc: str
    parameters: tuple[Parameter, ...] = ()
    lines: Lines | None = None
    reads: tuple[Stream, ...] = ()
    makes: tuple[Stream, ...] = ()
    why: tuple[str, ...] = ()
    """Reasons: for its formats, for its being there, for its being read again."""
    clock: str = ""
    memory: tuple[Share, ...] = ()
    aliases: tuple[str, ...] = ()
    added: str = ""
    """Why the engine put it there; empty for a node of the graph."""

    @property
    def nbytes(self) -> int:
        """Bytes that the plan gives to this node alone."""
        return sum(share.nbytes for share in self.memory if not share.others)


def plan_facts(plan: Plan) -> dict[str, Facts]:
    """The facts of all nodes of a plan, by the ids of `flowgraph.cli.drawing.draw_plan`'s boxes."""
    found: dict[str, Facts] = {}
    for one in plan.passes:
        for firing in (one.stills, *one.lists):
            for step in firing.steps:
                facts = _step_facts(plan, one, step)
                found[facts.id] = facts
    return found


def _step_facts(plan: Plan, one: Pass, step: Step) -> Facts:
    name = f"{one.index}:{step.name}"
    aliases = next((n.aliases for n in plan.network.nodes if n.name == step.name), ())
    return Facts(
        id=name,
        name=step.name,
        type=step.type,
        kind="still" if step.kind == "node" and step.clock.still else step.kind,
        pass_index=one.index,
        doc=_doc(step.node),
        parameters=tuple(_parameters(step.node)) if step.node is not None and step.place else (),
        lines=lines_of(step.place) if step.place else None,
        reads=tuple(_reads(step)),
        makes=tuple(
            Stream(result.port.port, "", format_text(result.format), result.format.frame_bytes)
            for result in step.results
        ),
        why=tuple(_why(plan, one, step)),
        clock=str(step.clock),
        memory=tuple(_memory(plan, one, step)),
        aliases=aliases,
        added=step.implied,
    )


def _doc(node: Node | None) -> str:
    return "" if node is None else inspect.getdoc(type(node)) or ""


def _parameters(node: Node) -> Iterator[Parameter]:
    values = node.model_dump(by_alias=True)
    given = node.model_dump(by_alias=True, exclude_unset=True)
    for name, field in parameters(type(node)).items():
        yield Parameter(
            name,
            flow(_plain(written(values[name]))),
            name not in given,
            accepts(field),
            field.description or "",
            name in type(node).live_parameters,
        )


def _plain(value: Any) -> Any:
    """The value with whole numbers written as such."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _reads(step: Step) -> Iterator[Stream]:
    takes = ports(type(step.node)).inputs if step.node is not None else {}
    for port, args in step.args.items():
        formats = step.formats.inputs.get(port, ())
        for number, arg in enumerate(args):
            format = formats[number] if number < len(formats) else None
            said = list(_looks_back(arg))
            if port in takes and 0 < len(takes[port].formats) <= _FEW:
                said.append(f"takes {' or '.join(takes[port].formats)}")
            yield Stream(
                port,
                str(arg.port),
                format_text(format) if format else "",
                format.frame_bytes if format else 0,
                ", ".join(said),
            )


def _looks_back(arg: Arg) -> Iterator[str]:
    if arg.still:
        yield "one picture for the whole run"
    if arg.tap:
        yield f"{plural(arg.tap, 'frame')} ago"
    if arg.history:
        yield f"with {plural(arg.history, 'frame')} before it"


def _why(plan: Plan, one: Pass, step: Step) -> Iterator[str]:
    feed = next((feed for feed in one.feeds if feed.source == step.name), None)
    if feed is not None:
        yield feed_text(feed)
    if step.name in plan.sources and plan.sources[step.name].describe:
        yield plan.sources[step.name].describe
    if step.implied:
        yield f"added by the engine: {step.implied}"
    said = manner(step)
    if said:
        yield said
    for note in plan.notes:
        if note.about == step.name or note.about.startswith(f"{step.name}>"):
            yield str(note)


def _memory(plan: Plan, one: Pass, step: Step) -> Iterator[Share]:
    for cost in plan.costs:
        if cost.pass_index not in (-1, one.index):
            continue
        if cost.node == step.name:
            yield Share(cost.what, cost.total, cost.reason)
        elif not cost.node and step.name in _named(cost.what):
            yield Share(cost.what, cost.total, cost.reason, others=len(_named(cost.what)) > 1)


def _named(what: str) -> list[str]:
    """The nodes in a text such as "buffers of motion, glow"."""
    return what.partition(" of ")[2].split(", ")


def graph_facts(graph: Graph) -> dict[str, Facts]:
    """The facts of a graph as written, by the ids of `flowgraph.cli.drawing.draw_graph`'s boxes."""
    found = {name: Facts(name, name, "input", "source", 0, "") for name in graph.inputs}
    for entry in graph.nodes:
        steps = entry.chain or (entry,)
        for number, step in enumerate(steps):
            name = f"{entry.name}/{number}" if number < len(steps) - 1 else entry.name
            found[name] = _entry_facts(name, step, entry, _kind(graph, step.type))
    return found


def _entry_facts(name: str, step: Entry, whole: Entry, kind: type[Node] | None) -> Facts:
    place = step.place or whole.place
    declared: Mapping[str, Any] = parameters(kind) if kind else {}
    return Facts(
        id=name,
        name=name,
        type=step.type or f"use {step.use}",
        kind=_shape(kind),
        pass_index=0,
        doc=inspect.getdoc(kind) or "" if kind else "",
        parameters=tuple(
            Parameter(
                key,
                flow(_plain(written(value))),
                False,
                accepts(declared[key]) if key in declared else "",
                (declared[key].description or "") if key in declared else "",
                kind is not None and key in kind.live_parameters,
            )
            for key, value in step.params.items()
        ),
        lines=lines_of(place) if place else None,
        reads=tuple(
            Stream(port or "in", str(ref), "", 0) for port, refs in step.inputs.items() for ref in refs
        ),
    )


def _shape(kind: type[Node] | None) -> str:
    if kind is None:
        return "node"
    if issubclass(kind, Source | Sink):
        return "source" if issubclass(kind, Source) else "sink"
    return "reduce" if hasattr(kind, "accumulate") else "node"


def _kind(graph: Graph, name: str) -> type[Node] | None:
    try:
        return node_type(name, graph.types) if name else None
    except FlowgraphError:
        return None
