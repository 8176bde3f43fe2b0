"""retime: let branches of unequal latency meet at the same frame, and keep long histories in the pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode, Port
from flowgraph.implied import Copy
from flowgraph.node import Formats, Source
from flowgraph.passes.negotiate import Negotiated
from flowgraph.plan import Note

MOST_DECODER_FRAMES = 8
"""A longer history copies into the pool, so that the decoder's own pool doesn't grow."""


@dataclass(frozen=True, slots=True)
class Retimed:
    """A network whose edges carry taps, with the latency of each node's output."""

    state: Negotiated
    latency: Mapping[str, int]
    histories: Mapping[Port, int]
    """How many past frames the readers of each output need, taps included."""


def retime(state: Negotiated) -> Retimed:
    """Add taps where branches of unequal latency meet; copy decoder frames for long histories.

    Raises:
        GraphError: a delay in time on a stream without a known rate.
    """
    latency: dict[str, int] = {}
    nodes: list[NetNode] = []
    for node in state.network.nodes:
        node, latency[node.name] = _aligned(node, latency, state)
        nodes.append(node)
    state = replace(state, network=replace(state.network, nodes=tuple(nodes)))
    histories = _histories(state)
    long = [
        port
        for port, count in histories.items()
        if count > MOST_DECODER_FRAMES and isinstance(state.network[port.node].node, Source)
    ]
    for port in long:
        state = _copied(state, port)
        latency[f"{port}>copy"] = latency[port.node]
    return Retimed(state, latency, _histories(state))


def history_of(node: NetNode, port: str, formats: Formats) -> int:
    """How many past frames an input reads.

    Raises:
        GraphError: a time was given and the stream has no known rate.
    """
    try:
        return node.node.history(port, formats.rate)
    except ValueError as error:
        raise GraphError(f"node '{node.name}': {error}", place=node.place) from error


def _aligned(node: NetNode, latency: Mapping[str, int], state: Negotiated) -> tuple[NetNode, int]:
    rule = node.node.clock()
    own = node.node.latency(state.formats[node.name].rate)
    if rule.kind == "follow":
        return _followed(node, str(rule.key), latency, state)
    streams = [port for port in node.reads if not state.clocks[port.node].still]
    latest = max((latency[port.node] for port in streams), default=0)
    taps = {
        name: tuple(
            node.tap(name, item) + (0 if state.clocks[port.node].still else latest - latency[port.node])
            for item, port in enumerate(items)
        )
        for name, items in node.inputs.items()
    }
    taps = {name: items for name, items in taps.items() if any(items)}
    return replace(node, taps=taps), latest + own


def _followed(
    node: NetNode, reference: str, latency: Mapping[str, int], state: Negotiated
) -> tuple[NetNode, int]:
    """Hold the reference back until what is brought onto its clock from the same source is there."""
    clocks = state.clocks
    leader = node.inputs[reference][0].node
    same = [p.node for p in node.reads if clocks[p.node].source == clocks[leader].source]
    latest = max(latency[name] for name in same)
    tap = latest - latency[leader]
    return (replace(node, taps={reference: (tap,)}) if tap else node), latest


def _histories(state: Negotiated) -> Mapping[Port, int]:
    found: dict[Port, int] = {}
    for node in state.network.nodes:
        for name, items in node.inputs.items():
            past = history_of(node, name, state.formats[node.name])
            for item, port in enumerate(items):
                if not state.clocks[port.node].still:
                    found[port] = max(found.get(port, 0), past + node.tap(name, item))
    return {port: count for port, count in found.items() if count}


def _copied(state: Negotiated, port: Port) -> Negotiated:
    """Put a copy behind a source's output, and let all that look back read the copy."""
    name = f"{port}>copy"
    reason = f"a history of more than {MOST_DECODER_FRAMES} frames is kept in the pool, not in the decoder"
    copy = NetNode(name, "copy", Copy(), {"image": (port,)}, implied=reason)
    nodes: list[NetNode] = []
    for node in state.network.nodes:
        nodes.append(node.rewired({port: Port(name, "copied")}))
        if node.name == port.node:
            nodes.append(copy)
    format = state.formats[port.node].outputs[port.port]
    formats = Formats({"image": (format,)}, {"copied": format}, state.formats[port.node].rate)
    return replace(
        state,
        network=replace(state.network, nodes=tuple(nodes)),
        formats={**state.formats, name: formats},
        clocks={**state.clocks, name: state.clocks[port.node]},
        notes=(*state.notes, Note(name, reason)),
    )
