"""Starting a plan in its last pass, with the stills that earlier passes made.

Going to a frame computes only the last pass again: what earlier passes found out doesn't change while their
part of the graph doesn't.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import PrivateAttr

from flowgraph.frame import Frame
from flowgraph.graph import Port
from flowgraph.node import Formats, Limits, Output, Reader, Source, SourceInfo
from flowgraph.plan import Clock, Feed, FiringList, Pass, Plan, Result, Step


class Held(Source):
    """A still that is there already."""

    _frame: Frame | None = PrivateAttr(None)

    image = Output("bgr24")

    def holding(self, frame: Frame) -> Held:
        """The node that gives this frame."""
        self._frame = frame
        return self

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        """Hand the frame out."""
        return _Once(self._frame)


class _Once:
    def __init__(self, frame: Frame | None) -> None:
        self._frame = frame

    def read(self) -> Frame | None:
        frame, self._frame = self._frame, None
        return frame

    def close(self) -> None:
        pass


def from_last_pass(plan: Plan, stills: Mapping[Port, Frame]) -> Plan | None:
    """The plan of the last pass alone; None where there is but one, or a still of an earlier one is missing.

    A source whose frames an earlier pass would have stored is read again.
    """
    if len(plan.passes) < 2:
        return None
    wanted = [result for one in plan.passes[:-1] for result in _stills_of(one)]
    if any(result.port not in stills for result in wanted):
        return None
    sources = dict(plan.sources)
    steps: list[Step] = []
    for result in wanted:
        frame = stills[result.port]
        name = f"{result.port.node}>{result.port.port}"
        sources[name] = SourceInfo(result.format, ("held", name), still=True)
        held = Result(result.port, result.slot, result.format, "source")
        formats = Formats({}, {result.port.port: result.format})
        steps.append(Step(name, "held", "source", Held().holding(frame), {}, (held,), formats, Clock()))
    last = plan.passes[-1]
    listed = FiringList(Clock(), (*steps, *last.stills.steps), last.stills.slots)
    feeds = tuple(_read_again(feed) for feed in last.feeds)
    return replace(plan, sources=sources, passes=(replace(last, stills=listed, feeds=feeds),))


def _read_again(feed: Feed) -> Feed:
    return replace(feed, how="read again") if feed.how in ("kept", "spool") else feed


def _stills_of(one: Pass) -> list[Result]:
    """What a pass leaves for those after it."""
    once = [result for step in one.stills.steps for result in step.results]
    reduced = [
        r for firing in one.lists for step in firing.steps if step.kind == "reduce" for r in step.results
    ]
    return [*once, *reduced]
