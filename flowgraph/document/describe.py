"""Says in a few words which values a parameter takes: `whole number from 1`, `0..255 or 0%..100%`."""

from __future__ import annotations

import types
from collections.abc import Iterable, Sequence
from enum import Enum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic.fields import FieldInfo

from flowgraph.node import Node
from flowgraph.units import Colour, Duration, Level

_PLAIN: dict[Any, str] = {
    bool: "true or false",
    str: "text",
    Path: "path",
    Level: "0..255 or 0%..100%",
    Duration: "frames, or a time such as 200ms",
    Colour: "#rrggbb or the name of a colour",
    Fraction: "number or a ratio such as 30000/1001",
    Any: "anything",
}


def parameters(kind: type[Node]) -> dict[str, FieldInfo]:
    """The parameters of a node type, by the name that graph files use."""
    return {field.alias or name: field for name, field in kind.model_fields.items()}


def accepts(field: FieldInfo) -> str:
    """Which values a parameter takes."""
    return _describe(field.annotation, field.metadata)


def literals(field: FieldInfo) -> tuple[str, ...]:
    """The words that a parameter takes; empty where it takes no words."""
    return tuple(word for word in _words(field.annotation) if isinstance(word, str))


def is_path(field: FieldInfo) -> bool:
    """Whether a parameter names files: its type is Path, or it declares the JSON Schema format `path`."""
    extra = field.json_schema_extra
    return Path in _leaves(field.annotation) or (isinstance(extra, dict) and extra.get("format") == "path")


def is_text(field: FieldInfo) -> bool:
    """Whether a parameter takes text and nothing else, so that `5` is meant as the text "5"."""
    return all(member in (str, Path, Colour, type(None)) for member in _members(field.annotation))


def _leaves(annotation: Any) -> Iterable[Any]:
    if get_origin(annotation) is None:
        return (annotation,)
    return [leaf for inner in get_args(annotation) for leaf in _leaves(inner)]


def _members(annotation: Any) -> Iterable[Any]:
    if get_origin(annotation) is Annotated:
        return _members(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [member for inner in get_args(annotation) for member in _members(inner)]
    return (annotation,)


def _words(annotation: Any) -> Iterable[object]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [member.value for member in annotation]
    if get_origin(annotation) is None:
        return ()
    return [word for member in _members(annotation) if member is not annotation for word in _words(member)]


def _describe(annotation: Any, metadata: Sequence[Any] = ()) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        own = [
            bound
            for item in inner[1:]
            for bound in (item.metadata if isinstance(item, FieldInfo) else (item,))
        ]
        return _describe(inner[0], (*metadata, *own))
    if origin in (Union, types.UnionType):
        return " or ".join(dict.fromkeys(_describe(a, metadata) for a in inner if a is not type(None)))
    if words := tuple(_words(annotation)):
        return " | ".join(map(str, words))
    if origin is tuple and inner[-1:] != (...,):
        return f"[{', '.join(map(_describe, inner))}]"
    if origin in (list, tuple, Sequence, set, frozenset):
        return f"[{_describe(inner[0])}, ...]"
    if origin is dict:
        return "mapping"
    if annotation is int:
        return f"whole number{_bounds(metadata)}"
    if annotation is float:
        return f"number{_bounds(metadata)}"
    return _PLAIN.get(annotation) or str(getattr(annotation, "__name__", annotation))


def _bounds(metadata: Sequence[Any]) -> str:
    lower, upper = "", ""
    for item in metadata:
        for bound in item if isinstance(item, annotated_types.GroupedMetadata) else (item,):
            match bound:
                case annotated_types.Ge():
                    lower = f"{bound.ge}"
                case annotated_types.Gt():
                    lower = f"above {bound.gt}"
                case annotated_types.Le():
                    upper = f"{bound.le}"
                case annotated_types.Lt():
                    upper = f"below {bound.lt}"
                case _:
                    pass
    if lower and upper:
        both = f"{lower}, {upper if ' ' in upper else f'up to {upper}'}"
        return (
            f" {lower}..{upper}"
            if " " not in lower + upper
            else f" {both}"
            if " " in lower
            else f" from {both}"
        )
    if lower:
        return f" {lower}" if " " in lower else f" from {lower}"
    return f" {upper}" if " " in upper else f" up to {upper}" if upper else ""
