"""A node's parameters as controls on a page, and their changes as lines of YAML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flowgraph.document.binding import plain
from flowgraph.document.describe import accepts, parameters
from flowgraph.document.overrides import Overrides
from flowgraph.document.scalars import flow
from flowgraph.document.values import show, written
from flowgraph.errors import GraphError, Place
from flowgraph.graph import Entry, Graph, NetNode
from flowgraph.node import Node
from flowgraph_tools.debug.protocol import Message
from flowgraph_tools.debug.target import Compiled, entry_of, kind_of


@dataclass(frozen=True, slots=True)
class Edit:
    """A parameter that was changed. `index`: the frame from which it counts; -1: compiled in, for all."""

    index: int
    node: str
    param: str
    text: str


def controls(node: NetNode, now: Node) -> list[Message]:
    """What each parameter of a node is and takes; `now` holds the values that count."""
    kind = kind_of(node)
    model = kind.model_json_schema(by_alias=True)
    found: list[Message] = []
    for name, field in parameters(kind).items():
        schema = _opened(model["properties"][name], model.get("$defs", {}))
        attribute = next(key for key, value in kind.model_fields.items() if (value.alias or key) == name)
        numbers = [choice for choice in schema if choice.get("type") in ("integer", "number")]
        words = [word for choice in schema for word in choice.get("enum", ())]
        found.append(
            {
                "name": name,
                "value": text_of(getattr(now, attribute)),
                "default": None
                if field.is_required()
                else text_of(field.get_default(call_default_factory=True)),
                "help": field.description or "",
                "takes": accepts(field),
                "live": name in kind.live_parameters,
                "words": words,
                "only_words": all("enum" in choice for choice in schema),
                "truth": any(choice.get("type") == "boolean" for choice in schema),
                "whole": bool(numbers) and all(choice["type"] == "integer" for choice in numbers),
                "least": _bound(numbers, "minimum", "exclusiveMinimum"),
                "most": _bound(numbers, "maximum", "exclusiveMaximum"),
                "level": any(choice.get("pattern", "").startswith("^(100") for choice in schema),
            }
        )
    return found


def read(kind: type[Node], node: str, param: str, text: str) -> Any:
    """The value that a text means for a parameter, as after `--set`."""
    return plain(Overrides({(node, param): text}).of_node(kind, node)[param])


def as_yaml(compiled: Compiled, edits: Iterable[Edit]) -> str:
    """The lines of the file with the last value of each changed parameter, ready to be put in their place."""
    last = {(edit.node, edit.param): edit for edit in edits}
    lines = compiled.target.path.read_text().splitlines()
    touched: dict[int, str] = {}
    left: list[str] = []
    # From the right to the left, so that columns on the same line stay true.
    places = {key: _place(compiled.graph, *key) for key in last}
    for key, edit in sorted(last.items(), key=lambda item: -_column(places[item[0]])):
        place = places[key]
        number = place.line if place else 0
        line = touched.get(number, lines[number - 1]) if place and number <= len(lines) else ""
        changed = _rewritten(line, place, edit) if place and line else ""
        if changed:
            touched[number] = changed
        else:
            left.append(f"# {edit.node}: {edit.param}: {edit.text}")
    return "\n".join([*(touched[number] for number in sorted(touched)), *left])


def as_options(edits: Iterable[Edit]) -> str:
    """The changes as options of `flowgraph run` that replay them to the same bits."""
    said = [
        f"--set {edit.node}.{edit.param}={edit.text}"
        if edit.index < 0
        else f"--set-at {edit.index}:{edit.node}.{edit.param}={edit.text}"
        for edit in edits
    ]
    return " ".join(said)


def _place(graph: Graph, node: str, param: str) -> Place | None:
    entry = entry_of(graph, node)
    if entry is None:
        return None
    return entry.places.get(param) or _main_place(entry, param) or entry.place


def _main_place(entry: Entry, param: str) -> Place | None:
    """Where the value of a chain's short form stands: `{delay: 5}`."""
    from flowgraph.library import node_type

    return entry.places.get("") if node_type(entry.type).main == param else None


def _column(place: Place | None) -> int:
    return place.column if place else 0


def _rewritten(line: str, place: Place, edit: Edit) -> str:
    """The line with the value at `place` replaced, or with the parameter added to a mapping in braces."""
    start = place.column - 1
    if f"{edit.param}:" in line[:start] or line[start - 2 : start] == ": ":
        return line[:start] + edit.text + line[start + place.length :]
    body, brace, comment = line.rpartition("}")
    return f"{body}, {edit.param}: {edit.text}{brace}{comment}" if brace else ""


def _opened(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The alternatives of a schema, with references followed."""
    if "$ref" in schema:
        return _opened(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in schema:
        return [one for choice in schema["anyOf"] for one in _opened(choice, definitions)]
    return [schema] if "const" not in schema else [{"enum": [schema["const"]]}]


def _bound(numbers: list[Mapping[str, Any]], *keys: str) -> float | None:
    return next((choice[key] for choice in numbers for key in keys if key in choice), None)


def text_of(value: object) -> str:
    """A value as it would be written on a command line: whole numbers without a point, texts bare."""
    bare = written(value)
    if isinstance(bare, str):
        return bare
    return flow(int(bare) if isinstance(bare, float) and bare.is_integer() else bare)


def checked(kind: type[Node], node: str, param: str) -> None:
    """Refuse a parameter that the node doesn't have.

    Raises:
        GraphError: there is none of that name.
    """
    if param not in parameters(kind):
        known = ", ".join(parameters(kind)) or "none"
        raise GraphError(f"node '{node}' has no parameter {show(param)}; it has: {known}")
