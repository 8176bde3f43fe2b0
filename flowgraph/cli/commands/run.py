"""`flowgraph run`: a graph on a video. It speaks on standard error only: `-o -` owns standard output."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

import click

from flowgraph.cli import option_types, problems
from flowgraph.cli.batch import is_batch, run_batch
from flowgraph.cli.call import ENGINE, GRAPH, LIMITS, PARAMS, Call, make_call, with_options
from flowgraph.cli.find_graph import find_graph
from flowgraph.cli.human import columns, rate, size, span
from flowgraph.cli.process import settle
from flowgraph.cli.progress import progress_bar
from flowgraph.cli.recorders import Recorded, recording
from flowgraph.errors import FlowgraphError

if TYPE_CHECKING:
    from flowgraph.session import Report

RECORDERS = ("report", "trace")
"""Options that name a file about the run."""


@click.command()
@GRAPH
@with_options(PARAMS, LIMITS, ENGINE)
@click.option(
    "--set-at",
    "changes",
    multiple=True,
    type=option_types.timed_pair,
    metavar="INDEX:NODE.PARAM=VALUE",
    help="Change a live parameter from that frame on ('flowgraph nodes TYPE' names them).",
)
@click.option("--watch", is_flag=True, help="Run again whenever the graph file is saved.")
@click.option("--report", metavar="FILE", help="Write a page about the run: graph, pictures, times, bytes.")
@click.option("--trace", metavar="FILE", help="Write what happens as a trace (.fgt), for 'flowgraph trace'.")
@click.option(
    "--capsule", metavar="DIR", help="If a node fails, keep all that it was given, to run it alone."
)
@click.option("--check", is_flag=True, help="Check that each node keeps its contract; slow, for own nodes.")
@click.option("--dry-run", is_flag=True, help="Print the plan and stop.")
@click.option("--no-clobber", is_flag=True, help="Refuse to write over an existing output.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, metavar="N", help="Files at a time, where -o has {name}."
)
@click.option("--again", is_flag=True, help="Where -o has {name}: also files whose output is there already.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing unless something is wrong.")
@click.option("-v", "--verbose", is_flag=True, help="Print the plan and the time per node.")
def run(name: str, watch: bool, dry_run: bool, jobs: int, again: bool, **given: Any) -> int:
    """Run GRAPH: a graph file, or the name of a bundled graph.

    \b
    flowgraph run motion_bloom -i dance.mp4 -o bloom.mp4
    flowgraph run mine.yaml -p lag=8 --set out.quality=80 --from 0:10 --to 0:20

    -o - writes y4m to standard output for other tools, -o null throws the pictures away. With {name} in the
    output each file that -i names is run by itself; one that fails stops none of the others, and what was
    made before is left alone:

    \b
    flowgraph run motion_bloom -i 'clips/*.mp4' -o 'out/{name}.mp4' --jobs 2
    """
    with _terminated_like_interrupted():
        if is_batch(given):
            for option in ("watch", "capsule", *RECORDERS):
                if given.get(option) or (watch and option == "watch"):
                    raise click.UsageError(f"--{option} is for one file; leave out {{name}}")
            return run_batch(name, given, _one_of_many, side_by_side=jobs, again=again, dry_run=dry_run)
        if watch:
            _watch(name, given)
        elif dry_run:
            _dry_run(name, given)
        else:
            _once(name, **given)
    return 0


def _one_of_many(name: str, **given: Any) -> None:
    """Run one file of a batch, in a process of its own."""
    with _terminated_like_interrupted():
        _once(name, capsules=False, **given)


def _dry_run(name: str, given: dict[str, Any]) -> None:
    from flowgraph.cli.changes import live_parameters
    from flowgraph.cli.explain import explain

    call = _call(name, given)
    plan = call.compile()
    live_parameters(plan, given["changes"])
    click.echo(explain(plan, call.graph.title or name))


def _call(name: str, given: dict[str, Any]) -> Call:
    """The call; where parameters are to change, the plan keeps nodes apart that have such."""
    call = make_call(name, **_engine(given))
    return replace(call, options=replace(call.options, live=bool(given["changes"])))


def _engine(given: dict[str, Any]) -> dict[str, Any]:
    """What the call of an engine takes out of what was given."""
    apart = ("no_clobber", "verbose", "changes", "capsule", *RECORDERS)
    left = {key: value for key, value in given.items() if key not in apart}
    return {**left, "overwrite": not given["no_clobber"]}


def _once(
    name: str, *, cancelled: Callable[[], bool] | None = None, capsules: bool = True, **given: Any
) -> None:
    from flowgraph import session
    from flowgraph.cli.changes import live_parameters, never_applied
    from flowgraph.cli.explain import explain
    from flowgraph.executor.control import Control

    quiet, verbose = bool(given["quiet"]), bool(given["verbose"])
    call = _call(name, given)
    plan = call.compile()
    live = live_parameters(plan, given["changes"])
    if verbose:
        _say(explain(plan, call.graph.title or name) + "\n")
    elif not quiet:
        for warning in plan.warnings:
            _say(f"{click.style('warning', fg='yellow')}: {warning}")
    control = Control()
    job = Recorded(call.graph, plan, call.graph.title or name, call.values, call.overrides, control, live)
    wanted = {option: given[option] for option in RECORDERS}
    with recording(wanted, job, capsule=given["capsule"], unasked=capsules, quiet=quiet) as done:
        settle()
        with progress_bar(plan.bound_bytes, quiet=quiet) as show:
            report = session.execute(
                plan, options=call.options, progress=show, cancelled=cancelled, live=live, control=control
            )
        done(report)
    if not quiet:
        _close(report, verbose)
        for line in never_applied(live, given["changes"]) if live else ():
            _say(f"note: {line}")


def _say(text: str) -> None:
    click.echo(text, err=True)


def _close(report: Report, verbose: bool) -> None:
    """The closing lines: what was written, how fast, in how much memory, and what should be known of it."""
    if verbose:
        for line in node_table(report):
            _say(line)
    for line in report.outputs:
        _say(click.style(line, bold=True))
    for note in report.notes:
        _say(f"note: {note}")
    speed = f" ({rate(report.frames / report.seconds)} frames/s)" if report.seconds > 0 else ""
    memory = f"{size(report.peak_pool_bytes)} of at most {size(report.bound_bytes)} used"
    _say(f"{report.frames:,} frames in {span(report.seconds)}{speed}, {memory}")


def node_table(report: Report) -> list[str]:
    """Time and bytes per node, the slowest first. Bytes of plans with one pass add up to the bound."""
    whole = sum(node.seconds for node in report.nodes) or 1.0
    rows = [["node", "type", "frames", "ms/frame", "share", "memory"]]
    for node in sorted(report.nodes, key=lambda node: -node.seconds):
        each = f"{node.seconds / node.fired * 1000:.2f}" if node.fired else "-"
        share = f"{node.seconds / whole:.0%}"
        rows.append(
            [node.name, node.type, f"{node.fired:,}", each, share, size(node.nbytes) if node.nbytes else "-"]
        )
    head, *lines = columns(rows, right=(2, 3, 4, 5))
    return [click.style(head, bold=True), *lines]


def _watch(name: str, given: dict[str, Any]) -> NoReturn:
    """Run on every save, until interrupted; when the graph is wrong, say so and wait for the next save."""
    from flowgraph.cli.watch import Watch

    watch = Watch(find_graph(name))
    while True:
        try:
            _once(name, cancelled=watch.changed, **given)
        except FlowgraphError as error:
            if not watch.changed():
                problems.say(str(error))
        _say(click.style(f"waiting for {watch.path} to be saved; ctrl-C ends", dim=True))
        watch.wait()


@contextmanager
def _terminated_like_interrupted() -> Generator[None]:
    """Treat SIGTERM as ctrl-C while the block runs: outputs are closed and stay playable."""

    def interrupt(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
