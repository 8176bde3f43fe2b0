"""Runs a plan from its first pass to its last, and leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from time import perf_counter

from flowgraph.errors import FlowgraphError, RunError, StopRun
from flowgraph.executor.blame import blamed
from flowgraph.executor.control import STILLS, Control, reporter
from flowgraph.executor.ends import Given, ReadAhead, SourceEnd
from flowgraph.executor.firing import NodeFiring
from flowgraph.executor.inputs import Token
from flowgraph.executor.library_threads import one_opencv_thread
from flowgraph.executor.lists import Ends, Spent
from flowgraph.executor.outputs import Writers, check_outputs
from flowgraph.executor.run import PassRun, Steered
from flowgraph.executor.scratch import scratch_for
from flowgraph.executor.state import Interrupted, Progress, Report, RunState
from flowgraph.executor.threads import Cancelled
from flowgraph.frame import Frame
from flowgraph.live import LiveParameters
from flowgraph.node import Reader, Source
from flowgraph.plan import Feed, Pass, Plan, Step
from flowgraph.pool import BufferPool
from flowgraph.spool import Memory, Spool, StoredReader, StoringReader


def execute(
    plan: Plan,
    *,
    progress: Callable[[Progress], None] | None = None,
    overwrite: bool = True,
    quiet: bool = False,
    first: int = 0,
    live: LiveParameters | None = None,
    control: Control | None = None,
) -> Report:
    """Run a plan.

    The last pass computes nothing before its source's frame `first`; `live` may change parameters in it, and
    in it only, since what earlier passes found out can't change any more. `progress` is called often, on the
    caller's thread; what it raises stops the run, and KeyboardInterrupt from anywhere does so too: outputs
    are then closed and kept under their partial names. `control` steers the run from other threads.

    Raises:
        GraphError: an output exists and must not be overwritten, or its folder doesn't exist.
        RunError: a source, a node or a sink failed; what was written is kept under its partial name.
        Interrupted: a KeyboardInterrupt came, or the control said cancel.
        ValueError: the control steered another run already.
    """
    control = control or Control()
    run = RunState(plan, overwrite, quiet, progress or (lambda _: None), control, first, live)
    check_outputs(plan)
    control.attach(run)
    try:
        with one_opencv_thread():
            for pass_ in plan.passes:
                run_pass(run, pass_)
    except KeyboardInterrupt:
        failure = Interrupted("interrupted")
        control.detach(failure)
        raise failure from None
    except BaseException as error:
        control.detach(error)
        raise
    finally:
        run.close_stores()
    control.detach()
    return run.report()


def run_pass(run: RunState, pass_: Pass) -> None:
    """Run one pass from its stills to its end. Raises like `execute`."""
    with opened_pass(run, pass_) as opened:
        if opened is not None:
            _stream(run, opened)


@dataclass(frozen=True, slots=True)
class OpenedPass:
    """A pass whose sources and sinks are open."""

    passing: PassRun
    pool: BufferPool
    writers: Writers


@contextmanager
def opened_pass(run: RunState, pass_: Pass, *, by_program: bool = False) -> Generator[OpenedPass | None]:
    """Compute the stills of a pass and open its ends; None where it streams nothing.

    With `by_program`, a program gives frames to the sources that are meant for that. When the block is left,
    all ends are closed, and sinks that were not finished are aborted.
    """
    plan = run.plan
    pool = BufferPool(pass_.pool, pass_.outside)
    ends = Ends({}, {})
    with ExitStack() as closing:
        run.check_cancelled()
        _compute_stills(run, pass_)
        if not pass_.lists:
            yield None
            return
        writers = Writers(run)
        closing.callback(writers.abort_rest)
        for firing in pass_.lists:
            for step in firing.steps:
                if step.kind == "sink":
                    ends.writers[step.name] = writers.open(step)
        for index, firing in enumerate(pass_.lists):
            for step in firing.steps:
                if step.kind == "source":
                    reader = _source_end(run, pass_, step, pool, by_program)
                    closing.callback(reader.close)
                    ends.readers[index, step.name] = reader
        last = pass_ is plan.passes[-1]
        steered = Steered(run.control, last, run.first, run.live) if last else Steered(run.control, last)
        passing = PassRun(pass_, run.stills, pool, ends, plan.tokens, steered)
        yield OpenedPass(passing, pool, writers)


def _stream(run: RunState, opened: OpenedPass) -> None:
    plan, passing, pool = run.plan, opened.passing, opened.pool
    total = passing.total(plan)

    def tick(tokens: int) -> None:
        run.tick(
            Progress(
                passing.index, len(plan.passes), tokens, total, run.seconds,
                pool.peak_bytes + run.still_pool.made_bytes,
            )
        )  # fmt: skip

    try:
        with telling(opened):
            run.begin(passing, pool)
            passing.ends.start(passing.fail, passing.stop)
            passing.run(tick)
            finish(run, opened)
            tick(passing.frames)
    finally:
        run.end()


def finish(run: RunState, opened: OpenedPass) -> None:
    """All tokens were walked: make what comes of the whole stream, and finish the sinks.

    Raises:
        RunError: something failed meanwhile, or now.
    """
    passing, writers = opened.passing, opened.writers
    with suppress(Cancelled):
        for (index, _), reader in passing.ends.readers.items():
            # A later pass needs all of it, though here only what the driving clock needed was drawn.
            if index and isinstance(reader.reader, StoringReader):
                reader.read_rest()
    broken = next((r.broken for r in passing.ends.readers.values() if r.broken is not None), None)
    writers.drain()
    if passing.failure is not None:
        raise passing.failure
    if broken is not None:
        raise broken
    passing.finish_reductions(run.still_pool)
    writers.close()


@contextmanager
def telling(opened: OpenedPass) -> Generator[None]:
    """Abort the sinks if anything goes wrong inside, and say where what they wrote so far lies."""
    try:
        yield
    except KeyboardInterrupt:
        kept = opened.writers.abort_text()
        raise Interrupted(f"interrupted at frame {opened.passing.frames}{kept}") from None
    except FlowgraphError as error:
        error.message += opened.writers.abort_text()
        raise


def _source_end(run: RunState, pass_: Pass, step: Step, pool: BufferPool, by_program: bool) -> SourceEnd:
    if by_program and isinstance(step.node, Source) and step.node.given:
        return Given(step, pool)
    feed = next(f for f in pass_.feeds if f.source == step.name)
    return ReadAhead(step, _reader(run, feed, step), pool, run.plan.queue)


def _reader(run: RunState, feed: Feed, step: Step) -> Reader:
    plan = run.plan
    info = plan.sources[feed.source]
    node = plan.network[feed.source].node
    assert isinstance(node, Source)
    if feed.how in ("spool", "kept"):
        return StoredReader(run.stores[feed.source], info.format)
    with blamed(f"source '{step.name}' can't be opened", step.place):
        reader = node.open(info, plan.limits)
    if feed.how in ("read and spool", "read and keep"):
        store = run.stores[feed.source] = Spool() if feed.how == "read and spool" else Memory()
        return StoringReader(reader, store)
    return reader


def _compute_stills(run: RunState, pass_: Pass) -> None:
    """Fire what has one frame for the whole run; its results stay for all passes."""
    steps = pass_.stills.steps
    if not steps:
        return
    token = Token(0, pass_.stills.slots, scratch_for(steps), STILLS)
    report = reporter(run.control.watcher, pass_.index, STILLS, 0)
    for step in steps:
        token.since = perf_counter()
        if step.kind == "source":
            frames: tuple[Frame, ...] = (_read_still(run, step),)
            run.stills[step.results[0].port] = frames[0]
        elif step.kind == "sink":
            frames = (run.stills[step.args["image"][0].port],)
            _write_still(run, step, frames[0])
        else:
            NodeFiring(step, run.stills, run.still_pool).fire(token)
            for result in step.results:
                run.stills[result.port] = token.slots[result.slot]
            frames = tuple(run.stills[result.port] for result in step.results)
        run.spent[step.name] = Spent(1, perf_counter() - token.since)
        if report is not None:
            report.tell(step, token, frames)


def _write_still(run: RunState, step: Step, frame: Frame) -> None:
    writers = Writers(run)
    behind = writers.open(step)
    try:
        with suppress(StopRun):
            behind.write(frame)
        writers.close()
    finally:
        writers.abort_rest()


def _read_still(run: RunState, step: Step) -> Frame:
    info = run.plan.sources[step.name]
    assert isinstance(step.node, Source)
    with blamed(f"source '{step.name}' can't be read", step.place):
        reader = step.node.open(info, run.plan.limits)
        try:
            frame = reader.read()
        finally:
            reader.close()
    if frame is None:
        raise RunError(f"source '{step.name}' has no picture", place=step.place)
    return frame
