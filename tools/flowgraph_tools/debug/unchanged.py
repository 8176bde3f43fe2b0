"""What stays true when a graph is compiled again."""

from __future__ import annotations

from collections.abc import Mapping

from flowgraph.frame import Frame
from flowgraph.graph import Network, Port
from flowgraph.plan import Plan


def kept_stills(old: Plan, new: Plan, stills: Mapping[Port, Frame]) -> dict[Port, Frame]:
    """The stills whose whole part of the graph is the same in both plans."""
    same: set[str] = set()
    before = {node.name: node for node in old.network.nodes}
    for node in new.network.nodes:
        other = before.get(node.name)
        if (
            other is not None
            and (node.type, node.node, node.inputs, node.taps)
            == (other.type, other.node, other.inputs, other.taps)
            and new.formats[node.name] == old.formats[node.name]
            and new.sources.get(node.name) == old.sources.get(node.name)
            and new.limits == old.limits
            and all(port.node in same for port in node.reads)
        ):
            same.add(node.name)
    return {port: frame for port, frame in stills.items() if port.node in same}


def same_value(one: Network, other: Network, node: str, param: str) -> bool:
    """Whether two networks have the same node with the same value of a parameter."""
    try:
        left, right = one[node].node, other[node].node
    except KeyError:
        return False
    missing = object()
    values = [n.model_dump(by_alias=True).get(param, missing) for n in (left, right)]
    return type(left) is type(right) and values[0] == values[1]
