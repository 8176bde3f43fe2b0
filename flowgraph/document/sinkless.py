"""Graphs whose sinks are left out, for programs that take the frames themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from flowgraph.document.binding import NO_PLACES, Values
from flowgraph.errors import GraphError
from flowgraph.graph import Entry, Graph
from flowgraph.library import node_type
from flowgraph.node import Sink


def without_paths_to_write(graph: Graph) -> Graph:
    """The graph with `null` for each path without a value that only sinks read, which are to be left out."""
    read = set(_read(graph, tuple(entry for entry in graph.nodes if not _is_sink(entry))))
    params = tuple(
        replace(param, required=False, default="null")
        if param.required and param.type == "path" and param.name not in read
        else param
        for param in graph.params
    )
    return replace(graph, params=params)


def _is_sink(entry: Entry) -> bool:
    try:
        return bool(entry.type) and issubclass(node_type(entry.type), Sink)
    except GraphError:
        return False  # an unknown type is for `expand` to refuse


def _read(graph: Graph, entries: tuple[Entry, ...]) -> Iterator[str]:
    """The names of the parameters that nodes read."""
    values = Values(graph, dict.fromkeys((param.name for param in graph.params), ""))
    for entry in entries:
        read: set[str] = set()
        for value in entry.params.values():
            with suppress(GraphError):  # a name that stands for nothing is for `expand` to refuse
                values.fill(value, NO_PLACES, "", read)
        yield from read
        yield from _read(graph, entry.chain)
