"""`flowgraph bench`: how fast a graph runs, where the time goes, and how much memory it takes."""

from __future__ import annotations

import resource
import sys
from typing import TYPE_CHECKING, Any

import click

from flowgraph.cli.call import ENGINE, GRAPH, LIMITS, PARAMS, make_call, with_options
from flowgraph.cli.commands.run import node_table
from flowgraph.cli.human import rate, size, span
from flowgraph.cli.process import settle

if TYPE_CHECKING:
    from flowgraph.plan import Plan


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
    click.echo("\n".join(memory_lines(plan)))
    used, bound = size(best.peak_pool_bytes), size(best.bound_bytes)
    click.echo(f"frames in the pool: {used} at its fullest; all that the plan may take is {bound}")
    grown = _peak_rss() - before
    click.echo(
        f"the process at its peak: {size(_peak_rss())}, {size(grown)} more than before the graph was compiled"
    )
    if call.values != given_call.values:
        click.echo("nothing was encoded: -o FILE measures that too")


def memory_lines(plan: Plan) -> list[str]:
    """How the table's bytes make up the bound, and what several nodes have together."""
    bound, several = size(plan.bound_bytes), len(plan.passes) > 1
    lines = [f"at most {bound}: the column memory"]
    if several:
        taken = {one.index: plan.pass_bytes(one.index) for one in plan.passes}
        most = max(taken, key=taken.__getitem__)
        whole = size(plan.bound_bytes - taken[most])
        less = ", ".join(f"{size(taken[index])} in pass {index + 1}" for index in taken if index != most)
        lines = [
            f"at most {bound}: {whole} for the whole run, and {size(taken[most])} in pass {most + 1}",
            f"  {less}; a node's memory is that of the pass in which it takes most",
        ]
    for cost in sorted(plan.costs, key=lambda cost: -cost.total):
        if len(cost.shared) > 1:
            when = f" in pass {cost.pass_index + 1}" if several else ""
            told = cost.what.replace(",", " ").replace("'", " ").split()
            more = ", ".join(name for name in cost.shared if name not in told)
            lines.append(f"  shared{when}: {size(cost.total)}, {cost.what}{' of ' * bool(more)}{more}")
    return lines


def _peak_rss() -> int:
    """Peak resident bytes of this process so far; Linux counts in KiB, macOS in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
