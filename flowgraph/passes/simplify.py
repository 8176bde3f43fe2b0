"""simplify: affine nodes on planes become engine sums, and affine nodes in a row become one.

On planes the whole sum is rounded once. On RGB samples a node is merged into its reader only where that
changes no bit: whole weights and offset, and a range that can't clip. In a run whose parameters may change,
nodes with live parameters aren't merged on RGB samples; on planes they belong to the plan, and can't change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowgraph.frame import PIXEL_FORMATS
from flowgraph.graph import NetNode, Port
from flowgraph.implied import AffineSum
from flowgraph.node import Affine, Term, ports
from flowgraph.passes.negotiate import Negotiated
from flowgraph.passes.pushdown import affine_of, clips
from flowgraph.plan import Note


@dataclass(frozen=True, slots=True)
class _Sum:
    """Weights by what is read and how many frames ago; and the RGB offset."""

    weights: Mapping[tuple[Port, int], float]
    offset: float
    merged: tuple[str, ...] = ()


def simplify(state: Negotiated, *, live: bool = False) -> Negotiated:
    """Merge and push down affine nodes; everything else stays as it is.

    With `live`, so does on RGB samples what has parameters that may change during the run.
    """
    readers = state.network.readers()
    sums: dict[str, _Sum] = {}
    for node in state.network.nodes:
        found = _sum_of(node, state)
        if found is None or (live and node.node.live_parameters and node.name not in state.on_planes):
            continue
        for (port, tap), weight in list(found.weights.items()):
            inner = sums.get(port.node)
            only = all(reader == node.name for reader, _, _ in readers[port])
            if inner is not None and only and _exact(inner, port.node, node.name, state):
                found = _inlined(found, port, tap, weight, inner)
        sums[node.name] = found
    gone = {name for found in sums.values() for name in found.merged}
    nodes: list[NetNode] = []
    formats = dict(state.formats)
    notes = list(state.notes)
    for node in state.network.nodes:
        if node.name in gone:
            continue
        found = sums.get(node.name)
        if found is None or not (found.merged or _undeclared(node, state)):
            nodes.append(node)
            continue
        nodes.append(_as_sum(node, found))
        output = state.formats[node.name].outputs[_output(node)]
        inputs = tuple(state.formats[p.node].outputs[p.port] for p, _ in found.weights)
        before = state.formats[node.name]
        formats[node.name] = replace(before, inputs={"image": inputs}, outputs={"total": output})
        notes.append(Note(node.name, _explain(node, found, state), node.place))
    renamed = {
        Port(node.name, _output(node)): Port(node.name, "total")
        for node in state.network.nodes
        if node.name in sums and node.name not in gone
    }
    kept = {node.name for node in nodes if isinstance(node.node, AffineSum)}
    renamed = {old: new for old, new in renamed.items() if old.node in kept}
    network = replace(state.network, nodes=tuple(node.rewired(renamed) for node in nodes))
    return replace(state, network=network, formats=formats, notes=tuple(notes))


def _output(node: NetNode) -> str:
    return next(iter(ports(type(node.node)).outputs))


def _undeclared(node: NetNode, state: Negotiated) -> bool:
    """Whether the node was given formats that its own `process` doesn't take."""
    inputs = state.formats[node.name].inputs
    return not all(node.node.accepts(name, f) for name, formats in inputs.items() for f in formats)


def _sum_of(node: NetNode, state: Negotiated) -> _Sum | None:
    affine = affine_of(node)
    formats = state.formats[node.name]
    if affine is None or len(formats.outputs) != 1 or node.node.latency(formats.rate):
        return None
    if any(node.node.fill(term.port) != "first" for term in affine.terms if term.tap):
        return None
    if any(PIXEL_FORMATS[f.pixel].dtype != "uint8" for items in formats.inputs.values() for f in items):
        return None
    weights: dict[tuple[Port, int], float] = {}
    for term in affine.terms:
        key = (node.inputs[term.port][term.item], term.tap + node.tap(term.port, term.item))
        weights[key] = weights.get(key, 0.0) + term.weight
    first = next((port, node.tap(name, 0)) for name, (port, *_) in node.inputs.items())
    return _Sum(_without_zeros(weights, first), affine.offset)


def _without_zeros(
    weights: Mapping[tuple[Port, int], float], first: tuple[Port, int]
) -> Mapping[tuple[Port, int], float]:
    """The weights that count; where all of them cancel out, `first` still gives the frames their times."""
    return {key: weight for key, weight in weights.items() if weight} or {first: 0.0}


def _exact(inner: _Sum, name: str, reader: str, state: Negotiated) -> bool:
    """Whether a reader may take over the inner sum."""
    if state.clocks[name] != state.clocks[reader]:
        return False
    if name in state.on_planes or reader in state.on_planes:
        return name in state.on_planes and reader in state.on_planes
    whole = all(float(w).is_integer() for w in (*inner.weights.values(), inner.offset))
    terms = tuple(Term("image", w) for w in inner.weights.values())
    return whole and not clips(Affine(terms, inner.offset))


def _inlined(outer: _Sum, port: Port, tap: int, weight: float, inner: _Sum) -> _Sum:
    weights = {key: w for key, w in outer.weights.items() if key != (port, tap)}
    for (inner_port, inner_tap), inner_weight in inner.weights.items():
        key = (inner_port, tap + inner_tap)
        weights[key] = weights.get(key, 0.0) + weight * inner_weight
    merged = (*outer.merged, port.node, *inner.merged)
    first_port, first_tap = next(iter(inner.weights))
    left = _without_zeros(weights, (first_port, tap + first_tap))
    return _Sum(left, outer.offset + weight * inner.offset, merged)


def _as_sum(node: NetNode, found: _Sum) -> NetNode:
    total = AffineSum(weights=tuple(found.weights.values()), offset=found.offset)
    inputs = {"image": tuple(port for port, _ in found.weights)}
    taps = {"image": tuple(tap for _, tap in found.weights)}
    does = (node.name, *node.aliases, *found.merged)
    return replace(node, node=total, inputs=inputs, taps=taps, does=does)


def _explain(node: NetNode, found: _Sum, state: Negotiated) -> str:
    text = f"takes {' and '.join(found.merged)} over: one sum, rounded once" if found.merged else ""
    if node.name in state.on_planes:
        pixel = state.formats[node.name].outputs[_output(node)].pixel
        down = f"computed on the decoder's {pixel} planes: affine, and can't clip"
        text = f"{down}; {text}" if text else down
    return text
