"""Taps: sinks that a program puts behind outputs of a graph, to get at their frames."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from pydantic import PrivateAttr

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.executor.handover import Handover
from flowgraph.graph import NetNode, Network, Port
from flowgraph.lent import KEPT
from flowgraph.node import Sink, SinkInfo, Writer, ports
from flowgraph.program import Picture


class Tap(Picture):
    """Hand the frames of an output to a program, a fixed number ahead of it."""

    ahead: int = 0
    """Frames that may wait besides those that the plan lets wait at every sink."""
    _end: Handover = PrivateAttr()

    @classmethod
    def into(cls, end: Handover, pixel: str, ahead: int) -> Tap:
        """A tap that hands frames to `end`.

        Raises:
            GraphError: there is no such pixel format.
        """
        tap = cls(format=pixel, ahead=ahead)
        try:
            tap.check()
        except ValueError as error:
            raise GraphError(f"output '{end.name}': {error}") from None
        tap._end = end
        return tap

    def waiting(self, lead: int) -> int:
        """As many as keep outputs of unequal latency in step, and what the reader may keep."""
        return self.ahead + lead + KEPT

    def open(self, info: SinkInfo) -> Writer:
        """Hand over what comes."""
        return self._end


def port_of(network: Network, name: str) -> Port:
    """The output that a name stands for: NODE its first, NODE.PORT another; of a sink what it takes.

    Raises:
        GraphError: there is none; the hint names the closest one.
    """
    whole, _, port = name.partition(".")
    try:
        node = network[whole]
    except KeyError:
        known = [n.name for n in network.nodes]
        hint = did_you_mean(whole, known) or f"its nodes are: {', '.join(known)}"
        raise GraphError(f"the graph has no node '{whole}'", hint=hint) from None
    if isinstance(node.node, Sink):
        return node.inputs["image"][0]
    outputs = tuple(ports(type(node.node)).outputs)
    if port and port not in outputs:
        hint = did_you_mean(port, outputs) or f"its outputs are: {', '.join(outputs)}"
        raise GraphError(f"node '{whole}' has no output '{port}'", hint=hint, place=node.place)
    return Port(node.name, port or outputs[0], further=bool(port) and port != outputs[0])


def tapped(network: Network, name: str, sink: Sink, kind: Literal["tap", "frame"]) -> tuple[Network, str]:
    """The network with a sink behind the output `name`, and what the sink is called.

    Raises:
        GraphError: there is no such output.
    """
    port = port_of(network, name)
    place = network[port.node].place
    end = NetNode(f"{name}>{kind}", kind, sink, {"image": (port,)}, place=place)
    return replace(network, nodes=(*network.nodes, end)), end.name
