"""Gives a graph's parameters their values and puts those in the place of `$name` and `${name}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flowgraph.document.values import closest_choice, convert, convert_text, written
from flowgraph.errors import GraphError, Place, did_you_mean
from flowgraph.graph import Graph, Param

_WHOLE = re.compile(r"\$([^\W\d][\w-]*)")
_ESCAPED = re.compile(r"\$\$[^\W\d][\w-]*")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
NO_PLACES: Mapping[str, Place] = MappingProxyType({})
_INNER = re.compile(r"\$?\$\{([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a parameter, and the folder that it is relative to should it be a path.

    None stands for the working directory: the text was given by the caller.
    """

    value: str
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a graph's parameters. Texts in them, at any depth, are `Text`."""

    graph: Graph
    values: Mapping[str, Any]

    def fill(self, value: Any, places: Mapping[str, Place], key: str, read: set[str]) -> Any:
        """What a node's parameter holds when all `$name` in it are replaced; names go to `read`.

        `$name` alone keeps the type of its value; `${name}` inside of a text becomes text. `$$` in front of a
        name or a brace stands for a plain `$`.

        Raises:
            GraphError: there is no such parameter; the place is `places[key]`.
        """
        match value:
            case str():
                return self._fill_text(value, places.get(key), read)
            case list() | tuple():
                return tuple(self.fill(v, places, f"{key}.{i}", read) for i, v in enumerate(value))
            case Mapping():
                return {k: self.fill(v, places, f"{key}.{k}", read) for k, v in value.items()}
            case _:
                return value

    def _fill_text(self, text: str, place: Place | None, read: set[str]) -> Any:
        if match := _WHOLE.fullmatch(text):
            return self._value(match[1], place, read)
        if _ESCAPED.fullmatch(text):
            return Text(text[1:], folder_of(self.graph))
        folder = folder_of(self.graph)
        parts: list[str] = []
        end = 0
        for match in _INNER.finditer(text):
            parts.append(text[end : match.start()])
            end = match.end()
            if match[0].startswith("$$"):
                parts.append(match[0][1:])
                continue
            value = self._value(match[1], place, read)
            if isinstance(value, Text):
                folder = value.folder if match.start() == 0 else folder
                value = value.value
            parts.append(str(value).lower() if isinstance(value, bool) else str(value))
        return Text("".join([*parts, text[end:]]), folder)

    def _value(self, name: str, place: Place | None, read: set[str]) -> Any:
        if name not in self.values:
            known = tuple(self.values)
            hint = did_you_mean(name, known) or (
                f"the parameters are: {', '.join(known)}" if known else "the graph has no 'params:'"
            )
            raise GraphError(f"no parameter is called '{name}'", place=place, hint=hint)
        read.add(name)
        return self.values[name]


def folder_of(graph: Graph) -> Path | None:
    """The folder that paths in a graph's file are relative to; None for a graph that has no file."""
    return graph.path.parent if graph.path else None


def bind(
    graph: Graph,
    spoken: Mapping[str, Any],
    given: Mapping[str, Any] | None = None,
    what: str = "",
    place: Place | None = None,
    places: Mapping[str, Place] = NO_PLACES,
) -> Values:
    """The values of a graph's parameters.

    `spoken` is what the caller gives: text from a command line, or Python values. `given` is what `with:`
    gives to an inserted graph, filled, with its places; `what` and `place` are that of the inserting node.

    Raises:
        GraphError: an unknown name, a value that its parameter refuses, or none where one is needed.
    """
    known = {param.name for param in graph.params}
    for name in [*spoken, *(given or ())]:
        if name not in known:
            where = None if name in spoken else places.get(f"{name}:", place)
            raise _unknown(graph, name, what or "the graph", where)
    found: dict[str, Any] = {}
    for param in graph.params:
        head = f"{what}: parameter '{param.name}'" if what else f"parameter '{param.name}'"
        if param.name in spoken:
            found[param.name] = _spoken(param, spoken[param.name], head)
        elif given is not None and param.name in given:
            found[param.name] = _given(param, given[param.name], head, places.get(param.name, place))
        elif param.required:
            about = f" ({param.help})" if param.help else ""
            where, hint = (
                (place, f"write 'with: {{{param.name}: ...}}'") if what else (param.place, _call(param))
            )
            raise GraphError(f"{head} has no value{about}", place=where, hint=hint)
        else:
            default = param.default
            found[param.name] = Text(default, folder_of(graph)) if isinstance(default, str) else default
    return Values(graph, found)


def _spoken(param: Param, value: object, head: str) -> Any:
    try:
        found = convert_text(param, value) if isinstance(value, str) else convert(param, written(value))
    except (ValueError, TypeError) as error:
        hint = closest_choice(param, value)
        raise GraphError(f"{head} {error}", place=param.place, hint=hint) from None
    return Text(found, None) if isinstance(found, str) else found


def _given(param: Param, value: Any, head: str, place: Place | None) -> Any:
    try:
        found = convert(param, plain(value))
    except ValueError as error:
        hint = closest_choice(param, plain(value))
        raise GraphError(f"{head} {error}", place=place, hint=hint) from None
    return value if isinstance(value, Text) else found


def _unknown(graph: Graph, name: str, what: str, place: Place | None) -> GraphError:
    known = [param.name for param in graph.params]
    takes = f"it takes: {', '.join(known)}" if known else "it takes none"
    return GraphError(f"{what}: no parameter '{name}'; {takes}", place=place, hint=did_you_mean(name, known))


def _call(param: Param) -> str:
    flag = {"input": "-i FILE", "output": "-o FILE"}.get(param.name, f"-p {param.name}=VALUE")
    return f"give it as {flag}"


def plain(value: Any, *, resolve: bool = False) -> Any:
    """A filled value without its `Text` records; `resolve` makes texts paths relative to their folders."""
    match value:
        case Text():
            return _resolved(value) if resolve else value.value
        case tuple():
            return tuple(plain(item, resolve=resolve) for item in value)
        case Mapping():
            return {key: plain(item, resolve=resolve) for key, item in value.items()}
        case _:
            return value


def _resolved(text: Text) -> str:
    # An address, a device or a pipe isn't a file, and an empty path is for the node to refuse.
    if text.folder is None or _ADDRESS.match(text.value) or text.value in ("", "-"):
        return text.value
    return str(text.folder / text.value)
