"""A graph that a program steps itself, frame by frame, on its own thread.

    graph = flowgraph.load("glow.yaml")        # camera: {type: input}, ..., result: {type: output, in: glow}
    with graph.session(formats={"camera": first_image}) as session:
        for image in images:
            show(session.step(camera=image)["result"].data)

Nothing runs in between, and no thread is made (but for files that the graph itself reads or writes).
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from fractions import Fraction
from threading import RLock, Thread
from types import TracebackType
from typing import NoReturn

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.executor.control import Control
from flowgraph.executor.ends import Given
from flowgraph.executor.execute import OpenedPass, finish, opened_pass, run_pass, telling
from flowgraph.executor.library_threads import one_opencv_thread
from flowgraph.executor.outputs import check_outputs
from flowgraph.executor.scratch import scratch_for
from flowgraph.executor.state import Report, RunState
from flowgraph.executor.threads import Cancelled, is_worker
from flowgraph.frame import Format, Frame
from flowgraph.inlets import Image, Inlet
from flowgraph.live import LiveParameters
from flowgraph.outlets import Outgoing, Outlet
from flowgraph.plan import Plan
from flowgraph.session import Options


class Session:
    """A graph that the program steps with frames of its own. Made by `Graph.session`; use it as a context.

    With `step`, one frame of each input goes in and what the graph makes of them comes out. Where outputs
    come later than inputs, or more rarely, `push` and `pull` go separate ways. Frames that come out are
    lent: each is valid until the next one of its output is asked for; `frame.copy()` keeps it. What goes in
    is not copied, and nothing of it is kept after the call: what the graph looks back on, it copies.

    Leaving the block ends the stream: what is held back goes to the graph's own sinks, and those are
    finished. If an exception leaves it, they are stopped, and keep what they wrote under partial names.
    """

    def __init__(self, plan: Plan, options: Options, outlets: Mapping[str, Outlet]) -> None:
        """See `Graph.session`."""
        self.plan = plan
        """What runs, in how many bytes, and how late each output is."""
        self.control = Control()
        """Watches the steps (`control.watcher`, `control.status()`)."""
        self.report: Report | None = None
        """What was done, once the session is closed and nothing went wrong."""
        self._outlets = dict(outlets)
        self._live = LiveParameters(self.plan.network, (), self.plan.formats)
        self._run = RunState(
            self.plan, options.overwrite, options.quiet, lambda _: None, self.control, live=self._live
        )
        self._lock = RLock()
        self._index = 0
        self._ended = self._over = False
        check_outputs(self.plan)
        with ExitStack() as opening:
            self._opened = _opened(opening, self._run)
            passing = self._opened.passing
            self._inlets = {
                step.name: Inlet(end, self.plan.sources[step.name].format, step.formats.rate or Fraction(25))
                for step, end in passing.main.readers
                if isinstance(end, Given)
            }
            self._scratch = scratch_for(passing.main.firing.steps)
            self._let_go = weakref.finalize(self, _close, opening.pop_all())

    # -- frames in and out -------------------------------------------------------------------------------

    @property
    def inputs(self) -> Mapping[str, Format]:
        """The formats of what goes in, by the inputs' names."""
        return {name: inlet.format for name, inlet in self._inlets.items()}

    @property
    def outputs(self) -> Mapping[str, Format]:
        """The formats of what comes out, by the outputs' names."""
        network, formats = self.plan.network, self.plan.formats
        sinks = {
            node.node.outlet.name: node.name for node in network.nodes if isinstance(node.node, Outgoing)
        }
        return {name: formats[sinks[name]]["image"] for name in self._outlets}

    def step(self, **images: Image) -> dict[str, Frame | None]:
        """Run the graph for one frame of each input; gives what comes out, None where nothing does yet.

        Raises:
            GraphError: an input is missing, unknown or in another format; or frames wait to be pulled.
            RunError: a node failed; the session is over.
        """
        with self._lock:
            frames = self._frames(images)
            self._release()
            for outlet in self._outlets.values():
                if outlet.waiting:
                    raise GraphError(
                        f"{outlet.waiting} frames of '{outlet.name}' wait to be pulled",
                        hint="a session is used either with step, or with push and pull",
                    )
            self._give(frames)
            self._walk()
            return {name: outlet.take() for name, outlet in self._outlets.items()}

    def push(self, **images: Image) -> None:
        """Run the graph for one frame of each input; what comes out waits for `pull`.

        Raises:
            GraphError: see `step`; or as many frames wait at an output as the plan counted.
            RunError: a node failed; the session is over.
        """
        with self._lock:
            frames = self._frames(images)
            self._check_room()
            self._give(frames)
            self._walk()

    def pull(self, output: str = "") -> Frame | None:
        """The next frame of an output, which needs no name if it is the only one; None while there is none.

        After `end` also what was held back comes, and None means that there is nothing more.

        Raises:
            GraphError: there is no such output; or further ones must be pulled first.
            RunError: a node failed; the session is over.
        """
        with self._lock:
            outlet = self._outlet(output)
            outlet.release()
            while not outlet.waiting and self._ended and not self._over:
                self._check_room()
                self._walk()
            return outlet.take()

    @property
    def full(self) -> tuple[str, ...]:
        """The outputs that must be pulled before anything further can be pushed."""
        return tuple(name for name, outlet in self._outlets.items() if outlet.full)

    def waiting(self, output: str = "") -> int:
        """How many frames of an output wait to be pulled. Raises GraphError where there is no such output."""
        return self._outlet(output).waiting

    @property
    def ended(self) -> bool:
        """Whether no further frame can be given."""
        return self._ended

    def end(self) -> None:
        """There are no further frames to give: `pull` gives what is held back."""
        with self._lock:
            self._ended = True

    def flush(self) -> Iterator[dict[str, Frame | None]]:
        """End the stream, and step through what is held back."""
        self.end()
        while True:
            with self._lock:
                self._release()
                if self._over or not self._walk():
                    return
                found: dict[str, Frame | None] = {n: outlet.take() for n, outlet in self._outlets.items()}
            yield found

    # -- steering ----------------------------------------------------------------------------------------

    def set(self, parameter: str, value: object) -> None:
        """Change a live parameter, NODE.PARAMETER, from the next frame on.

        Raises:
            GraphError: there is no such node, the parameter is not live, or the value is wrong.
        """
        self._live.set_named(parameter, value)

    def close(self) -> None:
        """End the stream, and finish the graph's own sinks. May be called twice.

        Raises:
            RunError: a node or a sink failed.
        """
        with self._lock:
            if not self._let_go.alive:
                return
            self._ended = True
            for outlet in self._outlets.values():
                outlet.release()
                outlet.clear()
            while not self._over:
                self._walk()
            try:
                with telling(self._opened):
                    finish(self._run, self._opened)
            finally:
                self._leave()
            self.report = self._run.report()

    def abort(self) -> None:
        """Stop here: the graph's own sinks keep what they wrote, under partial names."""
        with self._lock:
            if self._let_go.alive:
                self._leave()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self.abort()

    # -- inside ------------------------------------------------------------------------------------------

    def _frames(self, images: Mapping[str, Image]) -> list[tuple[Inlet, Frame]]:
        inlets, index = self._inlets, self._index
        if self._over or self._ended:
            raise GraphError("the session is over" if self._over else "no frame can come after the end")
        if images.keys() != inlets.keys():
            raise _other_names(images, inlets)
        return [(inlets[name], inlets[name].frame(name, image, index)) for name, image in images.items()]

    def _give(self, frames: list[tuple[Inlet, Frame]]) -> None:
        for inlet, frame in frames:
            inlet.time = frame.time
            inlet.given.give(frame)
        self._index += 1

    def _walk(self) -> bool:
        """Take one token through the graph; says whether there was one."""
        passing = self._opened.passing
        try:
            if passing.failure is not None:
                raise passing.failure
            walked = passing.walk_one(self._scratch)
        except BaseException as error:
            # Whoever cancelled has left the failure: a sink's thread, or somebody with the control.
            failure = passing.failure if isinstance(error, Cancelled) else None
            self._break(failure or error)
        self._over = not walked
        return walked

    def _break(self, error: BaseException) -> NoReturn:
        try:
            with telling(self._opened):
                raise error
        except BaseException as told:
            self.control.detach(told)
            raise
        finally:
            self._leave()

    def _leave(self) -> None:
        self._over = self._ended = True
        self._run.end()
        self._let_go()

    def _release(self) -> None:
        for outlet in self._outlets.values():
            outlet.release()

    def _outlet(self, name: str) -> Outlet:
        if not name and len(self._outlets) == 1:
            return next(iter(self._outlets.values()))
        if name not in self._outlets:
            hint = did_you_mean(name, self._outlets) or f"the outputs are: {', '.join(self._outlets)}"
            raise GraphError(f"there is no output '{name}'" if name else "name an output", hint=hint)
        return self._outlets[name]

    def _check_room(self) -> None:
        for name in self.full:
            raise GraphError(
                f"{self._outlets[name].waiting} frames of '{name}' wait to be pulled, and no more fit",
                hint=f"pull '{name}' first, or open the session with ahead=N to let N more wait",
            )


def _opened(opening: ExitStack, run: RunState) -> OpenedPass:
    """Run all passes but the last, and open that one."""
    run.control.attach(run)
    opening.callback(run.control.detach)
    for pass_ in run.plan.passes[:-1]:
        with one_opencv_thread():
            run_pass(run, pass_)
    opening.callback(run.close_stores)
    opened = opening.enter_context(opened_pass(run, run.plan.passes[-1], by_program=True))
    assert opened is not None  # a program's frames are a stream
    run.begin(opened.passing, opened.pool)
    opened.passing.ends.start(opened.passing.fail, opened.passing.stop)
    return opened


def _close(opening: ExitStack) -> None:
    """Close all that a session has open: also when nobody holds it any more."""
    if is_worker():
        # Found on a thread of the session's own, which can't wait for itself to end.
        Thread(target=opening.close, name="flowgraph closes").start()
    else:
        opening.close()


def _other_names(images: Mapping[str, Image], inlets: Mapping[str, Inlet]) -> GraphError:
    for name in images:
        if name not in inlets:
            hint = did_you_mean(name, inlets) or f"the inputs are: {', '.join(inlets)}"
            return GraphError(f"there is no input '{name}'", hint=hint)
    missing = " and ".join(f"'{name}'" for name in inlets if name not in images)
    return GraphError(f"no frame for input {missing}", hint=f"the inputs are: {', '.join(inlets)}")
