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
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.node import Node

GROUP = "flowgraph.nodes"
BUILTIN = "builtin"


@cache
def _packages() -> dict[str, str]:
    """Entry name to package name; the built-in library is always there."""
    found = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    return {BUILTIN: "flowgraph_nodes"} | found


@cache
def type_names() -> tuple[str, ...]:
    """All types that graphs can name, sorted, without importing any of them."""
    names: list[str] = []
    for entry, package in _packages().items():
        prefix = "" if entry == BUILTIN else f"{entry}."
        module = importlib.import_module(package)
        names += [prefix + info.name for info in pkgutil.iter_modules(module.__path__) if info.name[0] != "_"]
    return tuple(sorted(names))


def _class_in(module: ModuleType) -> type[Node]:
    for _, value in inspect.getmembers(module, inspect.isclass):
        if issubclass(value, Node) and value.__module__ == module.__name__ and value.__name__[0] != "_":
            return value
    raise TypeError(f"{module.__name__} defines no node class")


@cache
def node_type(name: str) -> type[Node]:
    """The class of a node type.

    Raises:
        GraphError: there is no such type; the hint names the closest one.
    """
    if name not in type_names():
        raise GraphError(
            f"no node type is called '{name}'",
            hint=did_you_mean(name, type_names()) or "'flowgraph nodes' lists them",
        )
    entry, _, last = name.rpartition(".")
    return _class_in(importlib.import_module(f"{_packages()[entry or BUILTIN]}.{last}"))


def type_of(node: Node) -> str:
    """The type name under which a node's class is known: its module's last name."""
    return type(node).__module__.rpartition(".")[2]
