"""Runs a plan from its first pass to its last, and leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import cv2

from flowgraph.errors import FlowgraphError, GraphError, RunError, StopRun
from flowgraph.executor.blame import blamed
from flowgraph.executor.ends import ReadAhead, WriteBehind
from flowgraph.executor.firing import NodeFiring
from flowgraph.executor.inputs import Stills, Token
from flowgraph.executor.run import Ends, PassRun, Spent
from flowgraph.executor.scratch import scratch_for
from flowgraph.frame import Frame
from flowgraph.live import LiveParameters
from flowgraph.node import Reader, Sink, SinkInfo, Source, Writer
from flowgraph.plan import Feed, Pass, Plan, Step
from flowgraph.pool import BufferPool
from flowgraph.spool import Memory, Spool, StoredReader, StoringReader, notes_of


@dataclass(frozen=True, slots=True)
class NodeStats:
    """What one step did in a whole run. `nbytes` is what the plan gives it."""

    name: str
    type: str
    fired: int
    seconds: float
    nbytes: int


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
class _Run:
    """What lives for the whole run."""

    plan: Plan
    overwrite: bool
    quiet: bool
    tick: Callable[[Progress], None]
    first: int = 0
    live: LiveParameters | None = None
    started: float = field(default_factory=perf_counter)
    stills: Stills = field(default_factory=dict)
    stores: dict[str, Spool | Memory] = field(default_factory=dict[str, Spool | Memory])
    spent: dict[str, Spent] = field(default_factory=dict[str, Spent])
    outputs: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])
    frames: int = 0
    peak: int = 0


def execute(
    plan: Plan,
    *,
    progress: Callable[[Progress], None] | None = None,
    overwrite: bool = True,
    quiet: bool = False,
    first: int = 0,
    live: LiveParameters | None = None,
) -> Report:
    """Run a plan.

    The last pass computes nothing before its source's frame `first`; `live` may change parameters in it, and
    in it only, since what earlier passes found out can't change any more. `progress` is called often, on the
    caller's thread; what it raises stops the run, and KeyboardInterrupt from anywhere does so too: outputs
    are then closed and kept under their partial names.

    Raises:
        GraphError: an output exists and must not be overwritten, or its folder doesn't exist.
        RunError: a source, a node or a sink failed; what was written is kept under its partial name.
        Interrupted: a KeyboardInterrupt came.
    """
    run = _Run(plan, overwrite, quiet, progress or (lambda _: None), first, live)
    _check_outputs(plan)
    still_pool = BufferPool(plan.stills)
    with _one_opencv_thread():
        try:
            for pass_ in plan.passes:
                _run_pass(run, pass_, still_pool)
        except KeyboardInterrupt:
            raise Interrupted("interrupted") from None
        finally:
            for store in run.stores.values():
                store.close()
    return Report(
        run.frames, perf_counter() - run.started, _stats(run), run.peak + still_pool.made_bytes,
        plan.bound_bytes, tuple(run.outputs), tuple(run.notes),
    )  # fmt: skip


@contextmanager
def _one_opencv_thread() -> Generator[None]:
    """Tokens run side by side: OpenCV's own threads would only get in their way."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _check_outputs(plan: Plan) -> None:
    """Find out before hours of work that an output can't be written."""
    for node in plan.network.nodes:
        path = node.node.path_written() if isinstance(node.node, Sink) else None
        if path is None:
            continue
        folder = path.parent
        if not folder.is_dir():
            raise GraphError(
                f"sink '{node.name}': there is no folder {folder}",
                place=node.place,
                hint=f"make it first: mkdir -p {folder}",
            )
        if not os.access(folder, os.W_OK) or path.is_dir():
            what = f"{path} is a folder" if path.is_dir() else f"the folder {folder} can't be written to"
            raise RunError(f"sink '{node.name}': {what}", place=node.place)


def _run_pass(run: _Run, pass_: Pass, still_pool: BufferPool) -> None:
    plan = run.plan
    pool = BufferPool(pass_.pool, pass_.outside)
    ends = Ends({}, {})
    with ExitStack() as closing:
        _compute_stills(run, pass_, still_pool)
        if not pass_.lists:
            return
        writers = _Writers(run)
        closing.callback(writers.abort_rest)
        for firing in pass_.lists:
            for step in firing.steps:
                if step.kind == "sink":
                    ends.writers[step.name] = writers.open(step)
        for index, firing in enumerate(pass_.lists):
            for step in firing.steps:
                if step.kind == "source":
                    feed = next(f for f in pass_.feeds if f.source == step.name)
                    reader = ReadAhead(step, _reader(run, feed, step), pool, plan.queue)
                    closing.callback(reader.close)
                    ends.readers[index, step.name] = reader
        first, live = (run.first, run.live) if pass_ is plan.passes[-1] else (0, None)
        passing = PassRun(pass_.lists, run.stills, pool, ends, plan.tokens, first, live)
        ends.start(passing.fail, passing.stop)
        _stream(run, pass_, passing, pool, writers, still_pool)


def _stream(
    run: _Run, pass_: Pass, passing: PassRun, pool: BufferPool, writers: _Writers, still_pool: BufferPool
) -> None:
    plan = run.plan
    root = passing.main.readers[0][0].name
    total = plan.sources[root].frames

    def tick(tokens: int) -> None:
        run.tick(
            Progress(
                pass_.index, len(plan.passes), tokens, total, perf_counter() - run.started,
                pool.peak_bytes + still_pool.made_bytes,
            )
        )  # fmt: skip

    try:
        passing.run(tick)
        for (index, _), reader in passing.ends.readers.items():
            # A later pass needs all of it, though here it was drawn on only as far as the driving clock went.
            if index and isinstance(reader.reader, StoringReader):
                reader.read_rest()
        broken = next((r.broken for r in passing.ends.readers.values() if r.broken is not None), None)
        writers.drain()
        if passing.failure is not None:
            raise passing.failure
        if broken is not None:
            raise broken
        passing.finish_reductions(still_pool)
        writers.close()
        tick(passing.frames)
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted at frame {passing.frames}{writers.abort_text()}") from None
    except FlowgraphError as error:
        error.message += writers.abort_text()
        raise
    finally:
        run.frames = max(reader.frames for reader in passing.ends.readers.values())
        run.peak = max(run.peak, pool.peak_bytes)
        for name, cost in passing.totals().items():
            total_cost = run.spent.setdefault(name, Spent())
            total_cost.fired += cost.fired
            total_cost.seconds += cost.seconds
        for reader in passing.ends.readers.values():
            run.notes += [note for note in notes_of(reader.reader) if note not in run.notes]


class _Writers:
    """The sinks of a pass: each is closed once, or aborted once."""

    def __init__(self, run: _Run) -> None:
        self.run = run
        self.open_ones: list[WriteBehind] = []

    def open(self, step: Step) -> WriteBehind:
        behind = WriteBehind(step, open_writer(self.run, step), self.run.plan.queue)
        self.open_ones.append(behind)
        return behind

    def drain(self) -> None:
        for behind in self.open_ones:
            behind.drain()

    def close(self) -> None:
        while self.open_ones:
            line = self.open_ones[0].close()
            self.open_ones.pop(0)
            if line:
                self.run.outputs.append(line)

    def abort_text(self) -> str:
        """Close everything that is open, and say where what was written lies."""
        kept = [path for path in map(str, self._abort()) if path]
        return f"; what was written so far is in {', '.join(kept)}" if kept else ""

    def _abort(self) -> list[Path]:
        kept: list[Path] = []
        while self.open_ones:
            # The run's own error is the one to tell; what a broken output says besides must not hide it.
            with suppress(Exception):
                path = self.open_ones.pop().abort()
                if path is not None:
                    kept.append(path)
        return kept

    def abort_rest(self) -> None:
        """Leave nothing open, whatever happened."""
        self._abort()


def open_writer(run: _Run, step: Step) -> Writer:
    """Open a sink.

    Raises:
        GraphError, RunError: it can't be written as asked, with the sink's place.
    """
    assert isinstance(step.node, Sink)
    plan = run.plan
    info = SinkInfo(
        format=step.formats.inputs["image"][0],
        rate=step.formats.rate,
        still=step.clock.still,
        source=plan.sources.get(step.clock.root),
        own_clock=not step.clock.still and all(_keeps_time(s) for s in step.clock.steps),
        limits=plan.limits,
        overwrite=run.overwrite,
        quiet=run.quiet,
        stills={n: run.stills[items[0].port] for n, items in step.args.items() if n != "image" and items},
    )
    with blamed(f"sink '{step.name}' can't be opened", step.place):
        return step.node.open(info)


def _keeps_time(step: object) -> bool:
    """Whether a clock's step only leaves the first frames out: sound still belongs to the pictures."""
    return isinstance(step, tuple) and step[0] == "skip"


def _reader(run: _Run, feed: Feed, step: Step) -> Reader:
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


def _compute_stills(run: _Run, pass_: Pass, still_pool: BufferPool) -> None:
    """Fire what has one frame for the whole run; its results stay for all passes."""
    steps = pass_.stills.steps
    token = Token(0, pass_.stills.slots, scratch_for(steps))
    for step in steps:
        started = perf_counter()
        if step.kind == "source":
            run.stills[step.results[0].port] = _read_still(run, step)
        elif step.kind == "sink":
            _write_still(run, step)
        else:
            NodeFiring(step, run.stills, still_pool).fire(token)
            for result in step.results:
                run.stills[result.port] = token.slots[result.slot]
        run.spent[step.name] = Spent(1, perf_counter() - started)


def _write_still(run: _Run, step: Step) -> None:
    writers = _Writers(run)
    behind = writers.open(step)
    try:
        with suppress(StopRun):
            behind.write(run.stills[step.args["image"][0].port])
        writers.close()
    finally:
        writers.abort_rest()


def _read_still(run: _Run, step: Step) -> Frame:
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


def _stats(run: _Run) -> tuple[NodeStats, ...]:
    owned: dict[str, int] = {}
    for cost in run.plan.costs:
        if cost.node:
            owned[cost.node] = owned.get(cost.node, 0) + cost.total
    steps = {
        step.name: step
        for pass_ in run.plan.passes
        for firing in (pass_.stills, *pass_.lists)
        for step in firing.steps
    }
    return tuple(
        NodeStats(name, step.type, spent.fired, spent.seconds, owned.get(name, 0))
        for name, step in steps.items()
        for spent in [run.spent.get(name, Spent())]
        if step.kind != "source" or name in run.spent
    )
