"""A plan as JSON for programs. Keys are stable: they may be added to, never renamed or removed."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flowgraph.errors import Place
from flowgraph.frame import Format
from flowgraph.node import SourceInfo
from flowgraph.plan import Arg, FiringList, Pass, Plan, PoolClass, Step

VERSION = 1


def plan_record(plan: Plan) -> dict[str, Any]:
    """The plan as plain values. Bytes are whole numbers, rates fractions as text, times in seconds."""
    return {
        "version": VERSION,
        "bound_bytes": plan.bound_bytes,
        "codec_bytes": plan.codec_bytes,
        "tokens": plan.tokens,
        "threads": plan.threads,
        "queue": plan.queue,
        "limits": {
            "frames": plan.limits.frames,
            "start_s": _fraction(plan.limits.start_s),
            "stop_s": _fraction(plan.limits.stop_s),
        },
        "sources": {name: _source(info) for name, info in plan.sources.items()},
        "passes": [_pass(one) | {"bytes": plan.pass_bytes(one.index)} for one in plan.passes],
        "costs": [
            {
                "what": cost.what,
                "node": cost.node,
                "nbytes": cost.nbytes,
                "count": cost.count,
                "total": cost.total,
                "reason": cost.reason,
                "pass": None if cost.pass_index < 0 else cost.pass_index,
                "shared": list(cost.shared),
            }
            for cost in plan.costs
        ],
        "still_buffers": _buffers(plan.stills),
        "notes": [
            {"about": note.about, "text": note.text, "place": _place(note.place)} for note in plan.notes
        ],
        "warnings": list(plan.warnings),
    }


def _fraction(value: Fraction | None) -> str | None:
    return None if value is None else str(value)


def _place(place: Place | None) -> dict[str, Any] | None:
    return None if place is None else {"file": place.file, "line": place.line, "column": place.column}


def _format(found: Format) -> dict[str, Any]:
    return {
        "pixel": found.pixel,
        "width": found.width,
        "height": found.height,
        "matrix": found.matrix,
        "range": found.range,
        "frame_bytes": found.frame_bytes,
    }


def _source(info: SourceInfo) -> dict[str, Any]:
    return {
        "describe": info.describe,
        "format": _format(info.format),
        "rate": _fraction(info.rate),
        "frames": info.frames,
        "exact": info.exact,
        "still": info.still,
        "live": info.live,
        "path": None if info.path is None else str(info.path),
        "audio": info.audio,
        "notes": list(info.notes),
    }


def _pass(one: Pass) -> dict[str, Any]:
    return {
        "index": one.index,
        "reason": one.reason,
        "feeds": [{"source": f.source, "how": f.how, "reason": f.reason} for f in one.feeds],
        "buffers": _buffers(one.pool),
        "reader_frames": dict(one.outside),
        "stills": _firing_list(one.stills),
        "lists": [_firing_list(firing) for firing in one.lists],
    }


def _buffers(classes: tuple[PoolClass, ...]) -> list[dict[str, int]]:
    return [{"nbytes": each.nbytes, "count": each.count} for each in classes]


def _firing_list(firing: FiringList) -> dict[str, Any]:
    return {
        "clock": str(firing.clock),
        "slots": firing.slots,
        "drain": firing.drain,
        "steps": [_step(step) for step in firing.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "type": step.type,
        "kind": step.kind,
        "clock": str(step.clock),
        "reads": {port: [_arg(arg) for arg in args] for port, args in step.args.items()},
        "makes": [
            {"port": r.port.port, "slot": r.slot, "how": r.how, "input": r.input, "format": _format(r.format)}
            for r in step.results
        ],
        "ordered": step.ordered,
        "latency": step.latency,
        "total_latency": step.total_latency,
        "history": step.history,
        "releases": list(step.releases),
        "scratch_bytes": step.scratch_bytes,
        "domain": step.domain,
        "implied": step.implied,
        "place": _place(step.place),
    }


def _arg(arg: Arg) -> dict[str, Any]:
    return {
        "node": arg.port.node,
        "port": arg.port.port,
        "slot": arg.slot,
        "still": arg.still,
        "windowed": arg.windowed,
        "tap": arg.tap,
        "history": arg.history,
        "fill": arg.fill,
    }
