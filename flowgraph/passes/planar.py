"""planar: RGB that comes out of video and goes into video again stays in planes, and is never packed.

Packed and planar RGB hold the same samples; packing and unpacking them takes as long as the rest of a
conversion. A stretch between conversions is planar as a whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowgraph.errors import FlowgraphError
from flowgraph.frame import Format
from flowgraph.graph import NetNode, Port
from flowgraph.implied import Convert
from flowgraph.node import Formats, Sink, Source
from flowgraph.passes.negotiate import Negotiated

PACKED, PLANAR = "bgr24", "gbrp"


def keep_planar(state: Negotiated) -> Negotiated:
    """The same network with every stretch of packed RGB in planes that can be in planes."""
    packed = [node for node in state.network.nodes if _touches(state.formats[node.name])]
    able = {node.name: made for node in packed if (made := _in_planes(node, state)) is not None}
    joined = [
        (port.node, node.name)
        for node in packed
        for port in node.reads
        if state.formats[port.node].outputs[port.port].pixel == PACKED
    ]
    while stuck := [pair for pair in joined if (pair[0] in able) != (pair[1] in able)]:
        for pair in stuck:
            for name in pair:
                able.pop(name, None)
    return _changed(state, able) if able else state


def _touches(formats: Formats) -> bool:
    inputs = [format for items in formats.inputs.values() for format in items]
    return any(format.pixel == PACKED for format in (*inputs, *formats.outputs.values()))


def _in_planes(node: NetNode, state: Negotiated) -> Formats | None:
    """The node's formats with planar RGB in place of packed; None if it can't work like that."""
    formats = state.formats[node.name]
    if isinstance(node.node, Source | Sink):
        return None
    inputs = {name: tuple(map(_planar, items)) for name, items in formats.inputs.items()}
    wanted = {name: _planar(format) for name, format in formats.outputs.items()}
    if isinstance(node.node, Convert):
        source = state.network[node.reads[0].node].node
        pinned = isinstance(source, Source) and bool(source.pinned())
        families = {formats["image"].family, formats["converted"].family}
        taken = f"{node.reads[0]}>{PLANAR}" in state.formats
        free = families == {"rgb", "yuv"} and not pinned and not taken
        return replace(formats, inputs=inputs, outputs=wanted) if free else None
    if not all(node.node.accepts(name, format) for name, items in inputs.items() for format in items):
        return None
    try:
        outputs = node.node.output_formats(replace(formats, inputs=inputs, outputs={}))
    except (ValueError, FlowgraphError):
        return None
    return replace(formats, inputs=inputs, outputs=outputs) if dict(outputs) == wanted else None


def _planar(format: Format) -> Format:
    return format.as_pixel(PLANAR) if format.pixel == PACKED else format


@dataclass(frozen=True, slots=True)
class _Renamed:
    """A conversion to packed RGB that becomes one to planar RGB."""

    old: str
    new: str
    reason: str


def _changed(state: Negotiated, able: Mapping[str, Formats]) -> Negotiated:
    renamed = {
        node.name: _Renamed(node.name, f"{node.reads[0]}>{PLANAR}", _reason(node))
        for node in state.network.nodes
        if node.name in able and isinstance(node.node, Convert) and node.node.pixel == PACKED
    }
    ports = {Port(r.old, "converted"): Port(r.new, "converted") for r in renamed.values()}
    nodes: list[NetNode] = []
    for node in state.network.nodes:
        node = node.rewired(ports)
        if (found := renamed.get(node.name)) is not None:
            node = replace(node, name=found.new, node=Convert(pixel=PLANAR), implied=found.reason)
        nodes.append(node)
    notes = [
        replace(note, about=found.new, text=f"{able[note.about]['image'].pixel} to {PLANAR}: {found.reason}")
        if (found := renamed.get(note.about)) is not None
        else note
        for note in state.notes
    ]
    return replace(
        state,
        network=replace(state.network, nodes=tuple(nodes)),
        formats={_name(name, renamed): able.get(name, formats) for name, formats in state.formats.items()},
        clocks={_name(name, renamed): clock for name, clock in state.clocks.items()},
        notes=tuple(notes),
    )


def _reason(node: NetNode) -> str:
    return f"{node.implied.replace(PACKED, PLANAR)}, planar since it becomes video again"


def _name(name: str, renamed: Mapping[str, _Renamed]) -> str:
    return renamed[name].new if name in renamed else name
