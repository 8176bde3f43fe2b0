"""`flowgraph trace`: what a trace tells, as a table, a page, or for Perfetto."""

from __future__ import annotations

from pathlib import Path

import click

from flowgraph.cli.call import output_file
from flowgraph.errors import GraphError

SUFFIXES = (".json", ".html")


@click.command()
@click.argument("trace", metavar="FILE")
@click.option("-o", "output", metavar="OUT", help="out.json for ui.perfetto.dev, out.html for a page.")
def trace(trace: str, output: str | None) -> None:
    """Show a trace of a run, or turn it into a page, or for Perfetto.

    FILE is what 'flowgraph run --trace' wrote.

    \b
    flowgraph trace out.fgt                # times of each node
    flowgraph trace out.fgt -o out.json    # for ui.perfetto.dev: a track for each worker
    flowgraph trace out.fgt -o out.html    # the page that 'flowgraph run --report' writes
    """
    from flowgraph_tools.report import report_html
    from flowgraph_tools.trace.perfetto import write_perfetto
    from flowgraph_tools.trace.reader import Trace
    from flowgraph_tools.trace.summary import summary

    suffix = Path(output).suffix if output else ""
    if output and suffix not in SUFFIXES:
        raise GraphError(f"{output}: a trace becomes one of {', '.join(SUFFIXES)}")
    found = Trace.read(Path(trace))
    if not output:
        for line in summary(found):
            click.echo(line)
        return
    with output_file(output).open("w", encoding="utf-8") as file:
        if suffix == ".json":
            write_perfetto(found, file)
        else:
            file.write(report_html(found))
    click.echo(output, err=True)
