"""The sinks of a run: they are checked before, opened, and then closed or aborted once."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from flowgraph.errors import GraphError, RunError
from flowgraph.executor.blame import blamed
from flowgraph.executor.ends import SinkEnd, WriteBehind
from flowgraph.executor.handover import Direct
from flowgraph.executor.state import RunState
from flowgraph.node import Sink, SinkInfo, Writer
from flowgraph.plan import Plan, Step


def check_outputs(plan: Plan) -> None:
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


class Writers:
    """The sinks of a pass: each is closed once, or aborted once."""

    def __init__(self, run: RunState) -> None:
        self.run = run
        self.open_ones: list[SinkEnd] = []

    def open(self, step: Step) -> SinkEnd:
        writer, queue = open_writer(self.run, step), self.run.plan.queue
        end: SinkEnd
        if isinstance(writer, Direct):
            writer.hold(queue + 1 + step.history)
            end = writer
        else:
            end = WriteBehind(step, writer, queue)
        self.open_ones.append(end)
        return end

    def drain(self) -> None:
        for behind in self.open_ones:
            behind.drain()

    def close(self) -> None:
        # A program hears of the end last, when nothing can go wrong any more.
        self.open_ones.sort(key=lambda end: isinstance(end, Direct))
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


def open_writer(run: RunState, step: Step) -> Writer:
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
