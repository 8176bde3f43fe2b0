"""Steering the runs of one target: run, pause, step, go to a frame, change a parameter, another graph.

A run can't go back. Going to frame k means a new run whose last pass starts as late before k as histories and
states allow, with all changes of parameters at their frames: the same bits, exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from threading import RLock
from typing import Any

from flowgraph.errors import FlowgraphError, GraphError
from flowgraph.executor.control import Status
from flowgraph.frame import Frame
from flowgraph.graph import Port
from flowgraph.live import Change, LiveParameters
from flowgraph.plan import Plan
from flowgraph.single import first_needed
from flowgraph_tools.debug.conditions import Condition
from flowgraph_tools.debug.resume import from_last_pass
from flowgraph_tools.debug.runner import Runner
from flowgraph_tools.debug.target import Compiled
from flowgraph_tools.debug.watching import Batch, Times, Watching


class Transport:
    """At most one run at a time. Commands of several threads are done one after the other."""

    def __init__(
        self, compiled: Compiled, taken: Callable[[Watching, Batch], None], ended: Callable[[], None]
    ) -> None:
        self.compiled = compiled
        self.stills: dict[Port, Frame] = {}
        """What earlier passes have made; used again as long as their part of the graph stays."""
        self.changes: list[Change] = []
        """Live changes with the frames from which they count."""
        self.conditions: tuple[Condition, ...] = ()
        self.pace: Fraction | None = None
        self.loop = False
        self.watched = False
        self.visible: frozenset[str] | None = None
        self.focus: frozenset[str] = frozenset()
        self.watching: Watching | None = None
        self.times = Times()
        self._lock = RLock()
        self._taken = taken
        self._told_ended = ended
        self._run: Runner | None = None
        self._seen: int | None = None
        self._aim = 0
        """The frame that the present run was started for."""
        self.begins_again = False
        """Whether the run is over and the next one is about to begin."""
        self._pausing = False
        """Whether it was asked to pause, and not to run since."""
        self._heading = False
        """Whether it is still on the way there."""

    # -- how it stands -----------------------------------------------------------------------------------

    @property
    def mode(self) -> str:
        """waiting (for the first viewer), running, seeking, pausing, paused, ended, failed."""
        run = self._run
        if run is None:
            return "waiting"
        if self.begins_again:
            return "running"
        if run.over:
            return "failed" if run.error is not None else "ended"
        if self._heading and not self._arrived():
            return "seeking"
        if not run.control.paused:
            return "running"
        return "paused" if run.control.wait_paused(0) else "pausing"

    @property
    def error(self) -> FlowgraphError | None:
        """Why the run failed."""
        return self._run.error if self._run is not None else None

    @property
    def heard(self) -> bool:
        """Whether the present run has a watcher."""
        return self._run is not None and self._run.control.watcher is not None

    def status(self) -> Status:
        """Of the present run, or the last."""
        return self._run.control.status() if self._run is not None else Status()

    @property
    def plan(self) -> Plan:
        """Of the target, whole."""
        return self.compiled.plan

    @property
    def last_pass(self) -> int:
        """The index of the pass whose frames are counted."""
        return self.plan.passes[-1].index

    @property
    def total(self) -> int | None:
        """Frames of the source that drives the last pass: from its file, or once its end was seen."""
        source = self.plan.sources.get(self.driver)
        return self._seen or (source.frames if source else None)

    @property
    def rate(self) -> Fraction | None:
        """Frames a second of that source."""
        source = self.plan.sources.get(self.driver)
        return source.rate if source else None

    @property
    def driver(self) -> str:
        """The source whose frames are counted."""
        lists = self.plan.passes[-1].lists
        return next((s.name for firing in lists[:1] for s in firing.steps if s.kind == "source"), "")

    @property
    def frame(self) -> int:
        """The source's frame that the last pass is at; what it heads for, while it isn't there."""
        status = self.status()
        if status.pass_index != self.last_pass:
            return self._aim
        if self._run is not None and self._run.over:
            return max(0, min(status.frames, self.total or status.frames) - 1)
        if status.index < 0 or (self._heading and not self._arrived()):
            return self._aim
        # Tokens of the drain count on behind the last frame.
        return min(status.index, (self.total or 1 << 62) - 1)

    def _arrived(self) -> bool:
        status = self.status()
        return status.pass_index == self.last_pass and status.index >= self._aim

    def why_fixed(self) -> str:
        """Why this run can't go back; empty where it can."""
        if self.compiled.target.write:
            return "this run writes its outputs, and going back would write them again; start without --write"
        for name, info in self.plan.sources.items():
            if info.live or not info.rereadable:
                return f"source '{name}' can't be read again"
        return ""

    # -- commands ----------------------------------------------------------------------------------------

    @property
    def still_frames(self) -> dict[str, list[Frame]]:
        """What each node that makes stills has made, in the order of its outputs."""
        found: dict[str, list[Frame]] = {}
        for port, frame in self.stills.items():
            found.setdefault(port.node, []).append(frame)
        return found

    def representative(self, name: str) -> str:
        """The node of the plan that does a node's work: itself, or one that is equal to it."""
        for node in self.plan.network.nodes:
            if name == node.name or name in node.aliases:
                return node.name
        return name

    def watch(self, watched: bool) -> None:
        """Somebody looks from now on, or nobody. The first one starts the run."""
        with self._lock:
            self.watched = watched
            if self._run is not None:
                self._run.control.watcher = self.watching if watched else None
            elif watched:
                self._begin(0, hold=False)

    def run(self) -> None:
        """Go on; from the start after the end, from the same frame after a failure."""
        with self._lock:
            self._pausing = False
            mode = self.mode
            if mode in ("waiting", "ended"):
                self._begin(0, hold=False)
            elif mode == "failed":
                self._begin(self.frame, hold=False)
            elif self._run is not None:
                if self.watching is not None:
                    self.watching.stop = None
                self._heading = False
                self._run.control.pause_at(1 << 62)
                self._run.control.resume()

    def again(self) -> None:
        """Begin again after the end, and pause at once if that was asked for meanwhile."""
        with self._lock:
            if self.begins_again:
                self._begin(0, hold=self._pausing)

    def pause(self) -> None:
        """Stop after one more frame, whose pictures are then there."""
        with self._lock:
            self._pausing = True
            if self._run is not None and self.mode not in ("paused", "ended", "failed"):
                self._advance(1)

    def step(self, frames: int = 1) -> None:
        """Go on by so many frames, and pause."""
        with self._lock:
            if self.mode in ("waiting", "ended"):
                self._begin(0, hold=True)
            elif self.mode != "failed":
                self._advance(frames)

    def seek(self, frame: int) -> None:
        """Go to a frame, computed exactly, and pause there.

        Raises:
            GraphError: this run can't go back.
        """
        with self._lock:
            why = self.why_fixed()
            if why:
                raise GraphError(f"can't go to frame {frame}: {why}")
            most = (self.total or 1 << 62) - 1
            self._begin(max(0, min(frame, most)), hold=True)

    def change(self, node: str, param: str, value: Any) -> int:
        """Change a live parameter; gives the frame from which it counts, -1 for the next one.

        Raises:
            GraphError: the value is wrong, or the parameter is not live.
        """
        with self._lock:
            run, mode = self._run, self.mode
            if run is not None and (mode in ("running", "seeking", "pausing") or self.why_fixed()):
                run.live.set(node, param, value)
                return -1
            at = self.frame
            change = Change(at, node, param, value)
            LiveParameters(self.plan.network, [change], self.plan.formats)
            self._collect()
            here = (at, node, param)
            self.changes = [c for c in self.changes if (c.index, c.node, c.param) != here] + [change]
            self._begin(at, hold=True)
            return at

    def replace(self, compiled: Compiled, stills: Mapping[Port, Frame], changes: Sequence[Change]) -> None:
        """Carry on with another graph at the same frame; `stills` and live `changes` are those still true."""
        with self._lock:
            at, hold = self.frame, self.mode in ("paused", "pausing", "seeking")
            started = self._run is not None
            self._stop()
            self._run = None
            self.times = Times()
            self._seen = None
            self.compiled = compiled
            self.stills = dict(stills)
            self.changes = [change for change in changes if self._still_fits(change)]
            if started:
                self._begin(min(at, (self.total or 1 << 62) - 1), hold=hold)

    def set_loop(self, loop: bool) -> None:
        """Whether to begin again at the end."""
        with self._lock:
            self.loop = loop
            if self.watching is not None:
                self.watching.last_index = self._last_index

    @property
    def _last_index(self) -> int | None:
        """From which frame on pictures must be taken, since they will stay."""
        return None if self.loop or self.total is None else self.total - 1

    def set_conditions(self, conditions: Sequence[Condition]) -> None:
        """Stop when one of these holds."""
        with self._lock:
            self.conditions = tuple(conditions)
            if self.watching is not None:
                self.watching.conditions = self.conditions
                self.watching.stop = None

    def look(self, visible: frozenset[str] | None, focus: frozenset[str], pace: Fraction | None) -> None:
        """Whose pictures are seen, whose frames are looked at closely, and how fast to show them."""
        with self._lock:
            self.visible, self.focus, self.pace = visible, focus, pace
            if self.watching is not None:
                self.watching.visible, self.watching.focus, self.watching.pace = visible, focus, pace

    def close(self) -> None:
        """End the run."""
        with self._lock:
            self._stop()

    def collected(self) -> list[Change]:
        """All live changes so far, those of the present run included."""
        with self._lock:
            self._collect()
            return list(self.changes)

    # -- runs --------------------------------------------------------------------------------------------

    def _advance(self, frames: int) -> None:
        assert self._run is not None
        if self.begins_again:
            self._pausing = True
            return
        if self.watching is not None:
            self.watching.stop = None
            self.watching.force = self.status().index + frames
        self._run.control.step(frames)

    def _begin(self, at: int, *, hold: bool) -> None:
        self._collect()
        self._stop()
        self.begins_again = False
        plan = from_last_pass(self.plan, self.stills) or self.plan
        first = first_needed(plan, at) if at else 0
        run = Runner(plan, self.compiled.target.options, self.changes, first, self._ended)
        watching = Watching(run.control, plan, self.times, first, self._taken)
        watching.last_index = self._last_index
        watching.visible, watching.focus, watching.pace = self.visible, self.focus, self.pace
        watching.conditions = self.conditions
        watching.stills = self.stills
        watching.force = at if at or hold else None
        watching.armed = at if hold else at - 1
        self._run, self.watching = run, watching
        self._aim, self._heading = at, at > 0 or hold
        if hold:
            run.control.pause_at(at + 1)
        if self.watched:
            run.control.watcher = watching
        run.start()

    def _stop(self) -> None:
        if self._run is not None:
            if self.watching is not None:
                self.watching.close()
            self._run.stop()
            self.times.add(self._run.control.status())

    def _collect(self) -> None:
        """Add what was changed during the present run, with the frames from which it counted."""
        if self._run is None:
            return
        planned = [(c.node, c.param, c.value) for c in self.changes]
        for change in tuple(self._run.live.recorded):
            key = (change.node, change.param, change.value)
            if key in planned:
                planned.remove(key)
            else:
                self.changes.append(change)

    def _still_fits(self, change: Change) -> bool:
        try:
            LiveParameters(self.plan.network, [change], self.plan.formats)
        except GraphError:
            return False
        return True

    def _ended(self, run: Runner) -> None:
        """On the run's own thread: it is over by itself, failed or cancelled."""
        watching = self.watching
        if run is not self._run or run.control.cancelled:
            return
        if watching is not None:
            watching.close()
        if run.error is None:
            self._seen = run.control.status().frames
        self.begins_again = self.loop and self.watched and run.error is None
        self._told_ended()
