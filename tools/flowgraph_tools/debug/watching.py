"""Listens to a run for those who watch it: times of every firing, and now and then the pictures.

It is called on the engine's workers, so it does as little as can be: it adds up numbers, and of a few tokens
a second it copies some samples. Everything else happens on a thread of its own, and while that is busy, no
further pictures are taken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from threading import Event, Lock
from time import perf_counter, process_time, thread_time

from flowgraph.executor.control import STILLS, Control, Fired, Status
from flowgraph.frame import Frame
from flowgraph.graph import Port
from flowgraph.plan import Plan, Step
from flowgraph_tools.debug.conditions import Condition
from flowgraph_tools.debug.pictures import Sample, sample

SHORTEST_S = 0.2
"""At most five sets of pictures a second."""
SHARE = 0.015
"""The most of the process's time at work that pictures take."""
TIMED_S = 0.0005
"""Of each step a token is timed at most so often, in seconds: a graph of forty steps 50 times a second."""
RARE_S = 1.0
"""A node that fires seldom has its picture taken whenever it has had none for so long."""
RECENT = 256
"""Firings that count for a p95."""


@dataclass(slots=True)
class Batch:
    """The pictures of one token."""

    index: int
    samples: dict[str, Sample] = field(default_factory=dict[str, Sample])
    frames: dict[str, Frame] = field(default_factory=dict[str, Frame])
    """Whole copies, of nodes that are looked at closely."""
    seconds: float = 0.0
    """What it cost to take them."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A condition held."""

    condition: Condition
    index: int


@dataclass(slots=True)
class Times:
    """What is known of the times of a plan's nodes, over all runs of it."""

    recent: dict[str, deque[float]] = field(default_factory=dict[str, "deque[float]"])
    """The last times of each node; of a source what was waited for a frame."""
    read: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])
    """For each source how many frames came, and the seconds that were waited for them."""
    spent: dict[str, tuple[int, float]] = field(default_factory=dict[str, tuple[int, float]])
    """For each node how often it fired in runs that are over, and the seconds that it took."""

    due: tuple[float, float] = (0.0, 0.0)
    """When pictures may be taken again, on the clocks of `perf_counter` and `process_time`."""

    def add(self, status: Status) -> None:
        """A run is over."""
        for node in status.nodes:
            fired, seconds = self.spent.get(node.name, (0, 0.0))
            self.spent[node.name] = (fired + node.fired, seconds + node.seconds)

    def so_far(self, name: str, fired: int, seconds: float) -> tuple[int, float]:
        """How often a node fired, in this run (given) and those before, and its mean seconds of late."""
        if name in self.read:
            fired, seconds = self.read[name]
        else:
            before, spent = self.spent.get(name, (0, 0.0))
            fired, seconds = before + fired, spent + seconds
        recent = tuple(self.recent.get(name, ()))
        return fired, mean(recent) if recent else seconds / max(1, fired)


class Watching:
    """The watcher of one run. `taken` gets each batch when its token is through, on a worker's thread."""

    def __init__(
        self,
        control: Control,
        plan: Plan,
        times: Times,
        first: int,
        taken: Callable[[Watching, Batch], None],
    ) -> None:
        """`first`: the run computes nothing before. Pictures of its first frames may not be true then."""
        self._exact = first == 0
        self._control = control
        self._sources = frozenset(plan.sources)
        self._last_pass = plan.passes[-1].index
        self._made_once = {step.name: [r.port for r in step.results] for step in _once(plan)}
        self._last_steps = frozenset(one.lists[0].steps[-1].name for one in plan.passes if one.lists)
        self._taken = taken
        self._lock = Lock()
        self._rare = Batch(-1)
        self._pictured: dict[str, float] = {}
        self._batch: Batch | None = None
        self._stopped = Event()
        self._held: set[int] = set()
        # A node that fires seldom is seen only by who looks at every token.
        self._every = any(step.clock.steps for one in plan.passes for f in one.lists for step in f.steps)
        self._timed = 0.0
        self._pause = TIMED_S * sum(len(firing.steps) for one in plan.passes for firing in one.lists)
        self._begun = 0.0
        self.busy = False
        """Whether the last batch is still being worked on."""
        self.force: int | None = None
        """The token of the last pass of which pictures must be taken next, however busy; or one after it.

        Until then none are taken: at the start of a run that computes no more than it must, none is true.
        """
        self.last_index: int | None = None
        """From that token of the last pass on every token's pictures are taken: they will stay."""
        self.armed = -1
        """Conditions count after this token of the last pass."""
        self.visible: frozenset[str] | None = None
        """Nodes whose pictures somebody sees; None is all of them."""
        self.focus: frozenset[str] = frozenset()
        """Nodes of which whole frames are copied."""
        self.conditions: tuple[Condition, ...] = ()
        self.stop: Stop | None = None
        """The condition that has paused the run."""
        self.pace: Fraction | None = None
        """Frames a second that are shown; None is as fast as it goes."""
        self.times = times
        self.latest: dict[str, int] = {}
        """The index of each node's last frame."""
        self.stills: dict[Port, Frame] = {}
        """Where copies go of what is computed once."""

    def wants(self, pass_index: int, index: int) -> bool:
        """The times of many tokens, and the pictures of a few."""
        if index == STILLS:
            return True
        held = self._keep_pace() or self._control.gated
        now = perf_counter()
        last_pass = pass_index == self._last_pass
        forced = last_pass and self.force is not None and index >= self.force
        last = last_pass and self.last_index is not None and index >= self.last_index
        with self._lock:
            if forced:
                self.force = None
            free = self.force is None and self._batch is None and not self.busy
            due = now >= self.times.due[0] and process_time() >= self.times.due[1]
            if forced or last or (free and due):
                self._batch = Batch(index)
            if (
                self._batch is None
                and now - self._timed < self._pause
                and not (self._every or self.conditions)
            ):
                return False
            self._timed = now
            if held:
                self._held.add(index)
            return True

    def fired(self, firing: Fired) -> None:
        """One step is done."""
        name = firing.node
        recent = self.times.recent.get(name)
        if recent is None:
            # The first firing of all loads libraries and fills caches: it says nothing of those to come.
            recent = self.times.recent[name] = deque(maxlen=RECENT)
        elif name in self._sources:
            self._read(name, firing, recent)
        else:
            recent.append(firing.seconds)
        if firing.frames:
            self.latest[name] = firing.frames[0].index
            if firing.index == STILLS:
                for port, frame in zip(self._made_once.get(name, ()), firing.frames, strict=True):
                    self.stills[port] = frame.copy()
            batch = self._batch
            if batch is None or batch.index != firing.index:
                waited = firing.started - self._pictured.get(name, 0)
                rare = waited > RARE_S and self._exact
                # A still comes once, and always from all frames that it needs.
                batch = self._rare if rare or firing.index == STILLS else None
            if batch is not None:
                self._pictured[name] = firing.started
                self._take(batch, name, firing.frames[0])
        for condition in self.conditions:
            if condition.node == name and self._counts(firing):
                self._ask(condition, firing, recent)
        if name in self._last_steps:
            self._finish(firing.index)

    def _take(self, batch: Batch, name: str, frame: Frame) -> None:
        began = thread_time()
        if name in self.focus:
            batch.frames[name] = frame.copy()
        if self.visible is None or name in self.visible:
            batch.samples[name] = sample(frame)
        batch.seconds += thread_time() - began

    def _finish(self, index: int) -> None:
        with self._lock:
            batch = self._batch
            if batch is None or batch.index > index:
                return
            rare, self._rare, self._batch = self._rare, Batch(-1), None
            self.busy = True
        batch.samples = rare.samples | batch.samples
        batch.frames = rare.frames | batch.frames
        batch.seconds += rare.seconds
        self._taken(self, batch)

    def done(self, seconds: float) -> None:
        """The batch is worked on; it took `seconds` in all. The more, the later the next."""
        self.times.due = (perf_counter() + SHORTEST_S, process_time() + seconds / SHARE)
        self.busy = False

    def _counts(self, firing: Fired) -> bool:
        """Whether conditions are asked; also after one held, for tokens that were overtaken."""
        first = self.stop is None or firing.index < self.stop.index
        return first and (firing.pass_index < self._last_pass or firing.index > self.armed)

    def _ask(self, condition: Condition, firing: Fired, recent: deque[float]) -> None:
        values = {
            "ms": firing.seconds * 1000,
            "mean": mean(recent) * 1000,
            "p95": percentile(recent),
            "waited": firing.waited * 1000,
            "fired": float(len(recent)),
            "frame": float(firing.frames[0].index if firing.frames else firing.index),
        }
        if condition.holds(values, firing.frames):
            self.stop = Stop(condition, firing.index)
            self._control.pause()

    def _read(self, name: str, firing: Fired, recent: deque[float]) -> None:
        """What a token waited for its frame; not where it was held back on purpose."""
        if firing.index in self._held:
            self._held.discard(firing.index)
            return
        recent.append(firing.waited)
        count, seconds = self.times.read.get(name, (0, 0.0))
        self.times.read[name] = (count + 1, seconds + firing.waited)

    def _keep_pace(self) -> bool:
        """Hold a token back until its time has come, where somebody asked for that; says whether it did."""
        pace = self.pace
        if pace is None:
            return False
        now = perf_counter()
        wait = self._begun + float(1 / pace) - now
        if wait > 0 and not self._control.cancelled:
            self._stopped.wait(min(wait, 1.0))
        self._begun = max(now, self._begun + float(1 / pace)) if wait > -1 else now
        return wait > 0

    def close(self) -> None:
        """The run is over: hold nothing back any more, and hand over what is left."""
        self._stopped.set()
        if self._batch is not None or self._rare.samples:
            self._batch = self._batch or Batch(max(self.latest.values(), default=-1))
            self._finish(self._batch.index)


def _once(plan: Plan) -> list[Step]:
    """The steps that make stills."""
    stills = [step for one in plan.passes for step in one.stills.steps]
    streams = [step for one in plan.passes for firing in one.lists for step in firing.steps]
    return [*stills, *(step for step in streams if step.kind == "reduce")]


def mean(seconds: Iterable[float]) -> float:
    """The mean without the slowest fiftieth: a machine that was busy elsewhere for once says nothing."""
    ordered = sorted(seconds)
    kept = ordered[: max(1, len(ordered) - ceil(len(ordered) / 50))]
    return sum(kept) / max(1, len(kept))


def percentile(seconds: Iterable[float]) -> float:
    """The time, in ms, that 95 of 100 are not above."""
    ordered = sorted(seconds)
    return ordered[ceil(0.95 * len(ordered)) - 1] * 1000 if ordered else 0.0
