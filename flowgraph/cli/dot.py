"""A drawing in Graphviz's language: left to right, a frame around each pass, calm colours on white."""

from __future__ import annotations

import textwrap
from html import escape

from flowgraph.cli.drawing import Box, Drawing, Group, Wire

FONT = "Helvetica,Arial,DejaVu Sans,sans-serif"
INK, SOFT, LINE = "#22303c", "#5f6f7c", "#8796a3"
FILL = {"source": "#dcefe4", "node": "#ffffff", "reduce": "#fbeccb", "still": "#fdf6e3", "sink": "#dde8f7"}
EDGE = {"source": "#5a9a74", "node": "#8796a3", "reduce": "#c99a3a", "still": "#c99a3a", "sink": "#5b82b8"}
STILL, OTHER = "#c99a3a", "#7a5aa8"
GAP = '<FONT POINT-SIZE="5"> </FONT>'
NOTE_WIDTH, REASON_WIDTH = 30, 70


def to_dot(drawing: Drawing) -> str:
    """The drawing as a dot file."""
    title = f'<FONT POINT-SIZE="17" COLOR="{INK}"><B>{escape(drawing.title)}</B></FONT>'
    caption = f'<FONT POINT-SIZE="11" COLOR="{SOFT}">{escape(drawing.caption)}</FONT>'
    left = '<BR ALIGN="LEFT"/>'
    lines = [
        "digraph flowgraph {",
        f'  graph [rankdir=LR, bgcolor="white", pad=0.3, nodesep=0.35, ranksep=0.5, fontname="{FONT}",',
        f"         labelloc=t, labeljust=l, label=<{title}{left}{caption}{left}{GAP}{left}>]",
        f'  node [fontname="{FONT}", fontsize=12, fontcolor="{INK}", margin="0.16,0.09", penwidth=1.3]',
        f'  edge [fontname="{FONT}", fontsize=9, fontcolor="{SOFT}", color="{LINE}", arrowsize=0.7,',
        "        penwidth=1.3]",
    ]
    for number, group in enumerate(drawing.groups):
        lines += _group(number, group)
    # Graphviz ends edges on the frame around a signpost shape: only its tip meets that frame.
    signposts = {box.id for group in drawing.groups for box in group.boxes if box.shape in ("source", "sink")}
    lines += [_wire(wire, wire.tail in signposts) for wire in drawing.wires]
    return "\n".join([*lines, "}", ""])


def _group(number: int, group: Group) -> list[str]:
    boxes = [_box(box) for box in group.boxes]
    if not group.title:
        return [f"  {line}" for line in boxes]
    reason = "".join(
        f'{escape(line)}<BR ALIGN="LEFT"/>' for line in textwrap.wrap(group.reason, REASON_WIDTH)
    )
    small = f'<FONT POINT-SIZE="10" COLOR="{SOFT}">{reason}</FONT>' if reason else ""
    label = f'<FONT COLOR="{INK}"><B>{escape(group.title)}</B></FONT><BR ALIGN="LEFT"/>{small}'
    return [
        f"  subgraph cluster_{number} {{",
        '    style="rounded,filled"; fillcolor="#f7f9fb"; color="#d3dbe2"; margin=18',
        "    labeljust=l; fontsize=13",
        f"    label=<{label}>",
        *(f"    {line}" for line in boxes),
        "  }",
    ]


def _box(box: Box) -> str:
    small = "".join(
        f'<BR/><FONT POINT-SIZE="9" COLOR="{SOFT}">{escape(line)}</FONT>'
        for note in box.notes
        for line in textwrap.wrap(note, NOTE_WIDTH)
    )
    kind = f'<BR/><FONT POINT-SIZE="10" COLOR="{SOFT}">{escape(box.type)}</FONT>'
    label = f"<B>{escape(box.name)}</B>{kind}{small}"
    shape = {"source": "shape=cds", "sink": "shape=cds"}.get(box.shape, "shape=box")
    style = ["filled"] + (["rounded"] if shape == "shape=box" else []) + (["dashed"] if box.added else [])
    more = ", peripheries=2" if box.shape in ("reduce", "still") else ""
    more += ', margin="0.3,0.14"' if shape == "shape=cds" else ""
    return (
        f'{_quoted(box.id)} [{shape}, style="{",".join(style)}", fillcolor="{FILL[box.shape]}", '
        f'color="{EDGE[box.shape]}"{more}, label=<{label}>]'
    )


def _wire(wire: Wire, from_tip: bool) -> str:
    said: list[str] = ["tailport=e"] if from_tip else []
    if wire.lines:
        text = "".join(f'{escape(line)}<BR ALIGN="LEFT"/>' for line in wire.lines)
        said.append(f"label=<{text}>")
    if wire.still:
        said.append(f'color="{STILL}", style=dashed')
    elif wire.clock:
        said.append(f'color="{OTHER}"')
    return f"  {_quoted(wire.tail)} -> {_quoted(wire.head)} [{', '.join(said)}]"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
