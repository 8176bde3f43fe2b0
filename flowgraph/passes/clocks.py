"""clocks: which frames each stream has, and the check that only streams on one clock meet.

That check is what makes every graph bounded: two streams on one clock need no queue between them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode, Network, Port
from flowgraph.node import Source, SourceInfo, ports
from flowgraph.plan import Clock

STILL_CLOCK = Clock()


def infer_clocks(network: Network, infos: Mapping[str, SourceInfo]) -> Mapping[str, Clock]:
    """The clock of every node's outputs (of a sink: of what it takes).

    Raises:
        GraphError: streams with different clocks meet, or a stream stands where a still must.
    """
    clocks: dict[str, Clock] = {}
    for node in network.nodes:
        if isinstance(node.node, Source):
            info = infos[node.name]
            clocks[node.name] = STILL_CLOCK if info.still else Clock(info.clock, (), node.name)
        else:
            clocks[node.name] = _derive(node, clocks)
    return clocks


def _derive(node: NetNode, clocks: Mapping[str, Clock]) -> Clock:
    declared = ports(type(node.node)).inputs
    for name, items in node.inputs.items():
        for port in items:
            if declared[name].still and not clocks[port.node].still:
                raise GraphError(
                    f"node '{node.name}': input '{name}' takes a still, but '{port}' is a stream",
                    place=node.place,
                    hint="flatten makes one picture of a stream",
                )
    rule = node.node.clock()
    if rule.kind == "follow":
        return _followed(node, node.inputs[str(rule.key)][0], clocks)
    joined = _join(node, clocks)
    if rule.kind == "still" or joined.still:
        return STILL_CLOCK
    if rule.kind == "subset":
        return replace(joined, steps=_add(joined.steps, rule.key))
    return joined


def _followed(node: NetNode, leader: Port, clocks: Mapping[str, Clock]) -> Clock:
    stream = next((port for port in node.reads if not clocks[port.node].still), leader)
    if clocks[leader.node].still and stream != leader:
        raise GraphError(
            f"node '{node.name}' brings the stream '{stream}' onto the clock of '{leader}', which is a still",
            place=node.place,
            hint=f"let a stream be the one that is followed; of '{stream}', flatten makes one picture",
        )
    return clocks[leader.node]


def _add(steps: tuple[object, ...], key: object) -> tuple[object, ...]:
    """One more step; two skips in a row are one, so that equal sets of frames compare equal."""
    last = steps[-1] if steps else None
    if isinstance(key, tuple) and isinstance(last, tuple) and key[0] == last[0] == "skip":
        return (*steps[:-1], ("skip", int(str(last[1])) + int(str(key[1]))))
    return (*steps, key)


def _join(node: NetNode, clocks: Mapping[str, Clock]) -> Clock:
    joined, first = STILL_CLOCK, ""
    for port in node.reads:
        clock = clocks[port.node]
        if clock.still or clock == joined:
            continue
        if joined.still:
            joined, first = clock, str(port)
            continue
        if clock.source == joined.source:
            remedy = (
                f"hold repeats the latest frame: {{type: hold, in: {{image: {port}, reference: {first}}}}}"
            )
        else:
            remedy = f"align joins by timestamp: {{type: align, in: {{reference: {first}, image: {port}}}}}"
        raise GraphError(
            f"node '{node.name}' joins '{first}' (clock: {joined}) and '{port}' (clock: {clock}),"
            " which don't have the same frames",
            place=node.place,
            hint=remedy,
        )
    return joined
