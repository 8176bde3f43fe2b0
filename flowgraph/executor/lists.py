"""Firing lists at run time: a token is drawn from its sources and walked to its ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import perf_counter

from flowgraph.executor.control import Reporter
from flowgraph.executor.ends import SinkEnd, SourceEnd
from flowgraph.executor.firing import (
    BorderFiring,
    Firing,
    NodeFiring,
    ReduceFiring,
    SinkFiring,
    WindowFiring,
)
from flowgraph.executor.inputs import Stills, Token
from flowgraph.executor.scratch import scratch_for
from flowgraph.frame import Frame, Plane
from flowgraph.plan import FiringList, Step
from flowgraph.pool import BufferPool

Scratch = Mapping[str, Mapping[str, Plane]]


@dataclass(slots=True)
class Spent:
    """How often a step fired, the seconds that it took, and those that it waited for its turn."""

    fired: int = 0
    seconds: float = 0.0
    waited: float = 0.0

    def add(self, other: Spent) -> None:
        """Count what was spent elsewhere."""
        self.fired += other.fired
        self.seconds += other.seconds
        self.waited += other.waited


@dataclass(slots=True)
class Ends:
    """What the lists of a pass draw from and hand to."""

    readers: dict[tuple[int, str], SourceEnd]
    """By list and source."""
    writers: dict[str, SinkEnd]

    def start(self, fail: Callable[[BaseException], None], stop: Callable[[], None]) -> None:
        """Begin to read and to write, now that there is somebody to hear of failures."""
        for reader in self.readers.values():
            reader.start(fail)
        for writer in self.writers.values():
            writer.start(fail, stop)


class ListRun:
    """One firing list at run time. `walk` takes one token from its sources to its ends."""

    def __init__(
        self, index: int, lists: tuple[FiringList, ...], stills: Stills, pool: BufferPool, ends: Ends
    ) -> None:
        firing = lists[index]
        self.firing = firing
        self.readers = [
            (step, ends.readers[index, step.name]) for step in firing.steps if step.kind == "source"
        ]
        self.domains: list[DomainRun] = []
        self.firings = [
            self._make(step, lists, stills, pool, ends) for step in firing.steps if step.kind != "source"
        ]
        self.first = 0
        """Frames before this one are read, since decoding needs them, but not computed."""
        self.tokens = 0
        self.drained = 0
        self.ending = False

    def _make(
        self,
        step: Step,
        lists: tuple[FiringList, ...],
        stills: Stills,
        pool: BufferPool,
        ends: Ends,
    ) -> Firing:
        if step.kind == "sink":
            return SinkFiring(step, stills, pool, ends.writers[step.name].put)
        if step.kind == "window":
            return WindowFiring(step, stills, pool)
        if step.kind == "reduce":
            return ReduceFiring(step, stills, pool)
        if step.kind == "border":
            if step.domain < 0:
                return BorderFiring(step, stills, pool, None)
            domain = DomainRun(ListRun(step.domain, lists, stills, pool, ends))
            self.domains.append(domain)
            return BorderFiring(step, stills, pool, domain.advance)
        return NodeFiring(step, stills, pool)

    def begin(self, scratch: Scratch) -> Token | None:
        """The next token, with its sources' frames; None when the last drain token was given out."""
        index = self.tokens
        token = Token(index, self.firing.slots, scratch, self.first)
        if not self.ending:
            for step, reader in self.readers:
                frame = reader.get()
                while frame is not None and frame.index < self.first:
                    frame = reader.get()
                if frame is None:
                    self.ending = True
                    break
                token.slots[step.results[0].slot] = frame
        if self.ending:
            token.slots = [None] * self.firing.slots
            self.drained += 1
            token.drain = self.drained
            if self.drained > self.firing.drain:
                return None
        self.tokens += 1
        return token

    def walk(self, token: Token, spent: list[Spent]) -> None:
        """Fire every step, in order."""
        if token.report is not None:
            self._tell_of_sources(token, token.report)
        for step, _ in self.readers:
            for slot in step.releases:
                token.slots[slot] = None
        started = perf_counter()
        for firing, cost in zip(self.firings, spent, strict=True):
            token.at = firing
            token.since = started
            if firing.fire(token):
                cost.fired += 1
            ended = perf_counter()
            cost.seconds += ended - started
            if token.waited:
                cost.seconds -= token.waited
                cost.waited += token.waited
                token.waited = 0.0
            started = ended

    def _tell_of_sources(self, token: Token, report: Reporter) -> None:
        """Its frames are there: all that a token does at a source is to wait."""
        if not token.drain:
            token.waited = perf_counter() - token.since
            for step, _ in self.readers:
                report.tell(step, token, (token.slots[step.results[0].slot],))
            token.waited = 0.0

    def all_domains(self) -> list[DomainRun]:
        """The domains behind its borders, and behind theirs."""
        return [inner for domain in self.domains for inner in (domain, *domain.run.all_domains())]

    def cancel(self) -> None:
        """Wake up everybody who waits for a turn."""
        for firing in self.firings:
            if firing.turn is not None:
                firing.turn.cancel()


class DomainRun:
    """A list behind a border, advanced in order by the border's own turn."""

    def __init__(self, run: ListRun) -> None:
        self.run = run
        self.scratch = scratch_for(run.firing.steps)
        self.spent = [Spent() for _ in run.firings]
        self.token: Token | None = None
        """The one under way."""

    def advance(self, asking: Token) -> Frame | None:
        """The next frame of this clock, for a token of another: None after the last."""
        while True:
            token = self.token = self.run.begin(self.scratch)
            if token is None:
                return None
            token.live = asking.live
            token.report = asking.report
            self.run.walk(token, self.spent)
            self.token = None
            frame: Frame | None = token.slots[self.run.firing.result]
            if frame is not None:
                return frame
