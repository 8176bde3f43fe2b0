"""A drawing in Mermaid's language, which Markdown pages of many sites draw."""

from __future__ import annotations

from flowgraph.cli.drawing import Box, Drawing

_BRACKETS = {
    "source": ('[/"', '"/]'),
    "sink": ('[\\"', '"\\]'),
    "node": ('["', '"]'),
    "reduce": ('[["', '"]]'),
    "still": ('[["', '"]]'),
}


def to_mermaid(drawing: Drawing) -> str:
    """The drawing as a Mermaid flowchart."""
    ids = {box.id: f"n{number}" for number, box in enumerate(b for g in drawing.groups for b in g.boxes)}
    lines = ["---", f'title: "{drawing.title.replace(chr(34), chr(39))}"', "---", "flowchart LR"]
    for number, group in enumerate(drawing.groups):
        boxes = [_box(ids[box.id], box) for box in group.boxes]
        if group.title:
            heading = f"{group.title}: {group.reason}" if group.reason else group.title
            boxes = [f'  subgraph p{number}["{_text(heading)}"]', *(f"  {line}" for line in boxes), "  end"]
        lines += boxes
    for wire in drawing.wires:
        arrow = "-.->" if wire.still else "-->"
        label = f'|"{_text(", ".join(wire.lines))}"|' if wire.lines else ""
        lines.append(f"  {ids[wire.tail]} {arrow}{label} {ids[wire.head]}")
    added = [ids[box.id] for group in drawing.groups for box in group.boxes if box.added]
    if added:
        lines += ["  classDef added stroke-dasharray: 4 3", f"  class {','.join(added)} added"]
    return "\n".join([*lines, ""])


def _box(name: str, box: Box) -> str:
    opening, closing = _BRACKETS[box.shape]
    text = "<br/>".join(map(_text, (box.name, box.type, *box.notes)))
    return f"  {name}{opening}{text}{closing}"


def _text(text: str) -> str:
    """Text as Mermaid takes it inside of double quotes."""
    return text.replace("&", "&amp;").replace('"', "#quot;").replace("<", "&lt;").replace(">", "&gt;")
