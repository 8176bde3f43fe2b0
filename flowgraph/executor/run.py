"""Runs one pass: workers take tokens through the firing list until the sources end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from threading import Lock

from flowgraph.executor.control import STILLS, Control, reporter
from flowgraph.executor.firing import ReduceFiring
from flowgraph.executor.handover import Handover
from flowgraph.executor.inputs import Stills, Token
from flowgraph.executor.lists import Ends, ListRun, Scratch, Spent
from flowgraph.executor.scratch import scratch_for
from flowgraph.executor.threads import Cancelled, Worker
from flowgraph.live import LiveParameters
from flowgraph.plan import Pass, Plan
from flowgraph.pool import BufferPool

TICK_S = 0.05
"""How often the caller's thread looks up while workers run."""


@dataclass(frozen=True, slots=True)
class Steered:
    """What of a run may be steered from outside, in one pass."""

    control: Control
    last: bool
    """Whether this is the last pass."""
    first: int = 0
    """Frames of the driving source before this one are not computed."""
    live: LiveParameters | None = None


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
        self.reason = pass_.reason
        """Why it is a pass of its own."""
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
        self.working = threads
        """Workers that have not yet come to the end of the stream."""
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
                    self.working -= 1
                    return
                self._admit(token, index)
            self.main.walk(token, spent)
            del token
            self.under_way[index] = None
            if control.gated:
                control.look()
            tick(self.frames)

    def walk_one(self, scratch: Scratch) -> bool:
        """Take one token through the whole list, on the caller's thread; says whether there was one."""
        token = self.main.begin(scratch)
        if token is None:
            self.working = 0
            return False
        self._admit(token, 0)
        self.main.walk(token, self.spent[0])
        self.under_way[0] = None
        return True

    def _admit(self, token: Token, worker: int) -> None:
        """Let a token begin, when nobody wants it to wait, with the parameters of that moment."""
        control, live = self.steered.control, self.steered.live
        # First said, then asked: so whoever closes the gate sees this token, or this token sees the gate.
        self.under_way[worker] = token
        if control.gated:
            control.admit(self, token, worker)
        self.begun = token.number
        if live is not None:
            before = live.now
            token.live = before if token.drain else live.at(token.number)
            if token.live is not before:
                control.tell("changed", ", ".join(map(str, live.changes_at(token.number))))
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

    def stuck_at(self) -> tuple[str, ...]:
        """The sinks in which tokens wait for a program to read, if no token can move otherwise."""
        first = self._waits()
        # The same tokens at the same places twice: so they were there together in between.
        same = first == self._waits()
        return tuple(dict.fromkeys(name for _, name, full in first if full)) if same else ()

    def _waits(self) -> list[tuple[int, str, bool]]:
        """Each token, where it waits, and whether for a program; empty if any works or could begin."""
        tokens = [token for token in self.under_way if token is not None]
        found: list[tuple[int, str, bool]] = []
        for token in tokens if len(tokens) == self.working else ():
            at = token.at
            if at is None:
                return []
            writer = self.ends.writers.get(at.step.name)
            full = isinstance(writer, Handover) and writer.full
            if not full and not (at.turn is not None and at.turn.waits(token.index)):
                return []
            found.append((token.index, at.step.name, full))
        return found

    def tokens(self) -> list[Token]:
        """All tokens under way, those behind borders too."""
        found = [*self.under_way, *(domain.token for domain in self.main.all_domains())]
        return [token for token in found if token is not None]


def _no_tick(tokens: int) -> None:
    """Workers leave reporting to the thread that waits for them."""
