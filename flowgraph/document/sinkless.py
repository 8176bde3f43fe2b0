"""Graphs without their sinks, for programs that take the frames themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from flowgraph.document.binding import NO_PLACES, Values
from flowgraph.errors import GraphError
from flowgraph.graph import Entry, Graph
from flowgraph.library import node_type
from flowgraph.node import Sink


def without_sinks(graph: Graph) -> Graph:
    """The graph without the sinks that it names; parameters that only they read need no value.

    Sinks at the end of a chain or of an inserted graph stay: they are for `prune` to leave out.
    """
    kept = tuple(entry for entry in graph.nodes if not _is_sink(entry))
    read = set(_read(graph, kept))
    params = tuple(param if param.name in read else replace(param, required=False) for param in graph.params)
    return replace(graph, nodes=kept, params=params)


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
