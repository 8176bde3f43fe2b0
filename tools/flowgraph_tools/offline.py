"""Pages that need nothing but a browser: one html file with a graph and what is known of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from importlib.resources import files
from typing import Any

from flowgraph.cli.drawing import Drawing
from flowgraph_tools.cards import Measure, Picture, make_card
from flowgraph_tools.drawing import draw
from flowgraph_tools.facts import Facts

_STYLES = ("graph.css", "offline.css")
_SCRIPTS = ("view.js", "panel.js", "offline.js")
"""Each imports only from those before it: joined, they are one module."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did as a whole. state: finished, failed, interrupted."""

    state: str
    frames: int
    seconds: float
    peak_bytes: int
    bound_bytes: int
    outputs: tuple[str, ...] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that a page shows. Measures and pictures go by the ids of nodes."""

    drawing: Drawing
    facts: Mapping[str, Facts]
    measures: Mapping[str, Measure] = field(default_factory=dict[str, Measure])
    pictures: Mapping[str, Sequence[Picture]] = field(default_factory=dict[str, Sequence[Picture]])
    about: str = ""
    passes: int = 0
    bound_bytes: int = 0
    run: Run | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    changes: tuple[tuple[int, str], ...] = ()
    """Parameters changed while it ran: the frame from which on, and what was set."""
    values: tuple[tuple[str, str], ...] = ()
    plan: str = ""
    file: str = ""
    versions: tuple[tuple[str, str], ...] = ()


def to_html(page: Page) -> str:
    """The page as one html file; pictures are inside if their addresses are `data:` ones."""
    lost = lost_pictures(page.facts, page.pictures)
    shown = {name: found[len(found) // 2] for name, found in page.pictures.items() if found}
    cards = {
        name: make_card(facts, page.measures.get(name), shown.get(name), lost.get(name, ""))
        for name, facts in page.facts.items()
    }
    _, svg = draw(page.drawing, cards)
    html = _text("offline.html")
    for tag, content in (
        ("<title>", escape(page.drawing.title)),
        ("<h1>", escape(page.drawing.title)),
        ("<style>", "\n".join(map(_text, _STYLES))),
        ('<section id="frame" aria-label="The graph">', svg),
        ('<script type="application/json" id="data">', _json(_record(page))),
        ('<script type="module">', "\n".join(map(_script, _SCRIPTS))),
    ):
        html = html.replace(tag, tag + content, 1)
    return html


def lost_pictures(facts: Mapping[str, Facts], pictures: Mapping[str, Sequence[Picture]]) -> dict[str, str]:
    """The nodes at which pictures are lost, and what they are there: "all black".

    Every picture of such a node has but one colour, though all that it reads showed something.
    """
    flat = {
        name: found[0].flat if all(each.flat for each in found) else ""
        for name, found in pictures.items()
        if found
    }

    def read(node: Facts) -> list[str]:
        # What the engine added has no pictures: what it reads stands for it.
        names = [f"{node.pass_index}:{stream.node.partition('.')[0]}" for stream in node.reads]
        return [
            name
            for each in names
            for name in ([each] if each in flat or each not in facts else read(facts[each]))
        ]

    return {
        name: said
        for name, said in flat.items()
        if said and read(facts[name]) and not any(flat.get(each) for each in read(facts[name]))
    }


def _record(page: Page) -> dict[str, Any]:
    return {
        "caption": page.drawing.caption,
        "nodes": [
            {
                **asdict(facts),
                "measure": _measure(page.measures.get(name)),
                "pictures": [asdict(picture) for picture in page.pictures.get(name, ())],
            }
            for name, facts in page.facts.items()
        ],
        "about": page.about,
        "passes": page.passes,
        "bound_bytes": page.bound_bytes,
        "run": asdict(page.run) if page.run else None,
        "notes": page.notes,
        "warnings": page.warnings,
        "changes": page.changes,
        "values": page.values,
        "plan": page.plan,
        "file": page.file,
        "versions": page.versions,
    }


def _measure(measure: Measure | None) -> dict[str, Any] | None:
    return {**asdict(measure), "each": measure.each} if measure else None


def _json(record: object) -> str:
    # A script element ends at the first "</script", wherever it stands.
    return json.dumps(record, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")


def _text(name: str) -> str:
    return (files("flowgraph_tools") / "pages" / name).read_text("utf-8")


def _script(name: str) -> str:
    """A module without its imports and exports."""
    text = re.sub(r"^import .*$", "", _text(name), flags=re.MULTILINE)
    return re.sub(r"^export ", "", text, flags=re.MULTILINE)
