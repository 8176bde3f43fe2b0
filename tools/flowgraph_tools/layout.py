"""Where everything of a drawing goes: boxes, wires and passes, from left to right. Graphviz decides.

Lengths are in pixels, y grows downwards. Passes are lanes: rectangles that hold all boxes of a pass and never
overlap. The wires that a box reads arrive one below the other on its left side, in the order of its inputs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flowgraph.cli.drawing import Box, Drawing, Wire
from flowgraph.cli.graphviz import render

Point = tuple[float, float]
Size = tuple[float, float]
"""Width and height."""

HEADING_HEIGHT = 26.0
"""What a lane leaves free at its top for its title."""
_INCH = 72.0


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Its top left corner, width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A box and where it lies."""

    box: Box
    area: Rectangle


@dataclass(frozen=True, slots=True)
class Link:
    """A wire and its way: a start point, then three points for each cubic Bezier curve."""

    wire: Wire
    points: tuple[Point, ...]
    label: Rectangle | None = None

    @property
    def path(self) -> str:
        """The way as SVG's path data."""
        start, *rest = (f"{x:.1f} {y:.1f}" for x, y in self.points)
        return f"M{start}C{' '.join(rest)}"


@dataclass(frozen=True, slots=True)
class Lane:
    """A pass with a title, and the rectangle around its boxes."""

    title: str
    reason: str
    area: Rectangle


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing with the place of everything in it. A drawing without titled groups has no lanes."""

    width: float
    height: float
    lanes: tuple[Lane, ...]
    spots: tuple[Spot, ...]
    links: tuple[Link, ...]


def no_label(wire: Wire) -> Size | None:
    """No space for labels on wires."""
    return None


def lay_out(
    drawing: Drawing,
    box_size: Callable[[Box], Size],
    label_size: Callable[[Wire], Size | None] = no_label,
    *,
    rank_gap: float = 44.0,
    box_gap: float = 18.0,
) -> Layout:
    """Place boxes of the given sizes, wires between them, and labels on the wires.

    `rank_gap` is between a box and the next one to its right, `box_gap` between boxes one below the other.
    """
    sizes = {box.id: box_size(box) for group in drawing.groups for box in group.boxes}
    labels = [label_size(wire) for wire in drawing.wires]
    dot = _dot(drawing, sizes, labels, rank_gap, box_gap)
    return _read(drawing, sizes, labels, json.loads(render(dot, "json0")))


def _dot(
    drawing: Drawing, sizes: Mapping[str, Size], labels: list[Size | None], rank_gap: float, box_gap: float
) -> str:
    # Boxes go by numbers: whatever a name contains, nothing has to be quoted.
    numbers = {name: number for number, name in enumerate(sizes)}
    arriving: dict[str, int] = {}
    edges: list[str] = []
    for number, (wire, size) in enumerate(zip(drawing.wires, labels, strict=True)):
        place = arriving[wire.head] = arriving.get(wire.head, -1) + 1
        label = f", label={_blank(*size)}" if size else ""
        ends = f"n{numbers[wire.tail]}:o:e -> n{numbers[wire.head]}:i{place}:w"
        edges.append(f'{ends} [comment="{number}", weight={1 if wire.still else 3}{label}]')
    lines = [
        f"graph [rankdir=LR, ranksep={rank_gap / _INCH}, nodesep={box_gap / _INCH}, splines=spline]",
        "node [shape=plain, margin=0]\nedge [arrowhead=none, fontsize=1]",
    ]
    for number, group in enumerate(drawing.groups):
        boxes = [
            f"n{numbers[b.id]} [label={_ports(sizes[b.id], arriving.get(b.id, -1) + 1)}]" for b in group.boxes
        ]
        if group.title:
            heading = f"labeljust=l; margin=14; label={_blank(40, HEADING_HEIGHT)}"
            boxes = [f"subgraph cluster_{number} {{", heading, *boxes, "}"]
        lines += boxes
    return "\n".join(["digraph {", *lines, *edges, "}"])


def _blank(width: float, height: float) -> str:
    table = f'BORDER="0" CELLSPACING="0" FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{height:.0f}"'
    return f"<<TABLE {table}><TR><TD></TD></TR></TABLE>>"


def _ports(size: Size, inputs: int) -> str:
    """A table as large as the box: a cell for each input on the left, one for the output on the right."""
    width, height = size
    rows = max(1, inputs)
    fixed = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0" FIXEDSIZE="TRUE"'
    half = f'FIXEDSIZE="TRUE" WIDTH="{width / 2:.0f}"'
    cells = [f'<TD PORT="i{i}" {half} HEIGHT="{height / rows:.2f}"></TD>' for i in range(rows)]
    cells[0] += f'<TD PORT="o" {half} HEIGHT="{height:.0f}" ROWSPAN="{rows}"></TD>'
    body = "".join(f"<TR>{cell}</TR>" for cell in cells)
    return f'<<TABLE {fixed} WIDTH="{width:.0f}" HEIGHT="{height:.0f}">{body}</TABLE>>'


def _read(
    drawing: Drawing, sizes: Mapping[str, Size], labels: list[Size | None], found: Mapping[str, Any]
) -> Layout:
    _, _, width, height = map(float, found["bb"].split(","))

    def point(pair: str) -> Point:
        x, y = map(float, pair.split(","))
        return x, height - y

    def around(pos: str, size: Size) -> Rectangle:
        x, y = point(pos)
        return Rectangle(x - size[0] / 2, y - size[1] / 2, *size)

    def lane(bb: str) -> Rectangle:
        left, bottom, right, top = map(float, bb.split(","))
        return Rectangle(left, height - top, right - left, top - bottom)

    objects = {item["name"]: item for item in found.get("objects", ())}
    spots: list[Spot] = []
    lanes: list[Lane] = []
    for number, group in enumerate(drawing.groups):
        if group.title:
            lanes.append(Lane(group.title, group.reason, lane(objects[f"cluster_{number}"]["bb"])))
        for box in group.boxes:
            spots.append(Spot(box, around(objects[f"n{len(spots)}"]["pos"], sizes[box.id])))
    links: dict[int, Link] = {}
    for edge in found.get("edges", ()):
        number = int(edge["comment"])
        size = labels[number]
        label = around(edge["lp"], size) if size else None
        links[number] = Link(drawing.wires[number], tuple(map(point, edge["pos"].split())), label)
    return Layout(width, height, tuple(lanes), tuple(spots), tuple(links[i] for i in sorted(links)))
