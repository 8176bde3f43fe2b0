"""A run that a program holds in its hand: it streams the frames of any node, and can be steered meanwhile.

    graph = flowgraph.load("bloom.yaml")
    with graph.open({"input": "dance.mp4"}, outputs=["bloom"], sinks=False) as run:
        for frame in run["bloom"]:
            show(frame.data)

The engine works on threads of its own, no further ahead of the reader than the plan counts: a slow reader
slows the run down. Leaving the block ends everything; if the program has not read to the end, the run is
stopped as ctrl-C does it, and what sinks wrote so far is kept under its partial name.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Lock, Thread, current_thread
from time import perf_counter
from types import TracebackType
from typing import Any

from flowgraph.background import Outcome, Work, tell
from flowgraph.document.sinkless import without_paths_to_write
from flowgraph.errors import GraphError, RunError, did_you_mean
from flowgraph.executor.control import Control, Status
from flowgraph.executor.events import Event, Events
from flowgraph.executor.handover import POLL_S, Handover
from flowgraph.executor.state import Interrupted, Report
from flowgraph.frame import Frame
from flowgraph.graph import Graph, Network
from flowgraph.live import Change, LiveParameters
from flowgraph.node import Sink
from flowgraph.passes.expand import expand
from flowgraph.passes.prune import prune
from flowgraph.plan import Plan
from flowgraph.program import ProgramSink
from flowgraph.reading import Frames
from flowgraph.session import Options, plan
from flowgraph.taps import Tap, tapped

UNREAD_S = 2.0
"""How long a reader waits for somebody to begin with an output that holds up the run."""


def open_run(
    graph: Graph,
    values: Mapping[str, Any],
    outputs: Sequence[str] | Mapping[str, str],
    overrides: Mapping[tuple[str, str], Any],
    options: Options,
    ahead: int,
    sinks: bool,
) -> Run:
    """See `Graph.open`."""
    if ahead < 0:
        raise GraphError(f"no fewer than 0 frames can wait, got ahead={ahead}")
    network = expand(graph if sinks else without_paths_to_write(graph), values, overrides, need_sink=False)
    wanted = dict(outputs) if isinstance(outputs, Mapping) else dict.fromkeys(outputs, "auto")
    return Run(network, wanted, options=options, ahead=ahead, sinks=sinks)


class Run:
    """A graph that runs on threads of its own while the program reads, watches and steers it.

    Made by `Graph.open`. Use it as a context: leaving the block ends the run. It begins when the first frame
    is asked for, or with `start`. All methods may be called from any thread.
    """

    def __init__(
        self,
        network: Network,
        outputs: Mapping[str, str],
        *,
        options: Options = Options(),  # noqa: B008 a frozen record
        ahead: int = 0,
        sinks: bool = True,
    ) -> None:
        """See `Graph.open`."""
        self.control = Control()
        """Steers the run frame by frame."""
        self._network = network
        self._sinks = sinks
        self._options = options
        self._ahead = ahead
        self._ends: dict[str, Handover] = {}
        self._plan: Plan | None = None
        self._live: LiveParameters | None = None
        self._thread: Thread | None = None
        self._outcome = Outcome()
        self._tellers: list[Thread] = []
        self._closed = False
        self._shown: dict[str, Frame] = {}
        self._lock = Lock()
        for name, pixel in outputs.items():
            self._tap(name, pixel)
        if outputs:
            self._compile()

    # -- what comes out ------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Frames:
        """The frames of an output: NODE, NODE.PORT, or of a sink what it takes.

        An output that `open` didn't name can be asked for until the run begins.

        Raises:
            GraphError: there is no such output, or the run has begun without it.
        """
        with self._lock:
            if name not in self._ends:
                if self._thread is not None or self._closed:
                    given = ", ".join(f"'{each}'" for each in [*self._ends, name])
                    raise GraphError(
                        f"the run began without the output '{name}'",
                        hint=did_you_mean(name, self._ends) or f"open it with outputs=[{given}]",
                    )
                self._tap(name, "auto")
            return Frames(self, name, self._ends[name])

    @property
    def plan(self) -> Plan:
        """What runs, in how many bytes; compiles the graph if that has not been done yet.

        Raises:
            GraphError: see `flowgraph.compile`.
        """
        with self._lock:
            return self._compile()

    @property
    def report(self) -> Report | None:
        """What the run did, once it is over and nothing went wrong."""
        return self._outcome.report

    # -- steering ------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin, if that has not been done yet.

        Raises:
            GraphError: the graph can't be compiled, or the run was closed.
        """
        if self._thread is not None and not self._closed:
            return
        with self._lock:
            if self._closed:
                raise GraphError("the run was closed")
            if self._thread is None:
                plan = self._compile()
                assert self._live is not None  # made with the plan
                work = Work(plan, self._options, self.control, self._live, self._ends, self._outcome)
                for teller in self._tellers:
                    teller.start()
                self._thread = work.start()
                weakref.finalize(self, work.abandon).atexit = False

    def wait(self) -> Report:
        """Begin if need be, wait for the end, and give the report.

        Raises:
            RunError: the run failed, was cancelled, or waits for an output to be read.
        """
        self.start()
        since = perf_counter()
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(POLL_S)
            self.look(None, since)
        if self._outcome.error is not None:
            raise self._outcome.error
        assert self._outcome.report is not None
        return self._outcome.report

    def close(self) -> None:
        """End the run, and return when all threads are gone and all files are closed.

        Where every output was read to its end, the sinks are finished; else the run is stopped as ctrl-C does
        it. May be called twice.

        Raises:
            RunError: the run had failed, and no reader was told so far.
        """
        with self._lock:
            self._closed = True
        thread = self._thread
        if thread is None:
            return
        if self._ends and all(end.finished for end in self._ends.values()):
            if self.control.paused:
                self.control.resume()
        else:
            self.control.cancel()
        thread.join()
        for end in self._ends.values():
            end.forget()
        for teller in self._tellers:
            if teller is not current_thread():
                teller.join()
        error = self._outcome.error
        if error is None or isinstance(error, Interrupted) or any(end.told for end in self._ends.values()):
            return
        raise error

    def __enter__(self) -> Run:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
            return
        self.control.cancel()
        with suppress(Exception):  # what the program raised is the error to tell
            self.close()

    def look(self, wanted: Handover | None, since: float) -> None:
        """Raise RunError if a reader that waits for `wanted` (or for the end), since then, waits in vain."""
        names = {f"{end.name}>tap": end for end in self._ends.values()}
        held = [names[name] for name in self.control.stuck_at() if name in names]
        mine = wanted.reader.it if wanted is not None and wanted.reader is not None else current_thread()
        for end in held:
            if end.reader is None:
                if perf_counter() - since < UNREAD_S:
                    return
            elif end.reader.it is not mine and end.reader.lives():
                return
        if not held or wanted in held:
            return
        which = " and ".join(f"'{end.name}'" for end in held)
        more = max(end.waiting for end in held)
        what = f"output '{wanted.name}'" if wanted is not None else "the end of the run"
        raise RunError(
            f"{what} can't come before {which} is read: {more} frames wait there, and no more fit",
            hint=f"read {which} first or in turn, each output in a thread or task of its own,"
            " or open with ahead=N to let N more frames wait",
        )

    def set(self, parameter: str, value: object) -> None:
        """Change a live parameter, NODE.PARAMETER, from the next frame on that begins.

        The nodes' descriptions say which parameters are live. What was changed, and from which frame on, is
        in `changes`, and events of the kind `changed` tell it.

        Raises:
            GraphError: there is no such node, the parameter is not live, or the value is wrong.
        """
        self._live_parameters().set_named(parameter, value)

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of parameters that took effect so far, each with the frame from which it did."""
        return tuple(self._live_parameters().recorded)

    def pause(self) -> None:
        """Let no further frame begin; those on their way go on. Reading waits meanwhile."""
        self.control.pause()

    def resume(self) -> None:
        """Let frames begin again."""
        self.control.resume()

    def step(self, frames: int = 1) -> None:
        """Let that many further frames begin, and pause."""
        self.control.step(frames)

    def cancel(self) -> None:
        """Stop the run as ctrl-C does: sinks keep what they wrote, and readers are told by Interrupted."""
        self.control.cancel()

    def status(self) -> Status:
        """Where the run is, what each node did so far, and how many bytes are in use."""
        return self.control.status()

    def events(self, every_s: float | None = None) -> Events:
        """What happens from now on, to iterate over: see `Event`; and every `every_s` seconds the status.

            for event in run.events(every_s=1):
                print(event.kind, event.status.frames, event.about)

        It ends with the run.
        """
        return self.control.events(every_s)

    def watch(self, told: Callable[[Event], None], every_s: float | None = None) -> None:
        """Tell `told` of every event, on a thread of its own that ends with the run.

        What it raises ends the telling and goes to `threading.excepthook`, not to the run.
        """
        events = self.control.events(every_s)
        self._tellers.append(Thread(target=tell, args=(events, told), name="flowgraph tells", daemon=True))
        if self._thread is not None:
            self._tellers[-1].start()

    def seen(self, name: str, frame: Frame) -> None:
        """In a notebook: keep a copy of what was read last, to show it with the run."""
        if "ipykernel" in sys.modules:
            self._shown[name] = frame.copy()

    def _repr_html_(self) -> str:
        """The drawing, and below it the last frames that were read, for notebooks."""
        from flowgraph.notebook import frames_html, plan_html

        return plan_html(self.plan) + frames_html(self._shown)

    # -- inside --------------------------------------------------------------------------------------------

    def _live_parameters(self) -> LiveParameters:
        with self._lock:
            self._compile()
            assert self._live is not None  # made with the plan
            return self._live

    def _tap(self, name: str, pixel: str) -> None:
        end = Handover(name)
        self._network, _ = tapped(self._network, name, Tap.into(end, pixel, self._ahead), "tap")
        self._ends[name] = end
        self._plan = None

    def _compile(self) -> Plan:
        if self._plan is None:
            taps = tuple(f"{name}>tap" for name in self._ends)
            sinks = tuple(
                node.name
                for node in self._network.nodes
                if self._sinks and isinstance(node.node, Sink) and not isinstance(node.node, ProgramSink)
            )
            network = prune(self._network, (*taps, *sinks))
            if not network.nodes:
                raise GraphError(
                    "nothing would come out: no output was asked for, and there is no sink",
                    hint="open it with outputs=['NODE']",
                )
            self._plan = plan(network, self._options)
            self._live = LiveParameters(self._plan.network, (), self._plan.formats)
        return self._plan
