"""Small networks for the tests of the passes: sources that are only probed, sinks, and stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from flowgraph.errors import GraphError, Place
from flowgraph.frame import Format, Frame, Matrix, Range
from flowgraph.graph import NetNode, Network, Port
from flowgraph.library import node_type
from flowgraph.node import STILL, Formats, Input, Limits, Node, Output, Rule, Sink, Source, SourceInfo
from flowgraph.node import ports as ports_of
from flowgraph.passes.clocks import infer_clocks
from flowgraph.passes.cut import cut
from flowgraph.passes.negotiate import Negotiated, negotiate
from flowgraph.passes.probe import probe
from flowgraph.passes.retime import Retimed, retime
from flowgraph.passes.schedule import schedule
from flowgraph.passes.share import share
from flowgraph.passes.simplify import simplify
from flowgraph.plan import Pass


class Clip(Source):
    """A source that can be probed: `file` is its identity."""

    file: str = "a"
    pixel: str = "yuv420p"
    format: str = ""
    width: int = 64
    height: int = 32
    matrix: Matrix = "bt709"
    range: Range = "limited"
    frames: int | None = 10
    still: bool = False
    camera: bool = False
    rereadable: bool = True

    image = Output("bgr24")

    def pinned(self) -> str:
        return self.format

    def probe(self, limits: Limits) -> SourceInfo:
        if self.file == "missing":
            raise GraphError("there is no file missing")
        return SourceInfo(
            Format(self.pixel, self.width, self.height, self.matrix, self.range),
            self.file,
            Fraction(25),
            self.frames,
            exact=self.frames is not None,
            still=self.still,
            live=self.camera,
            rereadable=self.rereadable,
            held=2,
        )


class Take(Sink):
    """A sink that takes one pixel format, or any."""

    pixel: str = ""

    image = Input()

    def convert_to(self, format: Format) -> str:
        return self.pixel or format.pixel


@dataclass
class Total:
    """The state of a reduction."""

    frames: list[Frame] = field(default_factory=list[Frame])


class Mean(Node):
    """A reduction."""

    image = Input("bgr24", "gray")
    mean = Output(like=image)

    def clock(self) -> Rule:
        return STILL

    def start(self, formats: Formats) -> Total:
        return Total()

    def state_bytes(self, formats: Formats) -> int:
        return 4 * formats["image"].frame_bytes


class Below(Node):
    """Joins a stream with a still."""

    image = Input("bgr24", "gray")
    still = Input(like=image, still=True)
    joined = Output(like=image, in_place=True)


def wire(name: str, node: Node | str, **inputs: str | tuple[str, ...]) -> NetNode:
    """A node of a network, given itself or its type; inputs name nodes, or `node.port`."""
    made = make(node) if isinstance(node, str) else node
    place = Place("g.yaml", 1 + len(name), 3)
    found = {key: tuple(map(_port, (v,) if isinstance(v, str) else v)) for key, v in inputs.items()}
    return NetNode(name, type(made).__name__.lower(), made, found, place=place)


def _port(name: str) -> Port:
    node, _, port = name.partition(".")
    return Port(node, port)


def make(type_name: str, **params: Any) -> Node:
    """A node of the library."""
    return node_type(type_name)(**params)


def network(*nodes: NetNode) -> Network:
    """A network in order; what `wire` left open becomes first outputs."""
    first = {n.name: next(iter(ports_of(type(n.node)).outputs), "") for n in nodes}
    rewired = [n.rewired({p: Port(p.node, first[p.node]) for p in n.reads if not p.port}) for n in nodes]
    return Network(tuple(rewired)).ordered()


def negotiated(*nodes: NetNode) -> Negotiated:
    """After negotiation."""
    given = network(*nodes)
    infos = probe(given, Limits())
    shared = share(given, infos)
    return negotiate(shared, infos, infer_clocks(shared, infos))


def retimed(*nodes: NetNode) -> Retimed:
    """After retiming."""
    return retime(simplify(negotiated(*nodes)))


def scheduled(*nodes: NetNode, keep_bytes: int = 0) -> tuple[Pass, ...]:
    """After scheduling."""
    found = retimed(*nodes)
    infos = probe(found.state.network, Limits())
    return schedule(found, cut(found.state.network, found.state.clocks, infos, keep_bytes))


def names(state: Negotiated) -> list[str]:
    """The names of all nodes, conversions included, in order."""
    return [node.name for node in state.network.nodes]


def conversions(state: Negotiated) -> list[str]:
    """The conversions that were put in."""
    return [name for name in names(state) if ">" in name]
