"""Graphs: frozen descriptions of nodes and edges.

`Graph` is a graph as written, with its parameters, chains and inserted graphs. `Network` is what `expand`
makes of it: flat, every node an instance, every edge resolved. All later passes work on networks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter
from heapq import heapify, heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowgraph.errors import GraphError, Place
from flowgraph.frame import EMPTY, Format, Frame, Plane
from flowgraph.node import Node

if TYPE_CHECKING:
    from flowgraph.running import Run
    from flowgraph.session import Options
    from flowgraph.stepping import Session


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of a graph, as declared under `params:`."""

    name: str
    type: str
    help: str = ""
    default: Any = None
    required: bool = True
    min: float | None = None
    max: float | None = None
    choices: tuple[Any, ...] = ()
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A name in `in:`: a node's output, `port` empty for its first."""

    node: str
    port: str = ""
    place: Place | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.node}.{self.port}" if self.port else self.node


@dataclass(frozen=True, slots=True)
class Entry:
    """One node as written: a type with parameters, a chain of them, or another graph (`use`).

    `inputs` maps port to what it reads; the port "" stands for "in the order of the ports". Parameters hold
    what was written, `$name` included. `places` maps a parameter (or "type", "in", "chain") to its place.
    """

    name: str
    type: str = ""
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    inputs: Mapping[str, tuple[Ref, ...]] = field(default_factory=dict[str, tuple[Ref, ...]])
    chain: tuple[Entry, ...] = ()
    use: str = ""
    place: Place | None = field(default=None, compare=False)
    places: Mapping[str, Place] = field(default_factory=dict[str, Place], compare=False)


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph as written."""

    nodes: tuple[Entry, ...]
    title: str = ""
    about: str = ""
    params: tuple[Param, ...] = ()
    inputs: tuple[str, ...] = ()
    outputs: Mapping[str, Ref] = field(default_factory=dict[str, Ref])
    path: Path | None = field(default=None, compare=False)
    """The file it came from; `use:` and files named in it resolve relative to its folder."""
    types: Mapping[str, type[Node]] = field(default_factory=dict[str, "type[Node]"], compare=False)
    """Node types of the program's own, apart from those of installed packages."""

    def _repr_html_(self) -> str:
        """The drawing, for notebooks."""
        from flowgraph.notebook import graph_html

        return graph_html(self)

    def open(
        self,
        values: Mapping[str, Any] = EMPTY,
        *,
        outputs: Sequence[str] | Mapping[str, str] = (),
        overrides: Mapping[tuple[str, str], Any] | None = None,
        options: Options | None = None,
        ahead: int = 0,
        sinks: bool = True,
    ) -> Run:
        """Open the graph for a run whose frames the program reads while it goes on.

            with graph.open({"input": "dance.mp4"}, outputs=["bloom"], sinks=False) as run:
                for frame in run["bloom"]:
                    show(frame.data)

        `values` are those of the graph's parameters. `outputs` names the nodes whose frames are wanted
        (`NODE` or `NODE.PORT`), or maps them to pixel formats: `auto`, which stands for gray, bgr24, bgra or
        a table; `native`, which is what the engine computes in; or one of FFmpeg's names. Outputs are read in
        any order, as long as no more frames wait than the plan counts: in step always, and with `ahead` so
        many further ones. Without `sinks` the graph's own sinks are left out, and paths that only they
        write to need no value. `overrides` set single parameters: `{("glow", "sigma"): 8}`.

        Raises:
            GraphError: the graph, a value or an output is wrong, or the bound is over `max_memory`.
        """
        from flowgraph.running import open_run
        from flowgraph.session import Options

        return open_run(self, values, outputs, overrides or {}, options or Options(), ahead, sinks)

    def session(
        self,
        values: Mapping[str, Any] = EMPTY,
        *,
        formats: Mapping[str, Format | Frame | Plane] = EMPTY,
        outputs: Sequence[str] | Mapping[str, str] = (),
        overrides: Mapping[tuple[str, str], Any] | None = None,
        options: Options | None = None,
        ahead: int = 0,
    ) -> Session:
        """Open the graph for a program that steps it with frames of its own, on its own thread.

            with graph.session(formats={"camera": first_image}) as session:
                for image in images:
                    show(session.step(camera=image)["result"].data)

        What goes in are the graph's nodes of type `input`, what comes out those of type `output`, and any
        other node that `outputs` names or maps to pixel formats, as for `open`. `formats` says what the
        frames of an input are: by a Format, or by a frame or an array like those to come; without that, its
        node's parameters say it. `ahead` lets so many more pushed frames wait to be pulled. `values`,
        `overrides` and `options` are as for `open`; a session works on one thread.

        Raises:
            GraphError: the graph, a value, a format or an output is wrong; the graph has no input, or can't
                be computed frame by frame; the bound is over `max_memory`.
        """
        from flowgraph.opening import open_session
        from flowgraph.session import Options

        return open_session(self, values, formats, outputs, overrides or {}, options or Options(), ahead)


@dataclass(frozen=True, slots=True)
class Port:
    """An output of a node in a network. People know a node's first output by the node's name."""

    node: str
    port: str
    further: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.node}.{self.port}" if self.further else self.node


@dataclass(frozen=True, slots=True)
class NetNode:
    """A node of a network: an instance and what each of its input ports reads."""

    name: str
    type: str
    node: Node
    inputs: Mapping[str, tuple[Port, ...]] = field(default_factory=dict[str, tuple[Port, ...]])
    taps: Mapping[str, tuple[int, ...]] = field(default_factory=dict[str, tuple[int, ...]])
    """For each item of an input: how many frames ago it is read; an input that is left out reads now."""
    place: Place | None = field(default=None, compare=False)
    implied: str = ""
    """Why the engine put it there; empty for a node of the graph."""
    after: tuple[str, ...] = ()
    """Reductions that must have ended before it begins, so that their memory is free."""
    aliases: tuple[str, ...] = ()
    """Names of equal nodes that this one also stands for."""

    does: tuple[str, ...] = ()
    """Of a sum that the engine made: the nodes whose work it does, which have no parameters of their own."""

    @property
    def reads(self) -> tuple[Port, ...]:
        """All outputs that it reads, in the order of its ports."""
        return tuple(port for items in self.inputs.values() for port in items)

    def tap(self, port: str, item: int) -> int:
        """How many frames ago an item of an input is read."""
        return self.taps[port][item] if port in self.taps else 0

    def rewired(self, change: Mapping[Port, Port]) -> NetNode:
        """The same node with some of what it reads replaced."""
        inputs = {name: tuple(change.get(p, p) for p in items) for name, items in self.inputs.items()}
        return replace(self, inputs=inputs)


@dataclass(frozen=True, slots=True)
class Network:
    """A flat graph. Nodes stand in an order in which each comes after all that it reads."""

    nodes: tuple[NetNode, ...]
    warnings: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> NetNode:
        """The node of that name, or the one that stands for it.

        Raises:
            KeyError: there is none.
        """
        for node in self.nodes:
            if node.name == name or name in node.aliases:
                return node
        raise KeyError(name)

    def readers(self) -> dict[Port, tuple[tuple[str, str, int], ...]]:
        """For each output that is read: (node, input port, item) of every reader."""
        found: dict[Port, list[tuple[str, str, int]]] = {}
        for node in self.nodes:
            for name, items in node.inputs.items():
                for item, port in enumerate(items):
                    found.setdefault(port, []).append((node.name, name, item))
        return {port: tuple(readers) for port, readers in found.items()}

    def ordered(self) -> Network:
        """The same network with its nodes in the order of flow, ties as written.

        Raises:
            GraphError: there is a cycle; the message names its nodes.
        """
        position = {node.name: i for i, node in enumerate(self.nodes)}
        sorter = TopologicalSorter({node.name: [p.node for p in node.reads] for node in self.nodes})
        try:
            sorter.prepare()
        except CycleError as error:
            *cycle, _ = error.args[1]
            start = cycle.index(min(cycle, key=position.__getitem__))
            way = " -> ".join([*cycle[start:], *cycle[:start], cycle[start]])
            raise GraphError(
                f"the nodes read each other in a circle: {way}",
                place=self.nodes[position[cycle[start]]].place,
                hint="a node can only read what comes before it; for feedback over time use delay",
            ) from None
        order: list[int] = []
        ready = [position[name] for name in sorter.get_ready()]
        heapify(ready)
        while ready:
            order.append(heappop(ready))
            sorter.done(self.nodes[order[-1]].name)
            for name in sorter.get_ready():
                heappush(ready, position[name])
        return replace(self, nodes=tuple(self.nodes[i] for i in order))
