"""prune: leave out what no sink needs, with a located warning for each node that is left out."""

from __future__ import annotations

from dataclasses import replace

from flowgraph.graph import Network
from flowgraph.node import Sink


def prune(network: Network, targets: tuple[str, ...] = ()) -> Network:
    """The network without the nodes that no sink (or none of `targets`, where given) needs."""
    keep = set(targets) or {node.name for node in network.nodes if isinstance(node.node, Sink)}
    for node in reversed(network.nodes):
        if node.name in keep:
            keep.update(port.node for port in node.reads)
    warnings = tuple(
        f"{f'{node.place}: ' if node.place else ''}node '{node.name}' runs for nothing: no sink needs it"
        for node in network.nodes
        if node.name not in keep and not targets
    )
    nodes = tuple(node for node in network.nodes if node.name in keep)
    return replace(network, nodes=nodes, warnings=network.warnings + warnings)
