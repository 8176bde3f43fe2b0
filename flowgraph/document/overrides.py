"""Parameters of single nodes that the caller sets: `--set NODE.PARAM=VALUE`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flowgraph.document.binding import Text
from flowgraph.document.describe import is_text, parameters
from flowgraph.document.values import read_text, written
from flowgraph.errors import GraphError, did_you_mean
from flowgraph.node import Node


class Overrides:
    """Hands each override to its node once and knows which found none."""

    def __init__(self, values: Mapping[tuple[str, str], Any]) -> None:
        self._values = values
        self._found: set[str] = set()

    def of_node(self, kind: type[Node], *names: str) -> dict[str, Any]:
        """What is set on the node that goes by `names`, ready for a node of type `kind`.

        Text is read as in a graph file, unless the parameter takes nothing but text.
        """
        fields = parameters(kind)
        found: dict[str, Any] = {}
        for param, value in self.raw(*names).items():
            if isinstance(value, str) and not (param in fields and is_text(fields[param])):
                found[param] = _caller(read_text(value))
            else:
                found[param] = _caller(_written(param, value))
        return found

    def raw(self, *names: str) -> dict[str, Any]:
        """What is set on the node or inserted graph that goes by `names`, as the caller gave it."""
        self._found.update(names)
        return {param: value for (node, param), value in self._values.items() if node in names}

    def check_all_found(self, known: Iterable[str]) -> None:
        """Refuse overrides of nodes that don't exist; `known` are the names of those that do.

        Raises:
            GraphError: the hint names the closest node, or all.
        """
        known = tuple(known)
        for node, param in self._values:
            if node not in self._found:
                raise GraphError(
                    f"can't set {node}.{param}: no node is called '{node}'",
                    hint=did_you_mean(node, known) or f"the nodes are: {', '.join(known)}",
                )


def _written(param: str, value: object) -> Any:
    try:
        return written(value)
    except TypeError as error:
        raise GraphError(f"can't set '{param}': {error}") from None


def _caller(value: Any) -> Any:
    """Texts marked as the caller's: as paths they are relative to the working directory."""
    match value:
        case str():
            return Text(value, None)
        case tuple():
            return tuple(_caller(item) for item in value)
        case Mapping():
            return {key: _caller(item) for key, item in value.items()}
        case _:
            return value
