"""Writes the trace of a run while it runs."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import IO, Any

import click
import msgpack

from flowgraph.cli.drawing import draw_plan
from flowgraph.cli.explain import explain
from flowgraph.cli.plan_json import plan_record
from flowgraph.cli.recorders import Recorded
from flowgraph.errors import GraphError
from flowgraph.executor.control import STILLS, Fired
from flowgraph.frame import Frame
from flowgraph.session import Interrupted, Report
from flowgraph.sums import frame_sum
from flowgraph_tools.debug.pictures import THUMBNAIL, flat_colour, jpeg, sample, shrunk, to_bgr
from flowgraph_tools.facts import plan_facts
from flowgraph_tools.show import graph_file
from flowgraph_tools.trace.format import MAGIC, NO_FRAME, PACKED, STILL, VERSION, drawing_record
from flowgraph_tools.trace.sampling import is_due, pictures_each
from flowgraph_tools.versions import versions

_ROWS = 1024
"""Firings that are kept before they are written."""
_STATUS_S = 0.25


class TraceWriter:
    """Hears of all firings. Memory: one block of rows; time: microseconds a firing, and a few pictures."""

    def __init__(self, path: Path, job: Recorded) -> None:
        """Begin the file.

        Raises:
            GraphError: it can't be written.
        """
        self.path = path
        self._job = job
        self._pack = msgpack.Packer()
        self._row = struct.Struct(PACKED)
        self._rows = bytearray()
        self._lock = Lock()
        self._told = 0.0
        self._changes = 0
        facts = plan_facts(job.plan)
        self._ids = {name: number for number, name in enumerate(facts)}
        self._added = {facts[name].name for name in facts if facts[name].added}
        self._pictures = pictures_each(len(facts))
        self._totals = [_total(job, index) for index in range(len(job.plan.passes))]
        try:
            self._file: IO[bytes] = path.open("wb")
        except OSError as error:
            raise GraphError(f"{path}: {error.strerror}") from error
        self._put(MAGIC, VERSION, header(job, [asdict(each) for each in facts.values()]))
        self._begun = perf_counter()

    def wants(self, pass_index: int, index: int) -> bool:
        """Every token."""
        return True

    def fired(self, firing: Fired) -> None:
        """Keep one firing, and of a few frames a picture."""
        frames = firing.frames
        still = firing.index == STILLS
        index = STILL if still else frames[0].index if frames else NO_FRAME
        node = self._ids[f"{firing.pass_index}:{firing.node}"]
        row = self._row.pack(
            node, firing.pass_index, firing.worker, 0, firing.index, index if frames else NO_FRAME,
            firing.started - self._begun, firing.seconds, firing.waited,
        )  # fmt: skip
        picture = None
        if frames and (still or is_due(index, self._totals[firing.pass_index], self._pictures)):
            picture = _picture(node, index, frames, shown=firing.node not in self._added)
        with self._lock:
            self._rows += row
            if len(self._rows) >= _ROWS * self._row.size:
                self._flush()
            if picture is not None:
                self._put(*picture)
            now = perf_counter()
            if now - self._told > _STATUS_S:
                self._told = now
                self._tell(now - self._begun)

    def ended(self, report: Report | None, error: BaseException | None) -> str:
        """Write what is left, and how the run ended."""
        with self._lock:
            self._tell(perf_counter() - self._begun)
            self._flush()
            self._put("end", state_of(error), end(self._job, report, error))
            self._file.close()
        return str(self.path)

    def _tell(self, seconds: float) -> None:
        status = self._job.control.status()
        self._put("status", seconds, status.pass_index, status.frames, status.pool_bytes)
        recorded = self._job.live.recorded if self._job.live else []
        for change in recorded[self._changes :]:
            self._put("change", change.index, change.node, change.param, str(change.value))
            self._changes += 1

    def _flush(self) -> None:
        if self._rows:
            self._put("firings", bytes(self._rows))
            self._rows.clear()

    def _put(self, *record: Any) -> None:
        self._file.write(self._pack.pack(record))


def _total(job: Recorded, index: int) -> int | None:
    lists = job.plan.passes[index].lists
    sources = [step.name for step in lists[0].steps if step.kind == "source"] if lists else []
    return job.plan.sources[sources[0]].frames if sources else None


def _picture(node: int, index: int, frames: tuple[Frame, ...], *, shown: bool) -> tuple[Any, ...]:
    frame = frames[0]
    packed, flat = b"", ""
    if shown and frame.format.family != "data":
        small = shrunk(to_bgr(sample(frame).frame), *THUMBNAIL)
        packed, flat = jpeg(small), flat_colour(small[::2, ::2])
    size = frame.format.width, frame.format.height
    return ("picture", node, index, float(frame.time), frame_sum(frames), *size, packed, flat)


def state_of(error: BaseException | None) -> str:
    """How a run ended."""
    if error is None:
        return "finished"
    return "interrupted" if isinstance(error, Interrupted | KeyboardInterrupt) else "failed"


def header(job: Recorded, nodes: list[dict[str, Any]]) -> Mapping[str, Any]:
    """Everything that is known before the run."""
    plan, graph = job.plan, job.graph
    return {
        "created": datetime.now().astimezone().isoformat(timespec="seconds"),
        "title": job.title,
        "about": graph.about,
        "path": str(graph.path) if graph.path else "",
        "file": graph_file(graph),
        "values": {name: str(value) for name, value in job.values.items()},
        "overrides": {f"{node}.{name}": str(value) for (node, name), value in job.overrides.items()},
        "bound_bytes": plan.bound_bytes,
        "passes": len(plan.passes),
        "plan": click.unstyle(explain(plan, job.title)),
        "plan_record": plan_record(plan),
        "notes": [str(note) for note in plan.notes],
        "warnings": list(plan.warnings),
        "nodes": nodes,
        "drawing": drawing_record(draw_plan(plan, job.title)),
        "versions": [list(pair) for pair in versions()],
    }


def end(job: Recorded, report: Report | None, error: BaseException | None) -> Mapping[str, Any]:
    """What a run did as a whole, and each node: [fired, seconds, waited] by name, all passes together."""
    status = job.control.status()
    return {
        "frames": report.frames if report else status.frames,
        "seconds": report.seconds if report else status.seconds,
        "peak_bytes": report.peak_pool_bytes if report else status.peak_bytes,
        "bound_bytes": job.plan.bound_bytes,
        "outputs": list(report.outputs) if report else [],
        "notes": list(report.notes) if report else [],
        "error": str(error) if error else "",
        "nodes": {node.name: [node.fired, node.seconds, node.waited] for node in status.nodes},
    }
