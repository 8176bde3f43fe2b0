"""`flowgraph bench`: how fast a graph runs, where the time goes, and how much memory it takes."""

from __future__ import annotations

import resource
import sys
from typing import Any

import click

from flowgraph.cli.call import ENGINE, GRAPH, LIMITS, PARAMS, make_call, with_options
from flowgraph.cli.commands.run import node_table
from flowgraph.cli.human import rate, size, span
from flowgraph.cli.process import settle


@click.command()
@GRAPH
@with_options(PARAMS, LIMITS, ENGINE)
@click.option(
    "--repeat", type=click.IntRange(1), default=3, show_default=True, help="Runs; the fastest counts."
)
def bench(name: str, repeat: int, **given: Any) -> None:
    """Measure GRAPH: frames/s, time per node, peak bytes against the bound. Without -o nothing is written."""
    from flowgraph import session

    given_call = make_call(name, quiet=True, **given)
    call = given_call.discarding()
    before = _peak_rss()
    plan = call.compile()
    settle()
    reports = [session.execute(plan, options=call.options) for _ in range(repeat)]
    best = min(reports, key=lambda report: report.seconds)
    speed = rate(best.frames / best.seconds) if best.seconds > 0 else "-"
    times = ", ".join(span(report.seconds) for report in reports)
    click.echo(f"{click.style(name, bold=True)}: {speed} frames/s; {best.frames:,} frames, runs of {times}")
    click.echo("\n".join(node_table(best)))
    used = f"{size(best.peak_pool_bytes)} of at most {size(best.bound_bytes)}"
    click.echo(f"frames and working memory: {used} ({best.peak_pool_bytes / max(1, best.bound_bytes):.0%})")
    grown = _peak_rss() - before
    click.echo(
        f"the process at its peak: {size(_peak_rss())}, {size(grown)} more than before the graph was compiled"
    )
    if call.values != given_call.values:
        click.echo("nothing was encoded: -o FILE measures that too")


def _peak_rss() -> int:
    """Peak resident bytes of this process so far; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
