"""Traces for Perfetto (ui.perfetto.dev, chrome://tracing): JSON in the Trace Event Format.

One track for each worker, with a slice for each firing and inside of it one for the time that it waited; a
counter for the bytes of buffers in use, one for frames done. Times are in microseconds. The format is
described in "Trace Event Format" by Nat Duca and Dean Jackson.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from flowgraph_tools.trace.format import NO_FRAME, STILL
from flowgraph_tools.trace.reader import Trace

_PROCESS = 1
_COUNTERS = 0
"""The track of what belongs to no worker."""
_SHORTEST_WAIT_S = 2e-5
"""Shorter waits are what asking for a turn takes."""


def write_perfetto(trace: Trace, file: IO[str]) -> None:
    """Write the trace, event by event."""
    file.write('{"displayTimeUnit": "ms", "traceEvents": [\n')
    for number, event in enumerate(events(trace)):
        file.write((",\n" if number else "") + json.dumps(event))
    file.write("\n]}\n")


def events(trace: Trace) -> Iterator[Mapping[str, Any]]:
    """All events: names of the tracks first."""
    yield _named("process_name", _COUNTERS, f"flowgraph: {trace.header['title']}")
    for worker in sorted(set(trace.firings["worker"].tolist())):
        yield _named("thread_name", worker + 1, f"worker {worker}")
    for node, pass_, worker, _, index, frame, started, seconds, waited in trace.firings.tolist():
        facts = trace.facts[trace.nodes[node]]
        args: dict[str, Any] = {"type": facts.type, "pass": pass_ + 1, "token": index}
        if frame != NO_FRAME:
            args["frame"] = "still" if frame == STILL else frame
        slice_ = {"cat": facts.kind, "ph": "X", "pid": _PROCESS, "tid": worker + 1, "ts": _us(started)}
        yield {**slice_, "name": facts.name, "dur": _us(waited + seconds), "args": args}
        if waited > _SHORTEST_WAIT_S:
            yield {**slice_, "name": "waits", "cat": "wait", "dur": _us(waited)}
    for moment in trace.moments:
        counter = {"ph": "C", "pid": _PROCESS, "tid": _COUNTERS, "ts": _us(moment.seconds)}
        yield {**counter, "name": "buffers in use", "args": {"bytes": moment.pool_bytes}}
        yield {**counter, "name": "frames", "args": {"frames": moment.frames}}


def _named(kind: str, track: int, name: str) -> Mapping[str, Any]:
    return {"name": kind, "ph": "M", "pid": _PROCESS, "tid": track, "args": {"name": name}}


def _us(seconds: float) -> float:
    return round(seconds * 1e6, 3)
