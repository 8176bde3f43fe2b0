"""The message `graph`: what doesn't change while a plan runs, with everything at its place."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowgraph.cli.drawing import Box, Drawing, Group, Wire, draw_plan
from flowgraph.node import Sink
from flowgraph.plan import Plan, Step
from flowgraph_tools.debug.protocol import VERSION, Message
from flowgraph_tools.debug.target import Compiled
from flowgraph_tools.layout import Layout, Link, Size, lay_out

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


def graph_message(compiled: Compiled, version: int, can: Mapping[str, bool]) -> Message:
    """Everything that the page draws before a frame has come; `can` says what viewers may ask for."""
    plan = compiled.plan
    takers = taken_over(compiled)
    steps = steps_by_box(plan)
    drawing, edges = without_windows(plan, draw_plan(plan, compiled.title))
    crowded = sum(len(group.boxes) for group in drawing.groups) > MANY

    def box_size(box: Box) -> Size:
        if _small(steps[box.id], box):
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
        "is": "graph",
        "protocol": VERSION,
        "version": version,
        "title": compiled.title,
        "about": compiled.graph.about,
        "file": str(compiled.target.path),
        "can": dict(can),
        "size": [layout.width, layout.height],
        "lanes": _lanes(layout),
        "nodes": _nodes(compiled, layout, takers),
        "edges": [_edge(link, edges[link.wire]) for link in layout.links],
        "sources": _sources(plan),
        "bound": plan.bound_bytes,
        "codec": plan.codec_bytes,
        "workers": plan.tokens,
        "writes": compiled.target.write,
        "notes": [str(note) for note in plan.notes],
        "warnings": list(plan.warnings),
        "sinks": [n.name for n in plan.network.nodes if isinstance(n.node, Sink)],
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


def without_windows(plan: Plan, drawing: Drawing) -> tuple[Drawing, Mapping[Wire, Edge]]:
    """The drawing with each window as a fact of the wires that read it."""
    steps = steps_by_box(plan)
    windows = {name for name, step in steps.items() if step.kind == "window"}
    before = {wire.head: wire.tail for wire in drawing.wires if wire.head in windows}
    wires: dict[Wire, Edge] = {}
    for wire in drawing.wires:
        if wire.head in windows:
            continue
        straight = replace(wire, tail=before.get(wire.tail, wire.tail))
        if straight not in wires:
            wires[straight] = _edge_of(steps, wire, straight)
    groups = tuple(
        Group(group.title, group.reason, tuple(box for box in group.boxes if box.id not in windows))
        for group in drawing.groups
    )
    return Drawing(drawing.title, drawing.caption, groups, tuple(wires)), wires


def steps_by_box(plan: Plan) -> dict[str, Step]:
    """The steps of all passes, by the names of their boxes."""
    return {
        f"{one.index}:{step.name}": step
        for one in plan.passes
        for firing in (one.stills, *one.lists)
        for step in firing.steps
    }


def _edge_of(steps: Mapping[str, Step], wire: Wire, straight: Wire) -> Edge:
    tail, head = steps[straight.tail], steps[wire.head]
    made = {result.port for step in (tail, steps[wire.tail]) for result in step.results}
    args = [arg for items in head.args.values() for arg in items if arg.port in made]
    formats = [result.format for result in tail.results]
    text = next(
        (str(result.format) for result in tail.results for arg in args if result.port == arg.port), ""
    )
    return Edge(
        tail.name,
        text or (str(formats[0]) if formats else ""),
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


def _added(step: Step, box: Box) -> bool:
    """Whether the engine put it there. A border that stands in the file is the graph's own."""
    return box.added and (step.kind != "border" or bool(step.implied))


def _small(step: Step, box: Box) -> bool:
    """Whether it is drawn without a picture; second reads are drawn as large as first ones."""
    return _added(step, box) and step.kind != "source"


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


def _nodes(compiled: Compiled, layout: Layout, takers: Mapping[str, list[str]]) -> list[Message]:
    steps = steps_by_box(compiled.plan)
    owned: dict[str, int] = {}
    for cost in compiled.plan.costs:
        if cost.node:
            owned[cost.node] = owned.get(cost.node, 0) + cost.total
    found: list[Message] = []
    for spot in layout.spots:
        box, area, step = spot.box, spot.area, steps[spot.box.id]
        found.append(
            {
                "id": box.id,
                "name": box.name,
                "type": box.type,
                "kind": step.kind,
                "shape": box.shape,
                "added": _added(step, box),
                "small": _small(step, box),
                "reason": _reason(box),
                "notes": list(box.notes),
                "taken": takers.get(box.name, []),
                "bytes": owned.get(box.name, 0),
                "late": step.total_latency,
                "area": [area.x, area.y, area.width, area.height],
            }
        )
    return found


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
