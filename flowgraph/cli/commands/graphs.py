"""`flowgraph graphs`: the graphs that come with the package."""

from __future__ import annotations

import textwrap

import click

from flowgraph.cli.find_graph import bundled, find_graph


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
@click.option("--path", is_flag=True, help="Print where the file is instead of its text.")
def graphs(name: str | None, path: bool) -> None:
    """List the bundled graphs with their parameters, or print the file of one: a start for your own."""
    if name is not None:
        found = find_graph(name)
        click.echo(str(found) if path else found.read_text(encoding="utf-8").rstrip())
        return
    from flowgraph.document.load import load

    for key, file in bundled().items():
        graph = load(file)
        click.echo(f"{click.style(key, bold=True)}  {graph.title}")
        if graph.about:
            click.echo(textwrap.fill(graph.about, 100, initial_indent="    ", subsequent_indent="    "))
        given = [p.name if p.required else f"{p.name}={_shown(p.default)}" for p in graph.params]
        click.echo(click.style(f"    {', '.join(given)}", dim=True))


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
