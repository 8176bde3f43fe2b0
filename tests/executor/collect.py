"""A sink that keeps copies, a source of literal frames, and runs of small networks of both."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np

from flowgraph.errors import RunError, StopRun
from flowgraph.executor.execute import execute
from flowgraph.executor.state import Progress, Report
from flowgraph.frame import Format, Frame, Matrix, Range
from flowgraph.graph import NetNode, Network, Port
from flowgraph.library import node_type
from flowgraph.node import Input, Limits, Node, Output, Reader, Sink, SinkInfo, Source, SourceInfo, Writer
from flowgraph.node import ports as ports_of
from flowgraph.passes.prune import prune
from flowgraph.plan import Plan
from flowgraph.session import Options, plan


@dataclass
class Collector:
    """What one sink got, and how it ended."""

    sink: Collect
    frames: list[Frame] = field(default_factory=list[Frame])
    ended: str = ""

    def write(self, frame: Frame) -> None:
        if len(self.frames) == self.sink.fail_at:
            raise RunError("the disk is full")
        if len(self.frames) == self.sink.raise_at:
            raise ZeroDivisionError("an encoder's bug")
        if len(self.frames) == self.sink.stop_at:
            raise StopRun
        self.frames.append(frame.copy())

    def close(self) -> str:
        if self.sink.bad == "close":
            raise KeyError("close")
        self.ended += "closed"
        return f"{len(self.frames)} frames"

    def abort(self) -> Path | None:
        if self.sink.bad == "abort":
            raise RunError("the disk is still full")
        self.ended += "aborted"
        return Path(f"{self.sink.key}.partial") if self.frames else None


COLLECTED: dict[str, Collector] = {}
"""The sinks of the last run, by their keys."""


class Collect(Sink):
    """Keep copies of all frames under `key`."""

    key: str = "out"
    fail_at: int = -1
    raise_at: int = -1
    stop_at: int = -1
    bad: str = ""

    image = Input()

    def open(self, info: SinkInfo) -> Writer:
        if self.bad == "open":
            raise KeyError("open")
        COLLECTED[self.key] = Collector(self)
        return COLLECTED[self.key]


@dataclass
class LiteralReader:
    """Makes the frames of a `Literals`, one after the other."""

    source: Literals
    format: Format
    at: int = 0
    closed: bool = False

    def read(self) -> Frame | None:
        if self.at == self.source.wait_at and not INTERRUPTED.wait(10):
            raise RunError("nobody interrupted")
        if self.at == self.source.break_at:
            raise RunError("the medium broke")
        if self.at == self.source.raise_at:
            raise ZeroDivisionError("a decoder's bug")
        if self.at == len(self.source.values):
            return None
        time = Fraction(self.at * self.source.step + self.source.first, 10)
        frame = Frame(self.at, time, self.format, self._planes(), {"key_frame": self.at % 4 == 0})
        self.at += 1
        return frame

    def _planes(self) -> tuple[Any, ...]:
        value = self.source.values[self.at]
        if not self.source.noise:
            return tuple(np.full(shape, value, np.uint8) for shape in self.format.shapes)
        random = np.random.default_rng([value, self.at])
        return tuple(random.integers(0, 256, shape, np.uint8) for shape in self.format.shapes)

    @property
    def notes(self) -> tuple[str, ...]:
        return (self.source.note,) if self.source.note else ()

    def close(self) -> None:
        self.closed = True


INTERRUPTED = Event()
"""Set when the progress callback of the last run raised: a source may wait for it."""

READERS: list[LiteralReader] = []
"""All readers that the last run opened."""


class Literals(Source):
    """Flat frames of the given values, `step` tenths of a second apart, beginning at `first` tenths.

    With `noise`, each value is a seed of random samples instead.
    """

    values: tuple[int, ...]
    pixel: str = "gray"
    matrix: Matrix = "unspecified"
    range: Range = "limited"
    step: int = 1
    first: int = 0
    name: str = "a"
    camera: bool = False
    rereadable: bool = True
    exact: bool = True
    break_at: int = -1
    raise_at: int = -1
    wait_at: int = -1
    noise: bool = False
    note: str = ""
    width: int = 8
    height: int = 4

    image = Output("gray")

    def probe(self, limits: Limits) -> SourceInfo:
        return SourceInfo(
            Format(self.pixel, self.width, self.height, self.matrix, self.range),
            (self.name, self.values, self.step, self.first),
            Fraction(10, self.step),
            None if self.camera else len(self.values),
            self.exact,
            live=self.camera,
            rereadable=self.rereadable,
        )

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        READERS.append(LiteralReader(self, info.format))
        return READERS[-1]


def wire(name: str, node: Node | str, **inputs: str | tuple[str, ...]) -> NetNode:
    """A node of a network, given itself or its type; inputs name nodes (their first outputs)."""
    made = make(node) if isinstance(node, str) else node
    return NetNode(name, type(made).__name__.lower(), made, {k: _ports(v) for k, v in inputs.items()})


def _ports(names: str | tuple[str, ...]) -> tuple[Port, ...]:
    return tuple(Port(n, "") for n in ((names,) if isinstance(names, str) else names))


def make(type_name: str, **params: Any) -> Node:
    """A node of the library."""
    return node_type(type_name)(**params)


def network(*nodes: NetNode) -> Network:
    """A pruned network; what `wire` left open becomes first outputs."""
    return prune(whole_network(*nodes))


def whole_network(*nodes: NetNode) -> Network:
    """A network with all of its nodes, needed or not."""
    first = {n.name: next(iter(ports_of(type(n.node)).outputs), "") for n in nodes}
    rewired = [n.rewired({p: Port(p.node, first[p.node]) for p in n.reads if not p.port}) for n in nodes]
    return Network(tuple(rewired)).ordered()


def planned(*nodes: NetNode, **options: Any) -> Plan:
    """Compile a network of literal frames."""
    return plan(network(*nodes), Options(**options))


def report(*nodes: NetNode, progress: Callable[[Progress], None] | None = None, **options: Any) -> Report:
    """Run, and give the report."""
    COLLECTED.clear()
    READERS.clear()
    INTERRUPTED.clear()

    def tick(state: Progress) -> None:
        try:
            if progress is not None:
                progress(state)
        except BaseException:
            INTERRUPTED.set()
            raise

    return execute(planned(*nodes, **options), progress=tick)


def run(*nodes: NetNode, **options: Any) -> dict[str, list[int]]:
    """Run on literal frames; gives the first sample of every frame that each sink got."""
    report(*nodes, **options)
    return {key: values(key) for key in COLLECTED}


def values(key: str = "out") -> list[int]:
    """The first sample of every frame that a sink got in the last run."""
    return [int(f.planes[0].flat[0]) for f in COLLECTED[key].frames]


def stamps(key: str = "out") -> list[tuple[int, float]]:
    """Index and time of every frame that a sink got in the last run."""
    return [(f.index, float(f.time)) for f in COLLECTED[key].frames]


def digest() -> dict[str, str]:
    """A hash over everything that each sink got in the last run: samples, indexes and times."""
    found: dict[str, str] = {}
    for key, collector in sorted(COLLECTED.items()):
        total = hashlib.sha256()
        for frame in collector.frames:
            total.update(f"{frame.index} {frame.time} {frame.format}".encode())
            for plane in frame.planes:
                total.update(plane.tobytes())
        found[key] = total.hexdigest()
    return found
