"""What lives for a whole run: what was done so far, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from time import perf_counter
from typing import Literal

from flowgraph.errors import RunError
from flowgraph.executor.control import Control, NodeStatus, Status, TokenStatus
from flowgraph.executor.inputs import Stills, Token
from flowgraph.executor.lists import Spent
from flowgraph.executor.run import PassRun
from flowgraph.live import LiveParameters
from flowgraph.plan import Plan, Step
from flowgraph.pool import BufferPool
from flowgraph.spool import Memory, Spool, notes_of


@dataclass(frozen=True, slots=True)
class NodeStats:
    """What one step did in a whole run.

    `seconds` of a source and a sink are those of the threads that read and write. `nbytes` is what the plan
    gives it, in the pass in which that is most: what is its own, and its part of what several share.
    """

    name: str
    type: str
    fired: int
    seconds: float
    nbytes: int
    waited: float = 0.0
    """Seconds spent waiting for its turn, and of a sink for room: not among `seconds`."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    pass_index: int
    passes: int
    frames: int
    total: int | None
    seconds: float
    pool_bytes: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a finished run did."""

    frames: int
    """Frames that the last pass took from its sources."""
    seconds: float
    nodes: tuple[NodeStats, ...]
    peak_pool_bytes: int
    bound_bytes: int
    outputs: tuple[str, ...]
    """One line of each sink."""
    notes: tuple[str, ...]


class Interrupted(RunError):  # noqa: N818 reported as a result of its own, with its own exit status
    """The run was stopped from outside; what was written so far is kept."""

    exit_code = 130


@dataclass(slots=True)
class RunState:
    """What lives for the whole run; steered and asked by a control."""

    plan: Plan
    overwrite: bool
    quiet: bool
    tick: Callable[[Progress], None]
    control: Control
    first: int = 0
    live: LiveParameters | None = None
    started: float = field(default_factory=perf_counter)
    stills: Stills = field(default_factory=dict)
    still_pool: BufferPool = field(init=False)
    stores: dict[str, Spool | Memory] = field(default_factory=dict[str, Spool | Memory])
    spent: dict[str, Spent] = field(default_factory=dict[str, Spent])
    outputs: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
    frames: int = 0
    peak: int = 0
    passing: PassRun | None = None
    """The pass under way."""
    pool: BufferPool | None = None
    reached: Status = field(default_factory=Status)
    """How far the last pass came that is over."""
    lock: Lock = field(default_factory=Lock)
    """Held where the totals of a pass go over to those of the run."""

    def __post_init__(self) -> None:
        self.still_pool = BufferPool(self.plan.stills)

    def begin(self, passing: PassRun, pool: BufferPool) -> None:
        """A pass is about to stream.

        Raises:
            KeyboardInterrupt: the run was cancelled before.
        """
        with self.lock:
            self.passing, self.pool = passing, pool
        self.control.tell("pass", passing.reason)
        self.check_cancelled()

    def end(self) -> None:
        """The pass is over: keep what it did, and let go of its buffers."""
        passing, pool = self.passing, self.pool
        assert passing is not None and pool is not None
        with self.lock:
            self.passing = self.pool = None
            self.reached = Status(
                passing.index, frames=passing.frames, total=passing.total(self.plan), index=passing.begun
            )
            self.frames = max(reader.frames for reader in passing.ends.readers.values())
            self.peak = max(self.peak, pool.peak_bytes)
            for name, cost in passing.totals().items():
                self.spent.setdefault(name, Spent()).add(cost)
        for reader in passing.ends.readers.values():
            self.notes += [note for note in notes_of(reader.reader) if note not in self.notes]

    def check_cancelled(self) -> None:
        """Stop where somebody asked for it before there was anything to stop."""
        if self.control.cancelled:
            raise KeyboardInterrupt

    def stop(self) -> None:
        """End as if a KeyboardInterrupt had come; any thread may call it."""
        passing = self.passing
        if passing is not None:
            passing.fail(KeyboardInterrupt())

    def under_way(self) -> bool:
        """Whether any token is."""
        passing = self.passing
        return passing is not None and any(passing.under_way)

    def stuck_at(self) -> tuple[str, ...]:
        """The sinks whose program must read before any token can go on."""
        passing = self.passing
        return () if passing is None else passing.stuck_at()

    def status(self) -> Status:
        """Where the run is, asked by any thread."""
        with self.lock:
            passing, pool = self.passing, self.pool
            spent = {name: replace(cost) for name, cost in self.spent.items()}
            peak = self.peak
        if passing is None or pool is None:
            return replace(
                self.reached, passes=len(self.plan.passes), seconds=self.seconds,
                pool_bytes=self.still_pool.used_bytes, peak_bytes=peak + self.still_pool.made_bytes,
                bound_bytes=self.plan.bound_bytes, nodes=self._nodes(spent, []), paused=self.control.paused,
            )  # fmt: skip
        for name, cost in passing.totals().items():
            spent.setdefault(name, Spent()).add(cost)
        tokens = passing.tokens()
        return Status(
            passing.index, len(self.plan.passes), passing.frames, passing.total(self.plan), self.seconds,
            pool.used_bytes + self.still_pool.used_bytes,
            max(peak, pool.peak_bytes) + self.still_pool.made_bytes,
            self.plan.bound_bytes, self._nodes(spent, tokens), tuple(map(_where, tokens)),
            self.control.paused, passing.begun,
        )  # fmt: skip

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return perf_counter() - self.started

    def _nodes(self, spent: Mapping[str, Spent], tokens: list[Token]) -> tuple[NodeStatus, ...]:
        places = [_where(token) for token in tokens]
        found: list[NodeStatus] = []
        for name, step in self.steps().items():
            cost = spent.get(name, Spent())
            states = [place.state for place in places if place.node == name]
            found.append(
                NodeStatus(
                    name, step.type, cost.fired, cost.seconds, cost.waited,
                    states.count("working"), states.count("waiting"),
                )
            )  # fmt: skip
        return tuple(found)

    def steps(self) -> Mapping[str, Step]:
        """Every step of the plan, by name."""
        return {
            step.name: step
            for pass_ in self.plan.passes
            for firing in (pass_.stills, *pass_.lists)
            for step in firing.steps
        }

    def report(self) -> Report:
        """What the run did."""
        return Report(
            self.frames, self.seconds, self.stats(), self.peak + self.still_pool.made_bytes,
            self.plan.bound_bytes, tuple(self.outputs), tuple(self.notes),
        )  # fmt: skip

    def close_stores(self) -> None:
        """Let go of frames that were stored for a later pass."""
        for store in self.stores.values():
            store.close()

    def stats(self) -> tuple[NodeStats, ...]:
        """What every step did."""
        owned = self.plan.most_node_bytes()
        return tuple(
            NodeStats(name, step.type, spent.fired, spent.seconds, owned.get(name, 0), spent.waited)
            for name, step in self.steps().items()
            for spent in [self.spent.get(name, Spent())]
        )


def _where(token: Token) -> TokenStatus:
    at = token.at
    if at is None:
        return TokenStatus(token.number, "", "working", token.since, token.thread)
    waits = at.turn is not None and at.turn.waits(token.index)
    state: Literal["waiting", "working"] = "waiting" if waits else "working"
    return TokenStatus(token.number, at.step.name, state, token.since, token.thread)
