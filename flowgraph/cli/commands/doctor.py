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
    colours = {"good": "green", "note": "yellow", "missing": "red"}
    for finding, line in zip(findings, columns([[f.what, f.found] for f in findings]), strict=True):
        mark = finding.state.ljust(max(map(len, colours)))
        click.echo(f"{click.style(mark, fg=colours[finding.state])}  {line}")
        if finding.remedy:
            click.echo(f"         {finding.remedy}")
    bad = [finding.what for finding in findings if finding.state == "missing"]
    click.echo(f"missing: {', '.join(bad)}" if bad else "everything that a run needs is there")
    return 1 if bad else 0
