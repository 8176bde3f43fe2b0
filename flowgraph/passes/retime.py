"""retime: let branches of unequal latency meet at the same frame, and keep long histories in the pool."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode, Network, Port
from flowgraph.implied import Copy
from flowgraph.node import Formats, Sink, Source, ports
from flowgraph.passes.negotiate import Negotiated
from flowgraph.plan import Clock, Note

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
        GraphError: a delay in time on a stream without a known rate; a latency on one clock that a node of
            another clock would have to wait for.
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
        if count > MOST_DECODER_FRAMES
        and _is_decoders(state.network, port)
        and not _given_by(state.network, port)
    ]
    reason = f"a history of more than {MOST_DECODER_FRAMES} frames is kept in the pool, not in the decoder"
    copies = {**dict.fromkeys(long, reason), **_held_though_given(state, histories)}
    for port, why in copies.items():
        state = _copied(state, port, why)
        latency[f"{port}>copy"] = latency[port.node]
    return Retimed(state, latency, _histories(state))


def _is_decoders(network: Network, port: Port) -> bool:
    """Whether a port's frames are a source's own, perhaps forwarded or cropped."""
    node = network[port.node]
    if isinstance(node.node, Source):
        return True
    output = ports(type(node.node)).outputs[port.port]
    if not output.forward or output.like is None:
        return False
    return all(_is_decoders(network, reads) for reads in node.inputs[output.like.name])


def _held_though_given(state: Negotiated, histories: Mapping[Port, int]) -> Mapping[Port, str]:
    """The sources whose frames a program gives and somebody holds, with who."""
    found: dict[Port, str] = {}
    for node in state.network.nodes:
        holds = isinstance(node.node, Sink) or node.node.clock().kind == "follow"
        for port in node.reads:
            source = _given_by(state.network, port)
            if source is not None and (holds or histories.get(port)):
                who = f"'{node.name}' keeps" if holds else "a history keeps"
                found.setdefault(source, f"{who} what belongs to the program")
    return found


def _given_by(network: Network, port: Port) -> Port | None:
    """The source of a program's own frames that a port's frames are, perhaps forwarded or cropped."""
    node = network[port.node]
    if isinstance(node.node, Source):
        return port if node.node.given else None
    if not ports(type(node.node)).outputs[port.port].forward:
        return None
    return next((given for reads in node.reads if (given := _given_by(network, reads)) is not None), None)


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
    _refuse_latency_of_another_clock(node, leader, state)
    same = [p.node for p in node.reads if clocks[p.node].source == clocks[leader].source]
    latest = max(latency[name] for name in same)
    tap = latest - latency[leader]
    return (replace(node, taps={reference: (tap,)}) if tap else node), latest


def _refuse_latency_of_another_clock(node: NetNode, leader: str, state: Negotiated) -> None:
    """Frames held back on a thinner clock are no fixed number of frames on the leader's."""
    clock = state.clocks[leader]
    wanted = {port.node for port in node.reads}
    for before in reversed(state.network.nodes):
        other = state.clocks[before.name]
        if before.name not in wanted or other.still:
            continue
        wanted.update(port.node for port in before.reads)
        held = before.node.latency(state.formats[before.name].rate)
        if held and other.source == clock.source and _thinned(other) != _thinned(clock):
            raise GraphError(
                f"node '{node.name}' follows '{leader}' (clock: {clock}), but '{before.name}'"
                f" holds back frames of another clock ({other}), for nobody knows how long",
                place=node.place,
                hint=f"let '{before.name}' look ahead on the clock of '{leader}', before frames are left out",
            )


def _thinned(clock: Clock) -> tuple[Hashable, ...]:
    """The steps of a clock that leave out frames later than at its start."""
    return tuple(step for step in clock.steps if not (isinstance(step, tuple) and step[0] == "skip"))


def _histories(state: Negotiated) -> Mapping[Port, int]:
    found: dict[Port, int] = {}
    for node in state.network.nodes:
        for name, items in node.inputs.items():
            past = history_of(node, name, state.formats[node.name])
            for item, port in enumerate(items):
                if not state.clocks[port.node].still:
                    found[port] = max(found.get(port, 0), past + node.tap(name, item))
    return {port: count for port, count in found.items() if count}


def _copied(state: Negotiated, port: Port, reason: str) -> Negotiated:
    """Put a copy behind a source's output, and let all that look back read the copy."""
    name = f"{port}>copy"
    copy = NetNode(name, "copy", Copy(), {"image": (port,)}, implied=reason)
    nodes: list[NetNode] = []
    for node in state.network.nodes:
        nodes.append(node.rewired({port: Port(name, "copied")}))
        if node.name == port.node:
            nodes.append(copy)
    format = state.formats[port.node].outputs[port.port]
    before = state.formats[port.node]
    formats = replace(before, inputs={"image": (format,)}, outputs={"copied": format})
    return replace(
        state,
        network=replace(state.network, nodes=tuple(nodes)),
        formats={**state.formats, name: formats},
        clocks={**state.clocks, name: state.clocks[port.node]},
        notes=(*state.notes, Note(name, reason)),
    )
