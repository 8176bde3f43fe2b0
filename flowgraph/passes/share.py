"""share: equal nodes that read the same become one, so that one decode and one history serve them all.

In a run whose parameters may change, nodes with live parameters stay as they are: a twin must not change too.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import replace

from flowgraph.graph import NetNode, Network
from flowgraph.node import Sink, Source, SourceInfo


def share(network: Network, infos: Mapping[str, SourceInfo], *, live: bool = False) -> Network:
    """The network with each group of equal nodes replaced by its first; sinks stay apart.

    With `live`, so do nodes whose parameters may change during the run.
    """
    kept: dict[Hashable, NetNode] = {}
    merged: dict[str, str] = {}
    for node in network.nodes:
        node = node.rewired({p: replace(p, node=merged[p.node]) for p in node.reads if p.node in merged})
        apart = isinstance(node.node, Sink) or (live and bool(node.node.live_parameters))
        key = node.name if apart else _key(node, infos)
        if key in kept:
            first = kept[key]
            merged[node.name] = first.name
            kept[key] = replace(first, aliases=(*first.aliases, node.name))
        else:
            kept[key] = node
    return replace(network, nodes=tuple(kept.values()))


def _key(node: NetNode, infos: Mapping[str, SourceInfo]) -> Hashable:
    if isinstance(node.node, Source):
        if node.node.given:
            return node.name
        info = infos[node.name]
        return (node.type, info.clock, info.content, info.format, node.node.pinned())
    return (node.type, node.node.model_dump_json(by_alias=True), tuple(node.inputs.items()))
