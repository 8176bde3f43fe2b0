"""probe: open every source once and write down what it is. The only pass with I/O."""

from __future__ import annotations

from collections.abc import Mapping

from flowgraph.errors import FlowgraphError, GraphError
from flowgraph.graph import Network
from flowgraph.node import Limits, Sink, Source, SourceInfo


def probe(network: Network, limits: Limits) -> Mapping[str, SourceInfo]:
    """What each source of the network is, by node name.

    Raises:
        GraphError: a source can't be opened (its place is the node's), or an output is one of the inputs.
    """
    found: dict[str, SourceInfo] = {}
    for node in network.nodes:
        if isinstance(node.node, Source):
            try:
                found[node.name] = node.node.probe(limits)
            except FlowgraphError as error:
                error.place = error.place or node.place
                raise
    _refuse_to_overwrite_an_input(network, found)
    return found


def _refuse_to_overwrite_an_input(network: Network, infos: Mapping[str, SourceInfo]) -> None:
    inputs = {info.path.resolve(): name for name, info in infos.items() if info.path is not None}
    written: dict[object, str] = {}
    for node in network.nodes:
        path = node.node.path_written() if isinstance(node.node, Sink) else None
        if path is None:
            continue
        path = path.resolve()
        if path in inputs:
            raise GraphError(
                f"sink '{node.name}' would write over {path}, which source '{inputs[path]}' reads",
                place=node.place,
                hint="give another output",
            )
        if path in written:
            raise GraphError(
                f"sinks '{written[path]}' and '{node.name}' both write {path}",
                place=node.place,
                hint="give each sink a path of its own",
            )
        written[path] = node.name
