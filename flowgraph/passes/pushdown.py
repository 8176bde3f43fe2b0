"""Which nodes may, and which should, compute on the decoder's own planes.

A node *may* when it doesn't interpret samples (delay, crop, stack), or is affine and provably can't clip:
then the YUV planes give the RGB result, since YUV is itself affine in RGB. Which of those *should* is a
minimum cut between planes and RGB, where cutting an edge costs a conversion.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flowgraph.errors import FlowgraphError
from flowgraph.frame import Format
from flowgraph.graph import NetNode, Network, Port
from flowgraph.node import Affine, Formats, Sink, Source, SourceInfo, ports

if TYPE_CHECKING:
    import networkx as nx

_PLANES, _RGB = "(planes)", "(rgb)"

# Nanoseconds a pixel, measured at 1080p on one core; only their ratios matter.
_YUV_TO_RGB = 0.25
_RGB_TO_YUV = 1.1
_YUV_TO_YUV = 0.5
_TOUCH_A_BYTE = 0.1


def clips(affine: Affine) -> bool:
    """Whether inputs of 0..255 can lead outside of 0..255 (interval arithmetic over the weights)."""
    low = affine.offset + 255 * sum(min(0.0, term.weight) for term in affine.terms)
    high = affine.offset + 255 * sum(max(0.0, term.weight) for term in affine.terms)
    return low < -1e-6 or high > 255 + 1e-6


def affine_of(node: NetNode) -> Affine | None:
    """The weights of an affine node, zero weights left out; None for any other node."""
    found = node.node.affine({name: len(items) for name, items in node.inputs.items()})
    if found is None:
        return None
    return Affine(tuple(term for term in found.terms if term.weight), found.offset)


def plane_formats(network: Network, infos: Mapping[str, SourceInfo]) -> Mapping[str, Mapping[str, Format]]:
    """For each node that may compute on a decoder's planes, its output formats there."""
    found: dict[str, Mapping[str, Format]] = {}
    for node in network.nodes:
        if isinstance(node.node, Source):
            info = infos[node.name]
            if info.format.family == "yuv" and node.node.pinned() in ("", info.format.pixel):
                found[node.name] = {"image": info.format}
        elif not isinstance(node.node, Sink) and all(port.node in found for port in node.reads):
            outputs = _outputs_on_planes(node, found)
            if outputs:
                found[node.name] = outputs
    return found


def _outputs_on_planes(
    node: NetNode, found: Mapping[str, Mapping[str, Format]]
) -> Mapping[str, Format] | None:
    inputs = {
        name: tuple(found[port.node][port.port] for port in items) for name, items in node.inputs.items()
    }
    formats = [format for items in inputs.values() for format in items]
    if not formats:
        return None
    declared = ports(type(node.node)).inputs
    loose = node.node.sizes_may_differ
    alike = all(
        f.resized(1, 1).fits(formats[0].resized(1, 1)) if loose else f.fits(formats[0]) for f in formats
    )
    native = all(
        not declared[name].formats and node.node.accepts(name, format)
        for name, items in inputs.items()
        for format in items
    )
    affine = affine_of(node)
    if affine is not None and alike and not clips(affine):
        return dict.fromkeys(ports(type(node.node)).outputs, formats[0])
    if not native or not (alike or node.node.clock().kind == "follow"):
        return None
    try:
        outputs = node.node.output_formats(Formats(inputs))
    except (ValueError, FlowgraphError):
        return None  # negotiation reports it, with the formats that it settled
    return outputs if all(format.family == "yuv" for format in outputs.values()) else None


def choose_planes(network: Network, able: Mapping[str, Mapping[str, Format]]) -> frozenset[str]:
    """The nodes that compute on planes such that conversions and samples touched cost the least."""
    inner = [node for node in network.nodes if not isinstance(node.node, Source | Sink)]
    wants = sink_wants(network, able)
    as_they_are = all(target == format.pixel for _, format, target, _ in wants)
    if not any(node.name in able for node in inner) or (
        as_they_are and all(node.name in able for node in inner)
    ):
        return frozenset(able)
    return cheapest(network, able, wants)


def cheapest(
    network: Network,
    able: Mapping[str, Mapping[str, Format]],
    wants: set[tuple[Port, Format, str, str]],
) -> frozenset[str]:
    """The same by a minimum cut between planes and RGB, whatever there is to weigh."""
    import networkx as nx  # takes longer to import than most graphs to compile

    cut: nx.DiGraph[str] = nx.DiGraph()
    cut.add_nodes_from([_PLANES, _RGB])
    for node in network.nodes:
        if isinstance(node.node, Sink):
            continue
        if node.name not in able:
            cut.add_edge(node.name, _RGB)  # an edge without a capacity can't be cut
        elif isinstance(node.node, Source):
            cut.add_edge(_PLANES, node.name)
        else:
            outputs = ports(type(node.node)).outputs
            touched = [able[node.name][name] for name, output in outputs.items() if not output.forward]
            _add(cut, node.name, _RGB, sum(_TOUCH_A_BYTE * f.frame_bytes for f in touched))
            as_rgb = [f.as_pixel("bgr24") for f in touched]
            _add(cut, _PLANES, node.name, sum(_TOUCH_A_BYTE * f.frame_bytes for f in as_rgb))
        for port in node.reads:
            if node.name in able:
                cut.add_edge(node.name, port.node)  # planes can't come from RGB
            if port.node in able:
                # One conversion serves all readers in RGB.
                shared = f"{port} in rgb"
                format = able[port.node][port.port]
                cut.add_edge(port.node, shared, capacity=_YUV_TO_RGB * format.width * format.height)
                cut.add_edge(shared, node.name)
    for port, format, planes_target, rgb_target in sorted(wants, key=str):
        pixels = format.width * format.height
        if planes_target != format.pixel:
            _add(cut, port.node, _RGB, _YUV_TO_YUV * pixels)
        if rgb_target.startswith("yuv"):
            _add(cut, _PLANES, port.node, _RGB_TO_YUV * pixels)
    _, (on_planes, _) = nx.minimum_cut(cut, _PLANES, _RGB)
    return frozenset(name for name in on_planes if name in able)


def _add(cut: nx.DiGraph[str], tail: str, head: str, cost: float) -> None:
    """Add to an edge's capacity, unless it can't be cut anyway."""
    if not cut.has_edge(tail, head):
        cut.add_edge(tail, head, capacity=cost)
    elif "capacity" in cut.edges[tail, head]:
        cut.edges[tail, head]["capacity"] += cost


def sink_wants(
    network: Network, able: Mapping[str, Mapping[str, Format]]
) -> set[tuple[Port, Format, str, str]]:
    """What sinks want of each port that may be on planes: (port, format, from planes, from RGB)."""
    return {
        (port, format, node.node.convert_to(format), node.node.convert_to(format.as_pixel("bgr24")))
        for node in network.nodes
        if isinstance(node.node, Sink)
        for port in node.reads
        if port.node in able
        for format in [able[port.node][port.port]]
    }
