"""Steering and watching a run from other threads: pause, step, cancel, status, and reports of firings.

    control = Control()
    thread = Thread(target=lambda: execute(plan, control=control))
    control.pause_at(100)                 # before frame 100 of the last pass
    thread.start()
    control.wait_paused(None)
    control.step()                        # frame 100, and paused again
    control.resume()

A token that has begun always goes on to its end: a pause takes hold before a token begins, when its source's
frames have been taken and its parameters have not.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Condition
from time import perf_counter
from typing import TYPE_CHECKING, Literal, Protocol
from weakref import WeakSet

from flowgraph.executor.events import Event, Events, Kind
from flowgraph.executor.threads import Cancelled
from flowgraph.frame import Frame

if TYPE_CHECKING:
    from flowgraph.executor.inputs import Token
    from flowgraph.plan import Step

STILLS = -1
"""The index of what is computed once, apart from the tokens: stills before them, reductions after them."""


@dataclass(frozen=True, slots=True)
class Fired:
    """One step of one token is done."""

    node: str
    type: str
    pass_index: int
    index: int
    """The token: the index of its source's frame, counted on in the drain; `STILLS` for a still."""
    worker: int
    started: float
    """On the clock of `time.perf_counter`; what was waited for lies within."""
    seconds: float
    """At work, without `waited`."""
    waited: float
    """Seconds spent waiting for its turn; of a source, for its frame."""
    frames: tuple[Frame, ...]
    """What the step put out, of a sink what it takes; empty where it was skipped, for reductions before their
    end and for windows. Valid only during the call: planes may be overwritten afterwards."""


class Watcher(Protocol):
    """Who wants to hear of firings. Exceptions from it fail the run."""

    def wants(self, pass_index: int, index: int) -> bool:
        """Asked once for each token as it begins: are its firings to be reported?"""
        ...

    def fired(self, firing: Fired) -> None:
        """Hear of one firing, on the worker's thread and right after the step: the token waits meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class NodeStatus:
    """What one step did so far, in all passes, and how many tokens are there now."""

    name: str
    type: str
    fired: int
    seconds: float
    waited: float
    working: int
    waiting: int
    """Tokens that wait for their turn."""


@dataclass(frozen=True, slots=True)
class TokenStatus:
    """Where one token is. `since` is on the clock of `time.perf_counter`, `thread` as of `get_ident`."""

    index: int
    node: str
    state: Literal["waiting", "working"]
    since: float
    thread: int


@dataclass(frozen=True, slots=True)
class Status:
    """A run at one moment. Before it begins all is zero; after its end it stays as it was last."""

    pass_index: int = 0
    passes: int = 0
    frames: int = 0
    """Frames that this pass took from the source that drives it."""
    total: int | None = None
    seconds: float = 0.0
    pool_bytes: int = 0
    """In use now."""
    peak_bytes: int = 0
    bound_bytes: int = 0
    nodes: tuple[NodeStatus, ...] = ()
    tokens: tuple[TokenStatus, ...] = ()
    paused: bool = False
    index: int = -1
    """Of the token that began last; -1 before the first of a pass."""


class Passing(Protocol):
    """What a control knows of a pass whose tokens ask to begin."""

    index: int
    last: bool
    stopped: bool
    under_way: list[Token | None]


class Runner(Protocol):
    """What a control asks of the run that it steers."""

    def status(self) -> Status: ...
    def under_way(self) -> bool: ...
    def stuck_at(self) -> tuple[str, ...]: ...
    def stop(self) -> None: ...


class Control:
    """Steers one run: give it to `execute`, and use it from any thread before, during and after the run."""

    def __init__(self) -> None:
        self.watcher: Watcher | None = None
        """May be set at any time; counts for tokens that begin afterwards."""
        self.gated = False
        """Whether tokens must come to `admit` before they begin."""
        self.cancelled = False
        """Whether `cancel` was called."""
        self._changed = Condition()
        self._allowed: int | None = None
        self._stop_at: tuple[int, int] | None = None
        self._runner: Runner | None = None
        self._last = Status()
        self._over = False
        self._readers: WeakSet[Events] = WeakSet()
        self._end: Event | None = None

    # -- for who steers ---------------------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether no token may begin. Those under way go on: see `wait_paused`."""
        return self._allowed == 0

    @property
    def over(self) -> bool:
        """Whether the run has ended."""
        return self._over

    def events(self, every_s: float | None = None) -> Events:
        """What happens to the run from now on, to iterate over, and every `every_s` seconds how far it is.

        The last event is `failed` or `ended`; of a run that is over it is the only one.
        """
        events = Events(self.status, every_s)
        with self._changed:
            self._readers.add(events)
            last = self._end
        if last is not None:
            events.tell(last)
        return events

    def pause(self) -> None:
        """Let no further token begin."""
        self._allow(0)
        self.tell("paused")

    def resume(self) -> None:
        """Let tokens begin again; a `pause_at` that wasn't reached stays."""
        self._allow(None)
        self.tell("resumed")

    def step(self, frames: int = 1) -> None:
        """Let that many tokens begin, and pause."""
        if frames < 1:
            raise ValueError(f"a step takes at least one frame, got {frames}")
        self._allow(frames)

    def pause_at(self, index: int, pass_index: int = -1) -> None:
        """Pause before the token of source frame `index` begins, in the last pass unless told which."""
        with self._changed:
            self._stop_at = (pass_index, index)
            self.gated = True

    def wait_paused(self, timeout: float | None = None) -> bool:
        """Wait until the run is paused and no token is under way; says whether that came about.

        False when `timeout` seconds went by, and when the run ended or was cancelled.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._is_quiet() or self._over or self.cancelled, timeout)
            return self._is_quiet() and not self._over and not self.cancelled

    def cancel(self) -> None:
        """Stop the run as ctrl-C does: it raises Interrupted, and keeps what was written as partial."""
        with self._changed:
            self.cancelled = True
            runner = self._runner
            self._changed.notify_all()
        self.tell("cancelled")
        if runner is not None:
            runner.stop()

    def status(self) -> Status:
        """Where the run is."""
        runner = self._runner
        return self._last if runner is None else runner.status()

    def stuck_at(self) -> tuple[str, ...]:
        """The sinks whose program must read before any token can go on; empty while one can."""
        runner = self._runner
        return () if runner is None else runner.stuck_at()

    # -- for the executor -------------------------------------------------------------------------------

    def attach(self, runner: Runner) -> None:
        """The run begins.

        Raises:
            ValueError: it steered another run already.
        """
        with self._changed:
            if self._runner is not None or self._over:
                raise ValueError("a Control steers one run only")
            self._runner = runner
        self.tell("began")

    def detach(self, failure: BaseException | None = None) -> None:
        """The run is over, by an error if one is given. Later calls say nothing new."""
        with self._changed:
            if self._over:
                return
            if self._runner is not None:
                self._last = self._runner.status()
            self._runner = None
            self._over = True
            self._end = Event("ended" if failure is None else "failed", self._last, str(failure or ""))
            self._changed.notify_all()
        self._send(self._end)

    def tell(self, kind: Kind, about: str = "") -> None:
        """Something happened; after the end, nothing does any more."""
        if self._readers and not self._over:
            self._send(Event(kind, self.status(), about))

    def _send(self, event: Event) -> None:
        with self._changed:
            readers = tuple(self._readers)
        for reader in readers:
            reader.tell(event)

    def admit(self, passing: Passing, token: Token, worker: int) -> None:
        """Return when the token may begin; until then it is not under way.

        Raises:
            Cancelled: the pass was stopped; `look` makes this be noticed.
        """
        if self._reaches(passing, token):
            self.tell("paused")
        with self._changed:
            passing.under_way[worker] = None
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._allowed != 0 or passing.stopped)
            if passing.stopped:
                raise Cancelled
            last = self._allowed == 1
            if self._allowed is not None:
                self._allowed -= 1
            self.gated = self._allowed is not None or self._stop_at is not None
            passing.under_way[worker] = token
        if last:
            self.tell("paused")

    def _reaches(self, passing: Passing, token: Token) -> bool:
        """Whether the token is the one to pause at."""
        with self._changed:
            if self._stop_at is None:
                return False
            which, at = self._stop_at
            reached = token.number >= at and (passing.last if which < 0 else passing.index == which)
            if reached:
                self._stop_at, self._allowed = None, 0
            return reached

    def look(self) -> None:
        """Let everybody who waits look again: a token ended, or the pass is being stopped."""
        with self._changed:
            self._changed.notify_all()

    def _allow(self, frames: int | None) -> None:
        with self._changed:
            self._allowed = frames
            self.gated = frames is not None or self._stop_at is not None
            self._changed.notify_all()

    def _is_quiet(self) -> bool:
        return self._allowed == 0 and (self._runner is None or not self._runner.under_way())


class Reporter:
    """Tells a watcher of the firings of one token, and of those behind its borders."""

    __slots__ = ("pass_index", "watcher", "worker")

    def __init__(self, watcher: Watcher, pass_index: int, worker: int) -> None:
        self.watcher = watcher
        self.pass_index = pass_index
        self.worker = worker

    def tell(self, step: Step, token: Token, frames: tuple[Frame, ...]) -> None:
        """The step that the token came to at `token.since` is done."""
        seconds = perf_counter() - token.since - token.waited
        self.watcher.fired(
            Fired(
                step.name, step.type, self.pass_index, token.number, self.worker,
                token.since, seconds, token.waited, frames,
            )
        )  # fmt: skip


def reporter(watcher: Watcher | None, pass_index: int, index: int, worker: int) -> Reporter | None:
    """What tells the watcher of a token that begins; None where nobody wants to know."""
    if watcher is None or not watcher.wants(pass_index, index):
        return None
    return Reporter(watcher, pass_index, worker)
