"""Makes nodes of written parameters, and says what is wrong with those in the words of graph files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from flowgraph.document.binding import plain
from flowgraph.document.describe import accepts, is_path, literals, parameters
from flowgraph.document.values import show
from flowgraph.errors import GraphError, Place, did_you_mean
from flowgraph.node import Node, Sink


@dataclass(frozen=True, slots=True)
class Written:
    """A node's parameters as written: type and name for errors, values, and where those stand.

    `given`: the parameters whose value was given by the caller, so that no line is to blame.
    """

    type: str
    name: str
    params: Mapping[str, Any]
    place: Place | None = None
    places: Mapping[str, Place] = field(default_factory=dict[str, Place])
    given: Collection[str] = ()

    @property
    def head(self) -> str:
        """How errors begin: threshold 'binary'."""
        return f"{self.type} '{self.name}'"

    def head_of(self, param: str) -> str:
        """How errors about a parameter begin."""
        return f"can't set {self.name}.{param}: {self.head}" if param in self.given else self.head

    def place_of(self, param: str, *inner: object) -> Place | None:
        """Where a parameter's value stands, or an item inside of it; where that isn't known, the node."""
        if param in self.given:
            return None
        for end in range(len(inner), -1, -1):
            if place := self.places.get(".".join([param, *map(str, inner[:end])])):
                return place
        return self.place


def make_node(kind: type[Node], written: Written) -> Node:
    """The node with its parameters, checked.

    Raises:
        GraphError: an unknown parameter, one that is missing, or a value that it refuses.
    """
    fields = parameters(kind)
    for name in written.params:
        if name not in fields:
            raise _unknown(kind, written, name)
    # What a graph names as input stands beside the graph; what it writes goes where the user is.
    resolve = not issubclass(kind, Sink)
    values = {
        name: plain(value, resolve=resolve and is_path(fields[name]))
        for name, value in written.params.items()
    }
    try:
        node = kind.model_validate(values)
        node.check()
    except ValidationError as error:
        raise _refused(kind, written, values, error) from None
    except (ValueError, GraphError) as error:
        message = error.message if isinstance(error, GraphError) else str(error)
        blamed = next((name for name in values if re.search(rf"\b{re.escape(name)}\b", message)), None)
        place = written.place_of(blamed) if blamed else written.place
        hint = error.hint if isinstance(error, GraphError) else ""
        raise GraphError(f"{written.head}: {message}", place=place, hint=hint) from None
    return node


def takes(kind: type[Node]) -> str:
    """All parameters of a node type with the values that they take, as one line."""
    listed = ", ".join(f"{name} ({accepts(field)})" for name, field in parameters(kind).items())
    return f"it takes: {listed}" if listed else "it takes none"


def _unknown(kind: type[Node], written: Written, name: str) -> GraphError:
    key, colon, _ = name.partition(":")
    hint = did_you_mean(name, parameters(kind))
    if colon and key in parameters(kind):
        hint = f"a space is missing after '{key}:'"
    place = None if name in written.given else written.places.get(f"{name}:", written.place)
    return GraphError(
        f"{written.head_of(name)}: no parameter '{name}'; {takes(kind)}", place=place, hint=hint
    )


def _refused(
    kind: type[Node], written: Written, values: Mapping[str, Any], error: ValidationError
) -> GraphError:
    """The first thing that pydantic found wrong."""
    fields = parameters(kind)
    first = error.errors(include_url=False)[0]
    if not first["loc"]:
        message = first["msg"].removeprefix("Value error, ")
        return GraphError(f"{written.head}: {message}", place=written.place)
    name = str(first["loc"][0])
    about = fields[name]
    if first["type"] == "missing":
        text = f" ({about.description})" if about.description else ""
        return GraphError(
            f"{written.head}: '{name}' is missing{text}",
            place=written.place,
            hint=f"write '{name}: ...', {accepts(about)}",
        )
    inner = [step for step in first["loc"][1:] if isinstance(step, int)]
    place = written.place_of(name, *inner)
    for item in () if literals(about) else error.errors(include_url=False):
        if item["loc"][:1] == (name,) and item["type"] == "value_error":
            message = item["msg"].removeprefix("Value error, ").partition(", got ")[0]
            message = f"{message}, got {show(values[name])}"
            return GraphError(f"{written.head_of(name)}: '{name}': {message}", place=place)
    value = values[name]
    hint = did_you_mean(value, literals(about)) if isinstance(value, str) else ""
    hint = hint or about.description or ""
    return GraphError(
        f"{written.head_of(name)}: '{name}' can't be {show(value)}; it takes: {accepts(about)}",
        place=place,
        hint=hint,
    )
