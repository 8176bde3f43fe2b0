"""Reads what stands under `params:`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flowgraph.document.fields import branch, known_keys, leaf, table, text
from flowgraph.document.tree import Leaf, Table, Tree
from flowgraph.document.values import PARAM_TYPES, closest_choice, convert
from flowgraph.errors import GraphError, Place, did_you_mean
from flowgraph.graph import Param

KEYS = ("type", "default", "min", "max", "choices", "help")
_REFERS = re.compile(r"^\$[^\W\d][\w-]*$|\$\{")
_SHORT: Mapping[type, str] = {bool: "bool", int: "int", float: "float", str: "str"}


def read_param(name: str, place: Place, tree: Tree) -> Param:
    """The parameter `name`: `{type: int, default: 4, min: 1}`, or in short its default alone, `4`.

    Raises:
        GraphError: a key is missing, unknown or has a value of the wrong kind; a default or a choice that the
            parameter itself would refuse.
    """
    if isinstance(tree, Leaf):
        return _read_short(name, place, tree)
    what = f"parameter '{name}'"
    found = table(tree, what, "write {type: int, default: 1}")
    known_keys(found, KEYS, what)
    param = Param(name, _read_type(found, what, place), required="default" not in found.items, place=place)
    if "help" in found.items:
        param = replace(param, help=text(found.items["help"], "'help'"))
    param = replace(param, min=_read_bound(found, "min", param), max=_read_bound(found, "max", param))
    if param.min is not None and param.max is not None and param.min > param.max:
        raise GraphError(f"{what}: 'max' is below 'min'", place=found.items["max"].place)
    param = replace(param, choices=_read_choices(found, param))
    if "default" in found.items:
        default = leaf(found.items["default"], "'default'")
        return replace(param, default=None if default.value is None else _checked(param, default))
    return param


def _read_short(name: str, place: Place, tree: Leaf) -> Param:
    kind = _SHORT.get(type(tree.value))
    if kind is None or tree.value in PARAM_TYPES:
        hint = f"write {{type: {tree.value or 'int'}}}"
        raise GraphError(f"parameter '{name}' has no type", place=tree.place, hint=hint)
    param = Param(name, kind, required=False, place=place)
    return replace(param, default=_checked(param, tree))


def _read_type(found: Table, what: str, place: Place) -> str:
    if "type" not in found.items:
        raise GraphError(
            f"{what} has no type", place=place, hint=f"a type is one of {', '.join(PARAM_TYPES)}"
        )
    kind = text(found.items["type"], "'type'")
    if kind not in PARAM_TYPES:
        hint = did_you_mean(kind, PARAM_TYPES) or f"the types are: {', '.join(PARAM_TYPES)}"
        raise GraphError(f"{what}: no type is called '{kind}'", place=found.items["type"].place, hint=hint)
    if kind == "choice" and "choices" not in found.items:
        raise GraphError(
            f"{what} has no choices", place=found.items["type"].place, hint="write 'choices: [a, b]'"
        )
    return kind


def _read_bound(found: Table, key: str, param: Param) -> float | None:
    if key not in found.items:
        return None
    if param.type not in ("int", "float"):
        hint = "only int and float have bounds"
        raise GraphError(f"'{key}' doesn't go with type {param.type}", place=found.keys[key], hint=hint)
    value = leaf(found.items[key], f"'{key}'")
    if isinstance(value.value, int | float) and not isinstance(value.value, bool):
        return value.value
    raise GraphError(f"'{key}' is a number", place=value.place)


def _read_choices(found: Table, param: Param) -> tuple[Any, ...]:
    if "choices" not in found.items:
        return ()
    items = branch(found.items["choices"], "'choices'", "write 'choices: [a, b]'")
    if not items.items:
        raise GraphError("'choices' is empty", place=items.place, hint="write 'choices: [a, b]'")
    return tuple(_checked(param, leaf(item, "a choice")) for item in items.items)


def _checked(param: Param, value: Leaf) -> Any:
    if isinstance(value.value, str) and _REFERS.search(value.value):
        hint = "write a plain value"
        raise GraphError(f"parameter '{param.name}' can't refer to another", place=value.place, hint=hint)
    try:
        return convert(param, value.value)
    except ValueError as error:
        hint = closest_choice(param, value.value)
        raise GraphError(f"parameter '{param.name}' {error}", place=value.place, hint=hint) from None
