"""Looks node types up: in the built-in node library, and in installed packages that register one.

A package registers itself in the entry-point group `flowgraph.nodes`. The built-in library's entry is called
`builtin` and its types are written bare (`blur`); another package's types carry its entry's name
(`acme.glow`). Inside the package each type is one module that defines one node class; the module's name is
the type.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.frame import EMPTY
from flowgraph.node import Node

GROUP = "flowgraph.nodes"
BUILTIN = "builtin"
_BUILTIN_PACKAGE = "flowgraph_nodes"


@cache
def _packages() -> dict[str, str]:
    """Entry name to package name; the built-in library is always there."""
    # Reading what is installed takes longer than most node types, and built-in types don't need it.
    from importlib.metadata import entry_points

    found = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    return {BUILTIN: _BUILTIN_PACKAGE} | found


@cache
def _types_in(package: str) -> frozenset[str]:
    path = importlib.import_module(package).__path__
    return frozenset(info.name for info in pkgutil.iter_modules(path) if info.name[0] != "_")


@cache
def type_names() -> tuple[str, ...]:
    """All types of installed packages, sorted, without importing any of them."""
    names: list[str] = []
    for entry, package in _packages().items():
        prefix = "" if entry == BUILTIN else f"{entry}."
        names += [prefix + name for name in _types_in(package)]
    return tuple(sorted(names))


def _class_in(module: ModuleType) -> type[Node]:
    for _, value in inspect.getmembers(module, inspect.isclass):
        if issubclass(value, Node) and value.__module__ == module.__name__ and value.__name__[0] != "_":
            return value
    raise TypeError(f"{module.__name__} defines no node class")


def node_type(name: str, own: Mapping[str, type[Node]] = EMPTY) -> type[Node]:
    """The class of a node type: one of `own`, or of an installed package.

    Raises:
        GraphError: there is no such type; the hint names the closest one.
    """
    if name in own:
        return own[name]
    try:
        return _installed(name)
    except KeyError:
        raise GraphError(
            f"no node type is called '{name}'",
            hint=did_you_mean(name, (*own, *type_names()))
            or "'flowgraph nodes' lists them; --nodes FILE brings types of your own",
        ) from None


@cache
def _installed(name: str) -> type[Node]:
    entry, dot, last = name.rpartition(".")
    outside = _packages() if dot and entry != BUILTIN else {}
    package = outside.get(entry, "") if dot else _BUILTIN_PACKAGE
    if not package or last not in _types_in(package):
        raise KeyError(name)
    return _class_in(importlib.import_module(f"{package}.{last}"))
