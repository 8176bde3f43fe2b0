"""Sinks that take the very same frames and throw them away: for runs that must write nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from flowgraph.graph import NetNode, Network
from flowgraph.media.nothing import NullWriter
from flowgraph.node import Sink, SinkInfo, Writer


def discarding(network: Network) -> Network:
    """The same network, with sinks that write nothing; formats and plans stay as they were."""
    return replace(network, nodes=tuple(map(_discarding, network.nodes)))


def _discarding(node: NetNode) -> NetNode:
    if not isinstance(node.node, Sink):
        return node
    given = {name: getattr(node.node, name) for name in type(node.node).model_fields}
    return replace(
        node, node=_discarded(type(node.node)).model_construct(node.node.model_fields_set, **given)
    )


@cache
def _discarded(kind: type[Sink]) -> type[Sink]:
    class Discarded(kind):  # type: ignore[misc,valid-type] # a class that is known only at run time
        def path_written(self) -> Path | None:
            return None

        def codec_bytes(self, format: object) -> int:
            return 0

        def open(self, info: SinkInfo) -> Writer:
            return NullWriter()

    Discarded.__doc__ = kind.__doc__
    return Discarded
