"""Runs one pass: workers take tokens through the firing list until the sources end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock
from time import perf_counter

from flowgraph.executor.control import STILLS, Control, Reporter, reporter
from flowgraph.executor.ends import ReadAhead, WriteBehind
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
from flowgraph.executor.threads import Cancelled, Worker
from flowgraph.frame import Frame, Plane
from flowgraph.live import LiveParameters
from flowgraph.plan import FiringList, Pass, Plan, Step
from flowgraph.pool import BufferPool

Scratch = Mapping[str, Mapping[str, Plane]]

TICK_S = 0.05
"""How often the caller's thread looks up while workers run."""


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


@dataclass(frozen=True, slots=True)
class Steered:
    """What of a run may be steered from outside, in one pass."""

    control: Control
    last: bool
    """Whether this is the last pass."""
    first: int = 0
    """Frames of the driving source before this one are not computed."""
    live: LiveParameters | None = None


@dataclass(slots=True)
class Ends:
    """What the lists of a pass draw from and hand to."""

    readers: dict[tuple[int, str], ReadAhead]
    """By list and source."""
    writers: dict[str, WriteBehind]

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


class PassRun:
    """One pass at run time: walks all tokens, on the caller's thread or on workers.

    The first frames are left out as `steered` says; it also holds what may change meanwhile.
    """

    def __init__(
        self,
        pass_: Pass,
        stills: Stills,
        pool: BufferPool,
        ends: Ends,
        threads: int,
        steered: Steered,
    ) -> None:
        self.index = pass_.index
        self.main = ListRun(0, pass_.lists, stills, pool, ends)
        self.main.first = steered.first
        self.steered = steered
        self.ends = ends
        self.threads = threads
        self.failure: BaseException | None = None
        self.last = steered.last
        self.stopped = False
        self.spent = [[Spent() for _ in self.main.firings] for _ in range(threads)]
        self.under_way: list[Token | None] = [None] * threads
        """The token of each worker."""
        self.begun = -1
        """The index of the token that began last."""
        self._begin = Lock()

    def run(self, tick: Callable[[int], None]) -> None:
        """Walk until the sources end. `tick` is called now and then with the number of frames begun.

        Raises:
            RunError: a node, a source or a sink failed.
            Whatever `tick` raises, after everything was stopped.
        """
        try:
            if self.threads == 1:
                self._work(0, tick)
            else:
                self._share(tick)
        except Cancelled:
            pass  # whoever cancelled has left the failure
        except BaseException:
            self.cancel()
            raise
        if self.failure is not None:
            raise self.failure

    def _share(self, tick: Callable[[int], None]) -> None:
        workers = [
            Worker(f"worker {i}", partial(self._work, i, _no_tick), self.fail) for i in range(self.threads)
        ]
        try:
            while not all(worker.join(TICK_S) for worker in workers):
                tick(self.frames)
        except BaseException:
            self.cancel()
            raise
        finally:
            for worker in workers:
                worker.join()

    def _work(self, index: int, tick: Callable[[int], None]) -> None:
        scratch = scratch_for(self.main.firing.steps)
        spent = self.spent[index]
        control = self.steered.control
        while True:
            with self._begin:
                token = self.main.begin(scratch)
                if token is None:
                    return
                self._admit(token, index)
            self.main.walk(token, spent)
            del token
            self.under_way[index] = None
            if control.gated:
                control.look()
            tick(self.frames)

    def _admit(self, token: Token, worker: int) -> None:
        """Let a token begin, when nobody wants it to wait, with the parameters of that moment."""
        control, live = self.steered.control, self.steered.live
        # First said, then asked: so whoever closes the gate sees this token, or this token sees the gate.
        self.under_way[worker] = token
        if control.gated:
            control.admit(self, token, worker)
        self.begun = token.number
        if live is not None:
            token.live = live.now if token.drain else live.at(token.number)
        token.report = reporter(control.watcher, self.index, token.number, worker)

    def total(self, plan: Plan) -> int | None:
        """How many frames that source has, or about that; None where nobody knows."""
        return plan.sources[self.main.readers[0][0].name].frames

    @property
    def frames(self) -> int:
        """Frames taken so far from the source that drives the pass."""
        return self.main.readers[0][1].frames

    def fail(self, error: BaseException) -> None:
        """Remember the first failure and stop everything."""
        if self.failure is None:
            self.failure = error
        self.cancel()

    def stop(self) -> None:
        """End the stream here, as if the sources had ended."""
        self.main.ending = True

    def cancel(self) -> None:
        """Wake up everybody who waits for a turn, a frame, room or permission."""
        self.stopped = True
        self.steered.control.look()
        self.main.cancel()
        for reader in self.ends.readers.values():
            reader.cancel()
        for writer in self.ends.writers.values():
            writer.cancel()

    def finish_reductions(self, still_pool: BufferPool) -> None:
        """Make the stills of all reductions.

        Raises:
            RunError: a reduction got no frame at all.
        """
        step, reader = self.main.readers[0]
        for firing in self.main.firings:
            if isinstance(firing, ReduceFiring):
                token = Token(0, 0, {}, STILLS)
                token.report = reporter(self.steered.control.watcher, self.index, STILLS, 0)
                firing.finish(still_pool, step.name, reader.frames, token)

    def totals(self) -> Mapping[str, Spent]:
        """What each step took, over all workers and domains; of sources and sinks also their own threads."""
        found: dict[str, Spent] = {}
        runs = [(self.main, spent) for spent in self.spent]
        runs += [(domain.run, domain.spent) for domain in self.main.all_domains()]
        for run, spent in runs:
            for firing, cost in zip(run.firings, spent, strict=True):
                found.setdefault(firing.step.name, Spent()).add(cost)
        for (_, name), reader in self.ends.readers.items():
            found.setdefault(name, Spent()).add(Spent(reader.frames, reader.seconds))
        for name, writer in self.ends.writers.items():
            found.setdefault(name, Spent()).add(Spent(0, writer.seconds))
        return found

    def tokens(self) -> list[Token]:
        """All tokens under way, those behind borders too."""
        found = [*self.under_way, *(domain.token for domain in self.main.all_domains())]
        return [token for token in found if token is not None]


def _no_tick(tokens: int) -> None:
    """Workers leave reporting to the thread that waits for them."""
