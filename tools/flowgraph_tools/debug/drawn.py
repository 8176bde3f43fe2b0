"""The message `graph`: what doesn't change while a plan runs, with everything at its place."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from flowgraph.cli.drawing import Box, Drawing, Group, Wire, draw_plan
from flowgraph.plan import Plan, Step
from flowgraph_tools.debug.protocol import Message
from flowgraph_tools.debug.target import Compiled
from flowgraph_tools.layout import Layout, Link, Size, Spot, lay_out

CARD = (156.0, 164.0)
"""The box of a node with a picture."""
MANY = 24
"""Where there are more nodes, no room is left for the wires' labels: they show for the wires of one node."""
CHIP_HEIGHT = 22.0
"""What a node grows by for each row of nodes that it took over."""
ADDED_WIDTH = 112.0
LINE_HEIGHT = 13.5
LETTER_WIDTH = 6.4
"""Of the small print, mostly."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What is known of a wire besides its ends."""

    source: str
    format: str
    clock: str
    history: int
    tap: int
    still: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a box besides what it shows: the kind of its step, and the bytes that it has."""

    kind: str
    implied: bool
    nbytes: int

    def added(self, box: Box) -> bool:
        """Whether the engine put it there. A border that stands in the file is the graph's own."""
        return box.added and (self.kind != "border" or self.implied)

    def small(self, box: Box) -> bool:
        """Whether it is drawn without a picture; second reads are drawn as large as first ones."""
        return self.added(box) and self.kind != "source"


def graph_of_plan(plan: Plan, title: str, takers: Mapping[str, list[str]]) -> Message:
    """Everything about a plan that the page draws before a frame has come."""
    drawing = draw_plan(plan, title)
    steps = steps_by_box(plan)
    owned: dict[str, int] = {}
    for cost in plan.costs:
        if cost.node:
            owned[cost.node] = owned.get(cost.node, 0) + cost.total
    windows = {name for name, step in steps.items() if step.kind == "window"}
    known = {
        box.id: Known(steps[box.id].kind, bool(steps[box.id].implied), owned.get(box.name, 0))
        for group in drawing.groups
        for box in group.boxes
    }
    straight = without_windows(drawing, windows)
    edges = {wire: _edge_of(steps, wire, old) for wire, old in straight.wires.items()}
    return {
        **placed(straight.drawing, edges, known, takers),
        "sources": _sources(plan),
        "bound": plan.bound_bytes,
        "codec": plan.codec_bytes,
        "workers": plan.tokens,
        "notes": [str(note) for note in plan.notes],
        "warnings": list(plan.warnings),
    }


def placed(
    drawing: Drawing, edges: Mapping[Wire, Edge], known: Mapping[str, Known], takers: Mapping[str, list[str]]
) -> Message:
    """The nodes, edges and lanes of a drawing at their places; `takers`: whose work each node does too."""
    crowded = len(known) > MANY

    def box_size(box: Box) -> Size:
        if known[box.id].small(box):
            return ADDED_WIDTH, 44 + LINE_HEIGHT * len(_reason(box))
        rows = -(-len(takers.get(box.name, ())) // 2)
        return max(CARD[0], min(240.0, 44 + 8.4 * len(box.name))), CARD[1] + rows * CHIP_HEIGHT

    def label_size(wire: Wire) -> Size | None:
        if crowded:
            return None
        lines = _label(edges[wire])
        return LETTER_WIDTH * max(map(len, lines)) + 6, LINE_HEIGHT * len(lines) + 4

    layout = lay_out(drawing, box_size, label_size, rank_gap=52 if crowded else 13, box_gap=20)
    return {
        "size": [layout.width, layout.height],
        "lanes": _lanes(layout),
        "nodes": [_node(spot, known[spot.box.id], takers) for spot in layout.spots],
        "edges": [_edge(link, edges[link.wire]) for link in layout.links],
    }


def taken_over(compiled: Compiled) -> dict[str, list[str]]:
    """For each node of the plan: the nodes whose work it does besides its own."""
    gone = {node.name for node in compiled.merged}
    readers = compiled.network.readers()
    by_node: dict[str, str] = {}
    for port, found in readers.items():
        by_node.setdefault(port.node, found[0][0])
    takers: dict[str, list[str]] = {}
    for name in gone:
        taker = name
        while taker in gone:
            taker = by_node[taker]
        takers.setdefault(taker, []).append(name)
    return {name: sorted(names) for name, names in takers.items()}


@dataclass(frozen=True, slots=True)
class Straight:
    """A drawing without windows; for each of its wires the one that it stands for."""

    drawing: Drawing
    wires: Mapping[Wire, Wire]


def without_windows(drawing: Drawing, windows: Collection[str]) -> Straight:
    """The drawing without the boxes `windows`: what reads a window reads what is before it."""
    before = {wire.head: wire.tail for wire in drawing.wires if wire.head in windows}
    wires: dict[Wire, Wire] = {}
    for wire in drawing.wires:
        if wire.head not in windows:
            wires.setdefault(replace(wire, tail=before.get(wire.tail, wire.tail)), wire)
    groups = tuple(
        Group(group.title, group.reason, tuple(box for box in group.boxes if box.id not in windows))
        for group in drawing.groups
    )
    return Straight(Drawing(drawing.title, drawing.caption, groups, tuple(wires)), wires)


def steps_by_box(plan: Plan) -> dict[str, Step]:
    """The steps of all passes, by the names of their boxes."""
    return {
        f"{one.index}:{step.name}": step
        for one in plan.passes
        for firing in (one.stills, *one.lists)
        for step in firing.steps
    }


def _edge_of(steps: Mapping[str, Step], straight: Wire, wire: Wire) -> Edge:
    tail, head = steps[straight.tail], steps[wire.head]
    made = {result.port for step in (tail, steps[wire.tail]) for result in step.results}
    args = [arg for items in head.args.values() for arg in items if arg.port in made]
    reads = {arg.port for arg in args}
    formats = [result.format for result in tail.results if result.port in reads]
    formats += [result.format for result in tail.results]
    return Edge(
        tail.name,
        str(formats[0]) if formats else "",
        str(tail.clock),
        max((arg.history for arg in args), default=0),
        max((arg.tap for arg in args), default=0),
        wire.still,
    )


def _label(edge: Edge) -> list[str]:
    """Pixel format, size, room for a frame's index, and what else is between the frames."""
    format, size, *_ = (*edge.format.split(" "), "", "")
    past = [f"{edge.history} past"] if edge.history else []
    ago = [f"{edge.tap} ago"] if edge.tap else []
    clock = edge.clock.split(" / ")[1:]
    return [
        format,
        *([size] if "x" in size else []),
        "still" if edge.still else "#00000",
        *past,
        *ago,
        *clock,
    ]


def _edge(link: Link, edge: Edge) -> Message:
    label = link.label
    return {
        "from": link.wire.tail,
        "to": link.wire.head,
        "source": edge.source,
        "path": link.path,
        "still": edge.still,
        "format": edge.format,
        "clock": edge.clock,
        "history": edge.history,
        "tap": edge.tap,
        "lines": _label(edge),
        "label": [label.x, label.y, label.width, label.height] if label else None,
    }


def _reason(box: Box) -> list[str]:
    width = int((ADDED_WIDTH - 16) / LETTER_WIDTH)
    return [line for note in box.notes for line in textwrap.wrap(note, width)]


def _lanes(layout: Layout) -> list[Message]:
    return [
        {
            "title": lane.title, "reason": lane.reason,
            "area": [lane.area.x, lane.area.y, lane.area.width, lane.area.height],
        }
        for lane in layout.lanes
    ]  # fmt: skip


def _node(spot: Spot, known: Known, takers: Mapping[str, list[str]]) -> Message:
    box, area = spot.box, spot.area
    return {
        "id": box.id,
        "name": box.name,
        "type": box.type,
        "kind": known.kind,
        "added": known.added(box),
        "small": known.small(box),
        "reason": _reason(box),
        "notes": list(box.notes),
        "taken": takers.get(box.name, []),
        "bytes": known.nbytes,
        "area": [area.x, area.y, area.width, area.height],
    }


def _sources(plan: Plan) -> list[Message]:
    return [
        {
            "name": name,
            "describe": info.describe,
            "rate": info.rate,
            "frames": info.frames,
            "exact": info.exact,
            "notes": list(info.notes),
        }
        for name, info in plan.sources.items()
    ]
