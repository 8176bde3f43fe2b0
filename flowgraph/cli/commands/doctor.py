"""`flowgraph doctor`: what this machine has, what it lacks, and how to get that."""

from __future__ import annotations

import click

from flowgraph.cli.human import columns


@click.command()
def doctor() -> int:
    """Check versions, codecs, system libraries, display, cores and memory.

    Exit status 0 if all that a run needs is there, 1 if something is missing.
    """
    from flowgraph.cli.examine import examine

    findings = examine()
    marks = {"good": click.style("good", fg="green"), "note": click.style("note", fg="yellow")}
    missing = click.style("MISSING", fg="red", bold=True)
    # Coloured marks have invisible characters: they stand last, where no column has to line up behind them.
    lines = columns([[f.what, f.found] for f in findings])
    width = max(map(len, lines))
    for finding, line in zip(findings, lines, strict=True):
        click.echo(f"{line.ljust(width)}  {marks.get(finding.state, missing)}")
        if finding.remedy:
            click.echo(f"    {finding.remedy}")
    bad = [finding.what for finding in findings if finding.state == "missing"]
    click.echo(f"missing: {', '.join(bad)}" if bad else "everything that a run needs is there")
    return 1 if bad else 0
