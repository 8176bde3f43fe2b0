"""Replaying a trace on the page: the same graph, times and thumbnails, at any moment of the run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from threading import RLock
from time import perf_counter
from typing import Any

from flowgraph.errors import GraphError
from flowgraph_tools.cards import Measure
from flowgraph_tools.debug.drawn import Edge, Known, placed, without_windows
from flowgraph_tools.debug.protocol import VERSION, Message
from flowgraph_tools.debug.server import Publish
from flowgraph_tools.facts import Facts, Parameter
from flowgraph_tools.trace.reader import Trace


class Replay:
    """The backend of `flowgraph debug out.fgt`. Time goes as fast as it did."""

    def __init__(self, path: Path) -> None:
        """Read a trace.

        Raises:
            GraphError: it is none.
        """
        self._path = path
        self._trace = Trace.read(path)
        self._publish: Publish | None = None
        self._lock = RLock()
        self._at = 0.0
        """The moment that is shown, in seconds since the trace began."""
        self._going: float | None = None
        """When it began to go on from there; None while it stands."""
        self._loop = False
        self._shown: dict[str, int] = {}
        self._does: Mapping[str, Callable[[Message], Message]] = {
            "run": lambda m: self._go(),
            "pause": lambda m: self._stand(self._now()),
            "step": lambda m: self._stand(self._trace.time_of(self._frame() + int(m.get("frames", 1)))),
            "back": lambda m: self._stand(self._trace.time_of(max(0, self._frame() - 1))),
            "seek": self._seek,
            "loop": self._set_loop,
            "look": lambda m: {},
            "details": lambda m: self._details(str(m["node"])),
            "frame": lambda m: self._picture(str(m["node"]), m.get("index")),
        }

    def attach(self, publish: Publish | None) -> None:
        """Somebody watches, or nobody."""
        self._publish = publish

    def greeting(self) -> list[tuple[str, Message]]:
        """The graph, how it stood, and the thumbnails of that moment."""
        with self._lock:
            self._shown.clear()
            return [("graph", self._graph()), ("state", self._state()), ("pictures", self._pictures())]

    def beat(self) -> None:
        """Go on, and tell what has changed."""
        with self._lock:
            if self._going is not None and self._now() >= self._trace.seconds:
                self._stand(0.0 if self._loop else self._trace.seconds)
                if self._loop:
                    self._go()
            self._tell()

    def do(self, message: Message) -> Message:
        """Do what a viewer asks; of a run that is over only what was recorded is there."""
        name = str(message.get("do"))
        if name not in self._does:
            raise GraphError(f"'{name}' needs a run; this is the trace of one that is over")
        with self._lock:
            return self._does[name](message)

    def close(self) -> None:
        """There is nothing to end."""

    # -- time --------------------------------------------------------------------------------------------

    def _now(self) -> float:
        gone = 0.0 if self._going is None else perf_counter() - self._going
        return min(self._at + gone, self._trace.seconds)

    def _go(self) -> Message:
        if self._now() >= self._trace.seconds:
            self._at = 0.0
        self._going = perf_counter()
        return {}

    def _stand(self, at: float) -> Message:
        self._at, self._going = at, None
        self._tell()
        return {"frame": self._frame()}

    def _seek(self, message: Message) -> Message:
        frame = message.get("frame")
        if frame is None:
            rate = self._rate()
            if rate is None:
                raise GraphError("this stream has no known rate, so a time is no frame; give a frame")
            frame = round(float(message["time"]) * rate)
        return self._stand(self._trace.time_of(int(frame)))

    def _set_loop(self, message: Message) -> Message:
        self._loop = bool(message["on"])
        return {}

    def _frame(self) -> int:
        """The token of the last pass that had begun last."""
        rows = self._trace.firings
        last = rows[(rows["pass"] == rows["pass"].max(initial=0)) & (rows["started"] <= self._now())]
        return min(int(last["index"].max(initial=0)), max(0, self._trace.frames - 1))

    def _rate(self) -> float | None:
        """Frames a second, by the times of the thumbnails of a source."""
        for node, pictures in self._trace.pictures.items():
            if self._trace.facts[node].kind == "source" and len(pictures) > 1:
                span = pictures[-1].time - pictures[0].time
                return (pictures[-1].index - pictures[0].index) / span if span > 0 else None
        return None

    # -- messages ----------------------------------------------------------------------------------------

    def _tell(self) -> None:
        publish = self._publish
        if publish is None:
            return
        publish("state", self._state())
        pictures = self._pictures()
        if pictures["nodes"]:
            publish("pictures", pictures)

    def _graph(self) -> Message:
        trace, header = self._trace, self._trace.header
        facts = trace.facts
        windows = {name for name, known in facts.items() if known.kind == "window"}
        straight = without_windows(trace.drawing, windows)
        edges = {
            wire: _edge(wire.lines, facts[wire.tail], facts[wire.head], wire.still) for wire in straight.wires
        }
        known = {
            name: Known(each.kind, bool(each.added), each.nbytes) for name, each in facts.items()
        }  # fmt: skip
        source = next((each.name for each in facts.values() if each.kind == "source"), "")
        return {
            "is": "graph",
            "protocol": VERSION,
            "version": 1,
            "title": trace.drawing.title,
            "about": f"the trace of a run that {_ended(trace.end.state)}",
            "file": str(self._path),
            "writes": False,
            "can": {"seek": True, "edit": False, "steer": True, "live": False},
            "fixed": "",
            "rate": self._rate(),
            "driver": source,
            "sources": [],
            "bound": header.get("bound_bytes", 0),
            "codec": 0,
            "workers": int(trace.firings["worker"].max(initial=0)) + 1,
            "notes": [*trace.end.notes, *trace.end.outputs],
            "warnings": [trace.end.error] if trace.end.error else [],
            **placed(straight.drawing, edges, known, {}),
        }

    def _state(self) -> Message:
        now, trace = self._now(), self._trace
        frame, moment = self._frame(), trace.moment(now)
        standing = "ended" if now >= trace.seconds else "paused"
        rate = moment.frames / moment.seconds if moment.seconds > 0 else 0.0
        going = self._going is not None
        return {
            "is": "state",
            "version": 1,
            "mode": "running" if going else standing,
            "frame": frame,
            "total": trace.frames,
            "pass": moment.pass_index,
            "passes": int(trace.firings["pass"].max(initial=0)) + 1,
            "seconds": now,
            "rate": rate,
            "left": trace.seconds - now if going else None,
            "bytes": moment.pool_bytes,
            "peak": trace.end.peak_bytes,
            "bound": trace.header.get("bound_bytes", 0),
            "nodes": self._nodes(now),
            "problem": None,
            "loop": self._loop,
            "paced": False,
            "stops": [],
            "edits": [
                {"index": c.index, "node": c.node, "param": c.param, "value": c.value}
                for c in trace.changes
                if c.index <= frame
            ],
        }

    def _nodes(self, now: float) -> dict[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        rows = self._trace.firings
        under_way = rows[
            (rows["started"] <= now) & (now < rows["started"] + rows["seconds"] + rows["waited"])
        ]
        busy = {self._trace.facts[self._trace.nodes[n]].name for n in under_way["node"]}
        for node, measure in self._trace.measures(now).items():
            name = self._trace.facts[node].name
            picture = self._trace.picture(node, self._frame())
            row = _row(measure, name in busy, picture.index if picture else None)
            # A node of several passes is shown once for all.
            found[name] = _joined(found[name], row) if name in found else row
        return found

    def _pictures(self) -> Message:
        found: dict[str, Message] = {}
        frame = self._frame()
        for node in self._trace.nodes:
            picture = self._trace.picture(node, frame)
            if picture is None or self._shown.get(node) == picture.index:
                continue
            self._shown[node] = picture.index
            found[self._trace.facts[node].name] = {
                "index": max(0, picture.index), "time": picture.time, "flat": picture.flat,
                "width": picture.width, "height": picture.height, "jpeg": picture.jpeg,
            }  # fmt: skip
        return {"is": "pictures", "frame": frame, "nodes": found}

    def _details(self, node: str) -> Message:
        found = self._facts(node)
        known = asdict(found)
        del known["id"]  # a reply has the number of its question there
        controls = [_control(parameter) for parameter in found.parameters]
        return {**known, "parameters": controls, "bytes": found.nbytes, "merged": False}

    def _picture(self, node: str, index: int | None) -> Message:
        picture = self._trace.picture(self._facts(node).id, self._frame() if index is None else index)
        if picture is None or not picture.jpeg:
            return {"none": True}
        return {
            "node": node, "index": max(0, picture.index), "time": picture.time,
            "format": f"{picture.width}x{picture.height}, a thumbnail", "width": picture.width,
            "height": picture.height, "aside": False, "quick": True, "recorded": True,
            "picture": picture.jpeg, "kind": "image/jpeg",
        }  # fmt: skip

    def _facts(self, node: str) -> Facts:
        for facts in reversed(tuple(self._trace.facts.values())):
            if node in (facts.name, *facts.aliases):
                return facts
        raise GraphError(f"the trace has no node '{node}'")


def _edge(lines: tuple[str, ...], tail: Facts, head: Facts, still: bool) -> Edge:
    """What a trace knows of a wire: its lines, and what the facts say of looking back."""
    made = next(iter(tail.makes), None)
    format = made.format if made else (lines[0] if lines else "")
    how = [stream.how for stream in head.reads if stream.node == tail.name]
    past = re.search(r"with (\d+) frame", " ".join(how))
    ago = re.search(r"(\d+) frames? ago", " ".join(how))
    return Edge(tail.name, format, tail.clock, int(past[1]) if past else 0, int(ago[1]) if ago else 0, still)


def _row(measure: Measure, busy: bool, index: int | None) -> list[Any]:
    p95 = None if measure.p95 is None else measure.p95 * 1000
    shown = None if index is None else max(0, index)
    return [measure.fired, measure.each * 1000, p95, measure.share, int(busy), 0, shown]


def _joined(one: list[Any], other: list[Any]) -> list[Any]:
    fired = one[0] + other[0]
    mean = (one[0] * one[1] + other[0] * other[1]) / fired if fired else 0.0
    most = max((p for p in (one[2], other[2]) if p is not None), default=None)
    return [
        fired,
        mean,
        most,
        one[3] + other[3],
        max(one[4], other[4]),
        0,
        other[6] if other[6] is not None else one[6],
    ]


def _control(parameter: Parameter) -> Message:
    return {
        "name": parameter.name, "value": parameter.value, "default": None, "help": parameter.help,
        "takes": parameter.takes, "live": parameter.live, "words": [], "only_words": False, "truth": False,
        "whole": False, "least": None, "most": None, "level": False,
    }  # fmt: skip


def _ended(state: str) -> str:
    return {"finished": "finished", "failed": "failed", "interrupted": "was interrupted"}.get(
        state, "broke off"
    )
