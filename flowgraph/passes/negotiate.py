"""negotiate: settle the format of every edge, and put in the fewest conversions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from flowgraph.errors import FlowgraphError, GraphError
from flowgraph.frame import PIXEL_FORMATS, Format
from flowgraph.graph import NetNode, Network, Port
from flowgraph.implied import Convert
from flowgraph.node import Formats, Input, Sink, Source, SourceInfo, ports
from flowgraph.passes.pushdown import choose_planes, plane_formats
from flowgraph.plan import Clock, Note


@dataclass(frozen=True, slots=True)
class Negotiated:
    """A network whose edges agree in format."""

    network: Network
    formats: Mapping[str, Formats]
    clocks: Mapping[str, Clock]
    on_planes: frozenset[str]
    """Nodes that compute on a decoder's own planes."""
    notes: tuple[Note, ...] = ()


def negotiate(network: Network, infos: Mapping[str, SourceInfo], clocks: Mapping[str, Clock]) -> Negotiated:
    """Settle all formats.

    Raises:
        GraphError: sizes don't fit, or a node says no to its inputs' formats.
    """
    able = plane_formats(network, infos)
    on_planes = choose_planes(network, able) if able else frozenset[str]()
    work = _Work(infos, dict(clocks), on_planes)
    for node in network.nodes:
        if isinstance(node.node, Source):
            work.add_source(node)
        else:
            work.add(node)
    return Negotiated(
        Network(tuple(work.nodes), network.warnings), work.formats, work.clocks, on_planes, tuple(work.notes)
    )


@dataclass(slots=True)
class _Work:
    infos: Mapping[str, SourceInfo]
    clocks: dict[str, Clock]
    on_planes: frozenset[str]
    nodes: list[NetNode] = field(default_factory=list[NetNode])
    formats: dict[str, Formats] = field(default_factory=dict[str, Formats])
    conversions: dict[tuple[Port, str], Port] = field(default_factory=dict[tuple[Port, str], Port])
    pins: dict[Port, Port] = field(default_factory=dict[Port, Port])
    notes: list[Note] = field(default_factory=list[Note])

    def format(self, port: Port) -> Format:
        return self.formats[port.node].outputs[port.port]

    def add_source(self, node: NetNode) -> None:
        assert isinstance(node.node, Source)
        info = self.infos[node.name]
        self.nodes.append(node)
        self.formats[node.name] = Formats({}, {"image": info.format}, info.rate, info.most_frames)
        self.notes += [Note(node.name, text, node.place) for text in info.notes]
        pinned = node.node.pinned()
        port = Port(node.name, "image")
        if pinned and pinned != info.format.pixel:
            self.pins[port] = self.converted(port, pinned, f"'{node.name}' asks for format: {pinned}")

    def add(self, node: NetNode) -> None:
        # Before conversions are put in, so that errors name what the graph names.
        _check_sizes(node, {name: tuple(map(self.format, items)) for name, items in node.inputs.items()})
        node = node.rewired(self.pins)
        targets = self.targets(node)
        inputs: dict[str, tuple[Port, ...]] = {}
        for name, items in node.inputs.items():
            wanted = targets[name]
            inputs[name] = tuple(
                self.converted(port, pixel, f"'{node.name}' computes in {pixel}")
                for port, pixel in zip(items, wanted, strict=True)
            )
        node = replace(node, inputs=inputs)
        self.nodes.append(node)
        self.formats[node.name] = formats = self.settle(node)
        self.notes += [Note(node.name, text, node.place) for text in node.node.notes(formats)]

    def targets(self, node: NetNode) -> Mapping[str, tuple[str, ...]]:
        """The pixel format in which each item of each input is to arrive."""
        actual = {name: tuple(map(self.format, items)) for name, items in node.inputs.items()}
        if node.name in self.on_planes:
            return {name: tuple(f.pixel for f in formats) for name, formats in actual.items()}
        wanted: dict[str, list[str]] = {}
        for name, formats in actual.items():
            wanted[name] = [
                self.own_choice(node, name, port, format)
                for port, format in zip(node.inputs[name], formats, strict=True)
            ]
        for group in _tied(ports(type(node.node)).inputs, actual):
            choices = {wanted[name][item] for name, item in group}
            colours = {
                (actual[name][item].matrix, actual[name][item].range)
                for name, item in group
                if wanted[name][item].startswith("yuv")
            }
            if len(choices) > 1 or len(colours) > 1:
                common = self.common(node, group, actual, choices)
                for name, item in group:
                    wanted[name][item] = common
        return {name: tuple(pixels) for name, pixels in wanted.items()}

    def own_choice(self, node: NetNode, name: str, port: Port, format: Format) -> str:
        """What one input item would take if it stood alone."""
        if isinstance(node.node, Sink) and name == "image":
            return node.node.convert_to(format)
        from_planes = port.node in self.on_planes and format.family == "yuv"
        if node.node.accepts(name, format) and not from_planes:
            return format.pixel
        declared = ports(type(node.node)).inputs[name].formats or ("bgr24", "gray")
        for pixel in declared:
            numbers = "data" in (format.family, PIXEL_FORMATS[pixel].family)
            if not numbers and node.node.accepts(name, format.as_pixel(pixel)):
                return pixel
        raise GraphError(
            f"node '{node.name}': input '{name}' can't take {format}, nor {' nor '.join(declared)}",
            place=node.place,
        )

    def common(
        self,
        node: NetNode,
        group: Iterable[tuple[str, int]],
        actual: Mapping[str, tuple[Format, ...]],
        choices: Iterable[str],
    ) -> str:
        """One pixel format for inputs that must agree: colour wins over gray."""
        members = list(group)
        for pixel in ("bgr24", *sorted(choices)):
            if all(node.node.accepts(name, actual[name][item].as_pixel(pixel)) for name, item in members):
                return pixel
        names = ", ".join(str(node.inputs[name][item]) for name, item in members)
        raise GraphError(
            f"node '{node.name}': its inputs {names} have no pixel format in common", place=node.place
        )

    def converted(self, port: Port, pixel: str, reason: str) -> Port:
        """The port itself, or the output of the one conversion of it to `pixel`."""
        source = self.format(port)
        if source.pixel == pixel:
            return port
        if (port, pixel) not in self.conversions:
            name = f"{port}>{pixel}"
            target = Port(name, "converted")
            node = NetNode(name, "convert", Convert(pixel=pixel), {"image": (port,)}, implied=reason)
            self.nodes.append(node)
            self.formats[name] = replace(
                self.formats[port.node],
                inputs={"image": (source,)},
                outputs={"converted": source.as_pixel(pixel)},
            )
            self.clocks[name] = self.clocks[port.node]
            self.conversions[port, pixel] = target
            self.notes.append(Note(name, f"{source.pixel} to {pixel}: {reason}"))
        return self.conversions[port, pixel]

    def settle(self, node: NetNode) -> Formats:
        inputs = {name: tuple(map(self.format, items)) for name, items in node.inputs.items()}
        given = Formats(inputs, {}, self.rate(node), self.most_frames(node))
        if node.name in self.on_planes:
            # An affine node is given planes that it doesn't declare; its outputs are like its inputs.
            first = next(iter(inputs.values()))[0]
            native = all(node.node.accepts(n, f) for n, formats in inputs.items() for f in formats)
            if not native:
                return replace(given, outputs=dict.fromkeys(ports(type(node.node)).outputs, first))
        try:
            outputs = node.node.output_formats(given)
        except (ValueError, FlowgraphError) as error:
            raise GraphError(f"node '{node.name}': {error}", place=node.place) from error
        return replace(given, outputs=outputs)

    def rate(self, node: NetNode) -> Fraction | None:
        """Frames a second of a node's output."""
        leaders = self.leaders(node)
        return node.node.output_rate(leaders[0].rate) if leaders else None

    def most_frames(self, node: NetNode) -> int | None:
        """The most frames that a node can get: no node makes more than it takes on its clock."""
        return next((leader.frames for leader in self.leaders(node)), None)

    def leaders(self, node: NetNode) -> list[Formats]:
        """Those of the streams that give a node its clock."""
        rule = node.node.clock()
        names = [str(rule.key)] if rule.kind == "follow" else list(node.inputs)
        return [
            self.formats[port.node]
            for name in names
            for port in node.inputs[name]
            if not self.clocks[port.node].still
        ]


def _tied(
    declared: Mapping[str, Input], actual: Mapping[str, tuple[Format, ...]]
) -> list[list[tuple[str, int]]]:
    """Groups of (input, item) that must agree in pixel format."""
    groups: dict[str, list[tuple[str, int]]] = {}
    for name, formats in actual.items():
        like = declared[name].like
        head = like.name if like is not None and like.name in actual else name
        groups.setdefault(head, []).extend((name, item) for item in range(len(formats)))
    return [group for group in groups.values() if len(group) > 1]


def _check_sizes(node: NetNode, inputs: Mapping[str, tuple[Format, ...]]) -> None:
    declared = ports(type(node.node)).inputs
    for name, formats in inputs.items():
        tie = declared[name].like or declared[name].size
        head = tie.name if tie is not None and tie.name in inputs else name
        first = inputs[head][0]
        for item, format in enumerate(formats):
            same = (format.width, format.height) == (first.width, first.height)
            if not same and not node.node.sizes_may_differ:
                raise GraphError(
                    f"node '{node.name}': '{node.inputs[head][0]}' is {first.width}x{first.height},"
                    f" but '{node.inputs[name][item]}' is {format.width}x{format.height}",
                    place=node.place,
                    hint=f"bring it to one size: {{type: resize, in: {node.inputs[name][item]},"
                    f" width: {first.width}, height: {first.height}}}",
                )
