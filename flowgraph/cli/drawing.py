"""What a drawing shows, before any drawing language: boxes in groups, and wires between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from flowgraph.cli.explain import feed_text, frames_of_history
from flowgraph.cli.human import plural, size
from flowgraph.errors import GraphError, did_you_mean
from flowgraph.frame import Format
from flowgraph.graph import Entry, Graph, Port, Ref
from flowgraph.library import node_type
from flowgraph.node import Node, Sink, Source
from flowgraph.plan import Arg, Clock, Feed, FiringList, Pass, Plan, Step

Shape = Literal["source", "node", "reduce", "still", "sink"]


@dataclass(frozen=True, slots=True)
class Box:
    """A node. `added`: put there by the engine; `notes`: small lines below its type."""

    id: str
    name: str
    type: str
    shape: Shape
    notes: tuple[str, ...] = ()
    added: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """A stream from one box to another. `still`: one picture for the whole run.

    `output` is empty for a node's first output, which goes by the node's name; `clock` is empty where it is
    that of the driving source; `ago`: how many frames before the present one is read.
    """

    tail: str
    head: str
    output: str = ""
    format: Format | None = None
    clock: str = ""
    ago: int = 0
    still: bool = False

    @property
    def lines(self) -> tuple[str, ...]:
        """What is written at the wire."""
        said = [self.output] if self.output else []
        if self.format is not None:
            said.append(f"{self.format.pixel} {self.format.width}x{self.format.height}")
            said.append(size(self.format.frame_bytes))
        if self.clock:
            said.append(self.clock)
        if self.ago:
            said.append(f"{plural(self.ago, 'frame')} ago")
        return tuple(said)


@dataclass(frozen=True, slots=True)
class Group:
    """A pass; without a title it has no frame around it."""

    title: str
    reason: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole picture."""

    title: str
    caption: str
    groups: tuple[Group, ...]
    wires: tuple[Wire, ...]


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a stream comes from: the box that makes it, in which format, on which clock."""

    box: str
    output: str
    format: Format
    clock: Clock


def draw_plan(plan: Plan, title: str) -> Drawing:
    """The drawing of a plan: a group for each pass, with formats, clocks and bytes on the wires."""
    caption = f"{plural(len(plan.passes), 'pass', 'passes')}, at most {size(plan.bound_bytes)} of memory"
    stills: dict[Port, _Origin] = {}
    groups: list[Group] = []
    wires: list[Wire] = []
    for one in plan.passes:
        boxes: list[Box] = []
        for firing in (one.stills, *one.lists):
            wires += _wires(one, firing, stills)
            boxes += [_box(one, step) for step in firing.steps]
        heading = f"pass {one.index + 1}" if len(plan.passes) > 1 else ""
        groups.append(Group(heading, one.reason if heading else "", tuple(boxes)))
    return Drawing(title, caption, tuple(groups), tuple(dict.fromkeys(wires)))


def _id(one: Pass, name: str) -> str:
    return f"{one.index}:{name}"


def _box(one: Pass, step: Step) -> Box:
    feed = next((f for f in one.feeds if f.source == step.name), None)
    again = feed is not None and feed.how in ("read again", "spool", "kept")
    notes: list[str] = []
    if step.kind == "window":
        notes.append(frames_of_history(step.history))
    if step.latency:
        notes.append(f"{plural(step.latency, 'frame')} late")
    if feed is not None and (again or feed.how != "read"):
        notes.append(_said(feed))
    if step.implied and step.kind != "window":
        notes.append(step.implied)
    added = bool(step.implied) or again or step.kind in ("window", "border")
    return Box(_id(one, step.name), step.name, step.type, _shape(step), tuple(notes), added)


def _said(feed: Feed) -> str:
    return feed_text(feed).partition("' ")[2]


def _shape(step: Step) -> Shape:
    if step.kind in ("source", "reduce", "sink"):
        return step.kind
    return "still" if step.clock.still else "node"


def _wires(one: Pass, firing: FiringList, stills: dict[Port, _Origin]) -> Iterator[Wire]:
    """The wires into the steps of one firing list; its finished stills are added to `stills`."""
    by_slot: dict[int, _Origin] = {}
    by_port: dict[Port, _Origin] = {}
    for step in firing.steps:
        for args in step.args.values():
            for arg in args:
                origin = stills.get(arg.port) if arg.still else by_slot.get(arg.slot)
                origin = origin or by_port.get(arg.port)
                if origin is not None:
                    yield _wire(firing, origin, arg, _id(one, step.name))
        for number, result in enumerate(step.results):
            output = result.port.port if number else ""
            origin = _Origin(_id(one, step.name), output, result.format, step.clock)
            by_slot[result.slot] = by_port[result.port] = origin
            if step.kind == "reduce" or step.clock.still:
                stills[result.port] = origin


def _wire(firing: FiringList, origin: _Origin, arg: Arg, head: str) -> Wire:
    other = origin.clock != firing.clock and not arg.still
    return Wire(
        origin.box,
        head,
        origin.output,
        origin.format,
        str(origin.clock) if other else "",
        arg.tap,
        arg.still or firing.clock.still,
    )


def draw_graph(graph: Graph, title: str) -> Drawing:
    """The drawing of a graph as written: no formats, nothing that the engine adds.

    Raises:
        GraphError: a node or a type is called what nothing is called.
    """
    boxes = [Box(name, name, "input", "source") for name in graph.inputs]
    wires: list[Wire] = []
    for entry in graph.nodes:
        steps = entry.chain or (entry,)
        # A chain's name stands for its last step.
        names = [*(f"{entry.name}/{i}" for i in range(len(steps) - 1)), entry.name]
        boxes += [
            Box(n, n, s.type or f"use {s.use}", _shape_of(s, graph.types))
            for n, s in zip(names, steps, strict=True)
        ]
        for ref in (ref for refs in entry.inputs.values() for ref in refs):
            wires.append(Wire(_tail(graph, ref), names[0], ref.port))
        wires += [Wire(a, b) for a, b in pairwise(names)]
    known = [box.id for box in boxes]
    for ref in (ref for entry in graph.nodes for refs in entry.inputs.values() for ref in refs):
        if _tail(graph, ref) not in known:
            message = f"no node is called '{ref.node}'"
            raise GraphError(message, place=ref.place, hint=did_you_mean(ref.node, known))
    caption = "as written: formats and bytes are known when its inputs are"
    return Drawing(title, caption, (Group("", "", tuple(boxes)),), tuple(dict.fromkeys(wires)))


def _tail(graph: Graph, ref: Ref) -> str:
    """The box that a reference means: the number of a chain's last step is as good as its name."""
    last = {f"{entry.name}/{len(entry.chain) - 1}": entry.name for entry in graph.nodes if entry.chain}
    return last.get(ref.node, ref.node)


def _shape_of(entry: Entry, types: Mapping[str, type[Node]]) -> Shape:
    if entry.use:
        return "node"
    try:
        kind = node_type(entry.type, types)
    except GraphError as error:
        raise GraphError(
            error.message, place=entry.places.get("type", entry.place), hint=error.hint
        ) from None
    if issubclass(kind, Source):
        return "source"
    if issubclass(kind, Sink):
        return "sink"
    return "reduce" if hasattr(kind, "accumulate") else "node"
