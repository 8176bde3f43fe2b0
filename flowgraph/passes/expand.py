"""The pass `expand`: a graph as written becomes a network.

Parameters get their values, chains and inserted graphs become single nodes, nodes become instances, and names
become edges. A step of a chain is called `name/0`, `name/1`, ..., the last one `name`; a node of an inserted
graph `name/inner`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from flowgraph.document.binding import bind
from flowgraph.document.entries import MAIN
from flowgraph.document.make import Written, make_node
from flowgraph.document.overrides import Overrides
from flowgraph.document.scopes import Scope, open_scope
from flowgraph.errors import GraphError, Place
from flowgraph.graph import Entry, Graph, Network
from flowgraph.library import node_type
from flowgraph.node import Node, Sink
from flowgraph.passes.wire import Draft, wire

NO_OVERRIDES: Mapping[tuple[str, str], Any] = MappingProxyType({})


def expand(
    graph: Graph,
    values: Mapping[str, Any],
    overrides: Mapping[tuple[str, str], Any] = NO_OVERRIDES,
    *,
    need_sink: bool = True,
) -> Network:
    """The network of `graph` with the parameters `values`.

    `values` are what the caller gives: text as on a command line, or Python values. `overrides` set single
    parameters of nodes, (node, parameter) to a value; text is read as in a graph file. Paths among both are
    relative to the working directory, paths that the file names relative to the file, except in sinks. Graphs
    named by `use:` are read here. A network's nodes hold only those input ports that are connected.

    Raises:
        GraphError: whatever is wrong with the graph, its parameters or the overrides.
    """
    start = Place(str(graph.path), 1, 1) if graph.path else None
    if graph.inputs:
        raise GraphError(
            f"the graph's inputs are fed by nothing: {', '.join(graph.inputs)}",
            place=start,
            hint="insert it into another graph: {use: FILE, in: {INPUT: NODE}}",
        )
    sets = Overrides(overrides)
    scope = open_scope(graph, bind(graph, values), sets)
    drafts = tuple(_drafts(scope, sets))
    sets.check_all_found(draft.name for draft in drafts)
    if need_sink and not any(isinstance(draft.node, Sink) for draft in drafts):
        raise GraphError(
            "the graph has no sink, so nothing would come out",
            place=start,
            hint="add a node such as 'out: {type: sink, in: NODE, path: out.mp4}'",
        )
    return Network(wire(drafts, scope), tuple(dict.fromkeys(scope.warnings()))).ordered()


def _drafts(scope: Scope, sets: Overrides) -> Iterator[Draft]:
    """The nodes of a scope and of all inside of it, in the order in which they are written."""
    for entry in scope.graph.nodes:
        full = scope.prefix + entry.name
        if entry.use:
            yield from _drafts(scope.uses[entry.name], sets)
        elif entry.chain:
            names = [f"{full}/{i}" for i in range(len(entry.chain) - 1)]
            aliases = (f"{full}/{len(names)}",)
            for i, step in enumerate(entry.chain[:-1]):
                node = _make(scope, sets, step, names[i])
                yield Draft(names[i], step, node, scope, entry, follows=names[i - 1] if i else "")
            last = entry.chain[-1]
            node = _make(scope, sets, last, full, *aliases)
            yield Draft(full, last, node, scope, entry, follows=names[-1] if names else "", aliases=aliases)
        else:
            yield Draft(full, entry, _make(scope, sets, entry, full), scope, entry)


def _make(scope: Scope, sets: Overrides, entry: Entry, name: str, *others: str) -> Node:
    """The instance of one node, which goes by `name` and `others`."""
    try:
        kind = node_type(entry.type, scope.graph.types)
    except GraphError as error:
        place = entry.places.get("type", entry.place)
        raise GraphError(f"node '{name}': {error.message}", place=place, hint=error.hint) from None
    params, places = dict(entry.params), dict(entry.places)
    if MAIN in params:
        if not kind.main:
            raise GraphError(
                f"{entry.type} '{name}' has no main parameter",
                place=places.get(MAIN, entry.place),
                hint=f"write {{{entry.type}: {{PARAMETER: VALUE}}}}",
            )
        params[kind.main] = params.pop(MAIN)
        places |= {kind.main + key: place for key, place in places.items() if key == MAIN or key[0] == "."}
    given = sets.of_node(kind, name, *others)
    filled = {
        key: scope.values.fill(value, places, key, scope.read)
        for key, value in params.items()
        if key not in given
    }
    return make_node(kind, Written(entry.type, name, filled | given, entry.place, places, tuple(given)))
