"""Reads traces: `Trace.read("out.fgt")`.

trace = Trace.read(Path("out.fgt"))
for node in trace.nodes:                          # the ids of its drawing's boxes, as in the plan
    trace.facts[node], trace.pictures[node]       # parameters and formats; thumbnails in order
trace.measures()                                  # times of each node over the whole run,
trace.measures(until=12.5)                        # and as they stood 12.5 s after it began
trace.picture(node, 100)                          # the last thumbnail not after frame 100
trace.moment(12.5)                                # frames done and bytes in use at that time
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import msgpack
import numpy as np

from flowgraph.cli.drawing import Drawing
from flowgraph.errors import GraphError
from flowgraph.executor.control import STILLS
from flowgraph_tools.cards import Measure
from flowgraph_tools.facts import Facts
from flowgraph_tools.record import NodeSums
from flowgraph_tools.trace.format import MAGIC, NO_FRAME, ROW, STILL, VERSION, read_drawing, read_facts

Rows = np.ndarray[tuple[int], np.dtype[Any]]
"""Firings: `flowgraph_tools.trace.format.ROW`."""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A small picture of a node's frame. index: `STILL` for a still; width and height are the frame's own."""

    index: int
    time: float
    width: int
    height: int
    jpeg: bytes
    total: int = 0
    """The checksum of the frame's samples."""
    flat: str = ""
    """What the picture is if it has but one colour: "all black"; empty where it has several."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The run at one time, in seconds since the trace began."""

    seconds: float
    pass_index: int
    frames: int
    pool_bytes: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A parameter that took effect at a frame of the last pass."""

    index: int
    node: str
    param: str
    value: str


@dataclass(frozen=True, slots=True)
class End:
    """How the run ended: finished, failed, interrupted; "broken off" where the file just ends.

    nodes: for each name how often it fired, its seconds at work and those of waiting, in all passes.
    """

    state: str = "broken off"
    frames: int = 0
    seconds: float = 0.0
    peak_bytes: int = 0
    outputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
    nodes: Mapping[str, tuple[int, float, float]] = field(default_factory=dict[str, tuple[int, float, float]])


@dataclass(frozen=True, slots=True)
class Trace:
    """A whole trace in memory: 32 bytes for each firing, and the thumbnails.

    header: see `flowgraph_tools.trace.writer.header`; nodes: ids in the order of the plan; firings: rows in
    the order of their starts.
    """

    header: Mapping[str, Any]
    drawing: Drawing
    facts: Mapping[str, Facts]
    nodes: tuple[str, ...]
    firings: Rows
    pictures: Mapping[str, Sequence[Thumbnail]]
    moments: tuple[Moment, ...]
    changes: tuple[Changed, ...]
    end: End

    @staticmethod
    def read(path: Path) -> Trace:
        """Read a file.

        Raises:
            GraphError: it is no trace, or one of a newer version.
        """
        return _read(path)

    @property
    def seconds(self) -> float:
        """From the first to the last firing."""
        ends = self.firings["started"] + self.firings["seconds"] + self.firings["waited"]
        return float(ends.max(initial=0.0))

    @property
    def frames(self) -> int:
        """The highest frame index of the last pass, and one."""
        last = self.firings[self.firings["pass"] == self.firings["pass"].max(initial=0)]
        return int(last["frame"].max(initial=-1)) + 1

    def measures(self, until: float | None = None) -> dict[str, Measure]:
        """What each node did, or had done so many seconds after the start.

        Over the whole run a source's and a sink's time is that of the threads that read and write.
        """
        rows = self.firings if until is None else self.firings[self.firings["started"] <= until]
        own = {name: rows[rows["node"] == number] for number, name in enumerate(self.nodes)}
        found = {name: _measure(self.facts[name], own[name]) for name in self.nodes}
        if until is None:
            found = {name: self._with_threads(name, found) for name in found}
        whole = sum(each.seconds for each in found.values()) or 1.0
        return {name: replace(each, share=each.seconds / whole) for name, each in found.items()}

    def _with_threads(self, name: str, found: Mapping[str, Measure]) -> Measure:
        facts, measure = self.facts[name], found[name]
        if facts.kind not in ("source", "sink") or facts.name not in self.end.nodes:
            return measure
        # Their threads were timed as one: each pass has its part by its frames.
        fired = sum(found[each].fired for each in self.nodes if self.facts[each].name == facts.name)
        part = measure.fired / fired if fired else 0.0
        return replace(measure, seconds=self.end.nodes[facts.name][1] * part)

    def picture(self, node: str, index: int) -> Thumbnail | None:
        """The last thumbnail of a node that isn't later than a frame; a still's at any frame."""
        found = self.pictures.get(node, ())
        at = bisect_right([each.index for each in found], index)
        return found[at - 1] if at else None

    def moment(self, seconds: float) -> Moment:
        """The last status not later than that."""
        at = bisect_right([each.seconds for each in self.moments], seconds)
        return self.moments[at - 1] if at else Moment(seconds, 0, 0, 0)

    def time_of(self, index: int) -> float:
        """When the token of source frame `index` of the last pass began, in seconds since the trace began."""
        last = self.firings["pass"] == self.firings["pass"].max(initial=0)
        times = self.firings["started"][last & (self.firings["index"] >= index)]
        return float(times.min()) if len(times) else self.seconds

    def sums(self) -> dict[str, NodeSums]:
        """The checksums that were taken, by the names of nodes: see `flowgraph_tools.compare`."""
        found: dict[str, NodeSums] = {}
        for name, pictures in self.pictures.items():
            facts = self.facts[name]
            if facts.name in found:
                continue  # a further pass over the same frames
            made = facts.makes or facts.reads
            indexes = [STILLS if each.index == STILL else each.index for each in pictures]
            found[facts.name] = NodeSums(
                facts.type,
                made[0].format if made else "",
                np.array(indexes, np.int64),
                np.array([each.total for each in pictures], np.uint64),
            )
        return found


def _measure(facts: Facts, rows: Rows) -> Measure:
    # A window puts nothing out, and neither does a reduction before its end: all else was skipped then.
    if facts.kind not in ("window", "reduce"):
        rows = rows[rows["frame"] != NO_FRAME]
    timed = len(rows) and facts.kind not in ("source", "sink")
    p95 = float(np.percentile(rows["seconds"], 95)) if timed else None
    return Measure(len(rows), float(rows["seconds"].sum()), 0.0, float(rows["waited"].sum()), p95)


def _read(path: Path) -> Trace:
    rows: list[bytes] = []
    pictures: dict[int, list[Thumbnail]] = {}
    moments: list[Moment] = []
    changes: list[Changed] = []
    end = End()
    if not path.is_file():
        raise GraphError(f"{path}: no such file")
    with path.open("rb") as file:
        records = _records(file, path)
        header = next(records)
        for kind, *values in records:
            if kind == "firings":
                rows.append(values[0])
            elif kind == "picture":
                node, index, time, total, width, height, jpeg, flat, *_ = values
                pictures.setdefault(node, []).append(Thumbnail(index, time, width, height, jpeg, total, flat))
            elif kind == "status":
                moments.append(Moment(*values[:4]))
            elif kind == "change":
                changes.append(Changed(*values[:4]))
            elif kind == "end":
                end = _end(*values[:2])
    facts = {each["id"]: read_facts(each) for each in header[2]["nodes"]}
    nodes = tuple(facts)
    firings = np.frombuffer(b"".join(rows), ROW)
    return Trace(
        header[2],
        read_drawing(header[2]["drawing"]),
        facts,
        nodes,
        firings[np.argsort(firings["started"], kind="stable")],
        {nodes[n]: tuple(sorted(found, key=lambda each: each.index)) for n, found in pictures.items()},
        tuple(moments),
        tuple(changes),
        end,
    )


def _records(file: IO[bytes], path: Path) -> Iterator[list[Any]]:
    """The header, and every record that is there in full."""
    unpacker = msgpack.Unpacker(file, max_buffer_size=0)
    try:
        first = next(unpacker, None)
    except (ValueError, msgpack.UnpackException):
        first = None
    if not isinstance(first, list) or len(first) != 3 or first[0] != MAGIC:
        raise GraphError(f"{path}: this is no trace", hint="'flowgraph run GRAPH --trace out.fgt' writes one")
    if first[1] > VERSION:
        raise GraphError(f"{path}: a trace of version {first[1]}; this flowgraph reads up to {VERSION}")
    yield first
    with suppress(ValueError, msgpack.UnpackException):
        yield from unpacker


def _end(state: str, found: Mapping[str, Any]) -> End:
    return End(
        state,
        found["frames"],
        found["seconds"],
        found["peak_bytes"],
        tuple(found["outputs"]),
        tuple(found["notes"]),
        found["error"],
        {name: (fired, seconds, waited) for name, (fired, seconds, waited) in found["nodes"].items()},
    )
