"""Sinks that take the very same frames and throw them away: for runs that must write nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from flowgraph.graph import NetNode, Network
from flowgraph.media.nothing import NullWriter
from flowgraph.node import Sink, SinkInfo, Writer
from flowgraph.plan import FiringList, Plan, Step


def discarding(network: Network) -> Network:
    """The same network, with sinks that write nothing; formats and plans stay as they were."""
    return replace(network, nodes=tuple(map(_discarding, network.nodes)))


def discarding_plan(plan: Plan) -> Plan:
    """The same plan, with sinks that write nothing."""

    def of_list(firing: FiringList) -> FiringList:
        return replace(firing, steps=tuple(map(_discarding_step, firing.steps)))

    passes = tuple(
        replace(one, stills=of_list(one.stills), lists=tuple(map(of_list, one.lists))) for one in plan.passes
    )
    return replace(plan, network=discarding(plan.network), passes=passes)


def _discarding_step(step: Step) -> Step:
    return replace(step, node=_nothing_like(step.node)) if isinstance(step.node, Sink) else step


def _discarding(node: NetNode) -> NetNode:
    return replace(node, node=_nothing_like(node.node)) if isinstance(node.node, Sink) else node


def _nothing_like(sink: Sink) -> Sink:
    given = {name: getattr(sink, name) for name in type(sink).model_fields}
    return _discarded(type(sink)).model_construct(sink.model_fields_set, **given)


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
