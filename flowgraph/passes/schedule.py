"""schedule: write each part's nodes down as firing lists, with a slot for every output.

A list is what one token walks through. A stream that somebody looks back on is followed by one window step,
which keeps its last frames for all of its readers. A node that follows another clock stands on the border to
a domain: a list of its own that is advanced on demand.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode, Port
from flowgraph.node import Formats, Node, Output, Sink, Source, SourceInfo, has_state, ports
from flowgraph.passes.cut import Part, is_reduction
from flowgraph.passes.retime import Retimed, history_of
from flowgraph.plan import Arg, Clock, FiringList, Pass, Result, Step

STILL_SLOT = -1


def schedule(retimed: Retimed, parts: tuple[Part, ...]) -> tuple[Pass, ...]:
    """The passes with their firing lists; buffers are assigned later."""
    return tuple(_pass(retimed, part, index) for index, part in enumerate(parts))


def refuse_second_readers(passes: tuple[Pass, ...], infos: Mapping[str, SourceInfo]) -> None:
    """A source that can't be read again can't be drawn on at two borders of one pass either.

    Raises:
        GraphError: it would be; the message names it.
    """
    for pass_ in passes:
        seen: set[str] = set()
        for step in (step for firing in pass_.lists for step in firing.steps if step.kind == "source"):
            if step.name in seen and not infos[step.name].rereadable:
                raise GraphError(
                    f"source '{step.name}' can't be read twice, but several nodes bring it onto a clock",
                    place=step.place,
                    hint=f"bring '{step.name}' onto that clock once, and let all read the result",
                )
            seen.add(step.name)


def _pass(retimed: Retimed, part: Part, index: int) -> Pass:
    state = retimed.state
    stills = _List(retimed, None)
    for node in state.network.nodes:
        if node.name in part.stills:
            stills.add(node)
    lists: list[FiringList] = []
    if part.targets:
        target = state.network[part.targets[0]]
        clock = next(state.clocks[p.node] for p in target.reads if not state.clocks[p.node].still)
        _build(retimed, part.targets, clock, lists)
    return Pass(index, stills.done(Clock()), tuple(lists), part.feeds, part.reason)


def _build(
    retimed: Retimed,
    targets: tuple[str, ...],
    clock: Clock,
    lists: list[FiringList],
    result: Port | None = None,
) -> int:
    """Append the list that ends in `targets`, and behind it the domains that it draws from."""
    index = len(lists)
    lists.append(FiringList(clock, (), 0))
    state = retimed.state
    work = _List(retimed, clock.source)
    wanted = set(targets)
    for node in reversed(state.network.nodes):
        if node.name in wanted:
            wanted.update(p.node for p in work.streams(node))
    chosen = [node for node in state.network.nodes if node.name in wanted]
    for node in chosen:
        for name, items in node.inputs.items():
            past = history_of(node, name, state.formats[node.name])
            for item, port in enumerate(items):
                if port in work.streams(node):
                    need = past + node.tap(name, item)
                    work.needs[port] = max(work.needs.get(port, 0), need)
    for node in chosen:
        domain = -1
        for port in node.reads:
            if work.is_foreign(node, port):
                domain = _build(retimed, (port.node,), state.clocks[port.node], lists, port)
        work.add(node, domain)
    lists[index] = replace(work.done(clock), result=work.slots[result] if result else STILL_SLOT)
    return index


def _scratch_bytes(node: Node, formats: Formats) -> int:
    """Bytes of the working arrays that a node asks for, each in whole cache lines."""
    wanted = node.scratch(formats).values()
    sizes = [int(np.prod(shape)) * np.dtype(dtype).itemsize for shape, dtype in wanted]
    return sum(-(-nbytes // 64) * 64 for nbytes in sizes)


@dataclass(slots=True)
class _List:
    """A firing list that is being written."""

    retimed: Retimed
    source: Hashable
    needs: dict[Port, int] = field(default_factory=dict[Port, int])
    steps: list[Step] = field(default_factory=list[Step])
    slots: dict[Port, int] = field(default_factory=dict[Port, int])
    windows: dict[Port, int] = field(default_factory=dict[Port, int])
    count: int = 0

    def is_foreign(self, node: NetNode, port: Port) -> bool:
        """Whether a node reads a port across a border."""
        clock = self.retimed.state.clocks[port.node]
        return node.node.clock().kind == "follow" and not clock.still and clock.source != self.source

    def streams(self, node: NetNode) -> tuple[Port, ...]:
        """The streams of this list that a node reads."""
        clocks = self.retimed.state.clocks
        return tuple(p for p in node.reads if not clocks[p.node].still and not self.is_foreign(node, p))

    def add(self, node: NetNode, domain: int = -1) -> None:
        state = self.retimed.state
        formats = state.formats[node.name]
        clock = state.clocks[node.name]
        kind = self.kind(node)
        made = [Port(node.name, name, further=bool(i)) for i, name in enumerate(formats.outputs)]
        results = tuple(
            Result(
                port,
                STILL_SLOT if kind == "reduce" else self.slot(port),
                formats.outputs[port.port],
                _how(node, port.port),
            )
            for port in made
        )
        args = {
            name: tuple(self.arg(node, name, item, formats) for item in range(len(items)))
            for name, items in node.inputs.items()
        }
        self.steps.append(
            Step(
                node.name, node.type, kind, node.node, args, results, formats, clock,
                ordered=_ordered(kind, node.node, formats),
                latency=node.node.latency(formats.rate),
                total_latency=self.retimed.latency[node.name],
                scratch_bytes=_scratch_bytes(node.node, formats),
                history=self.waiting(node, kind, domain),
                domain=domain,
                implied=node.implied,
                place=node.place,
            )
        )  # fmt: skip
        for result in results:
            if self.needs.get(result.port):
                self.add_window(node, result, clock)

    def waiting(self, node: NetNode, kind: str, domain: int) -> int:
        """How many frames wait at a border for its reference, or in a sink for a program."""
        latency, clocks = self.retimed.latency, self.retimed.state.clocks
        if kind == "border" and domain < 0:
            if node.node.clock().ahead_s:
                image = node.inputs["image"][0]
                raise GraphError(
                    f"node '{node.name}' has an offset, but '{image}' and its reference are of one source",
                    place=node.place,
                    hint="delay shows what came before, advance what comes later",
                )
            return max(0, latency[node.name] - latency[node.inputs["image"][0].node])
        if isinstance(node.node, Sink):
            alike = [
                latency[other.name]
                for other in self.retimed.state.network.nodes
                if isinstance(other.node, Sink) and clocks[other.name].source == clocks[node.name].source
            ]
            return node.node.waiting(max(alike) - latency[node.name])
        return 0

    def add_window(self, node: NetNode, result: Result, clock: Clock) -> None:
        slot = self.count
        self.count += 1
        self.windows[result.port] = slot
        past = self.needs[result.port]
        self.steps.append(
            Step(
                f"{result.port}>window", "window", "window", None,
                {"image": (Arg(result.port, result.slot),)},
                (Result(result.port, slot, result.format, "forward"),),
                Formats({"image": (result.format,)}, {"window": result.format}),
                clock,
                ordered=True,
                total_latency=self.retimed.latency[node.name],
                history=past,
                implied=f"keeps the last {past} frames of '{result.port}' for all that look back on it",
            )
        )  # fmt: skip

    def kind(self, node: NetNode) -> Literal["source", "node", "reduce", "sink", "border"]:
        if isinstance(node.node, Source):
            return "source"
        if isinstance(node.node, Sink):
            return "sink"
        if is_reduction(node, self.retimed.state.clocks):
            return "reduce"
        clock = self.retimed.state.clocks[node.name]
        return "border" if node.node.clock().kind == "follow" and not clock.still else "node"

    def slot(self, port: Port) -> int:
        self.slots[port] = self.count
        self.count += 1
        return self.slots[port]

    def arg(self, node: NetNode, name: str, item: int, formats: Formats) -> Arg:
        port = node.inputs[name][item]
        fill = node.node.fill(name)
        past = history_of(node, name, formats)
        if self.retimed.state.clocks[port.node].still:
            return Arg(port, STILL_SLOT, still=True, history=past, fill=fill)
        if self.is_foreign(node, port):
            return Arg(port, STILL_SLOT)
        tap = node.tap(name, item)
        windowed = past + tap > 0
        slot = self.windows[port] if windowed else self.slots[port]
        return Arg(port, slot, windowed=windowed, tap=tap, history=past, fill=fill)

    def done(self, clock: Clock) -> FiringList:
        drain = max((step.total_latency for step in self.steps), default=0)
        return FiringList(clock, tuple(self.steps), self.count, drain)


def _ordered(kind: str, node: Node, formats: Formats) -> bool:
    """Whether a step takes one frame at a time, in order.

    A reduction of any order has a state for each worker if that is less than another frame. Larger ones gain
    too little: counting for a median of 1080p by two threads took 60 % of the time, for 196 MiB more.
    """
    if kind == "reduce" and node.any_order():
        return node.state_bytes(formats) >= max(
            f.frame_bytes for items in formats.inputs.values() for f in items
        )
    return kind != "node" or has_state(node)


def _how(node: NetNode, output: str) -> Literal["fresh", "forward", "source"]:
    if isinstance(node.node, Source):
        return "source"
    declared: Output = ports(type(node.node)).outputs[output]
    return "forward" if declared.forward else "fresh"
