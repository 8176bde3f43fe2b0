"""`flowgraph new`: a graph file to start from."""

from __future__ import annotations

from importlib.resources import files

import click

from flowgraph.cli.call import output_file
from flowgraph.cli.find_graph import SUFFIXES
from flowgraph.errors import GraphError


@click.command()
@click.argument("file", metavar="FILE")
def new(file: str) -> None:
    """Start a graph file from a commented template. An existing file is never written over."""
    path = output_file(file)
    if path.suffix not in SUFFIXES:
        raise GraphError(
            f"{file}: a graph file ends in .yaml", hint=f"flowgraph new {path.stem or 'mine'}.yaml"
        )
    template = files("flowgraph.cli") / "template.yaml"
    try:
        with path.open("x", encoding="utf-8") as target:
            target.write(template.read_text(encoding="utf-8").replace("FILE.yaml", file))
    except FileExistsError:
        raise GraphError(f"{file} is already there", hint="choose another name, or remove it first") from None
    click.echo(f"{file}: now try\n  flowgraph run {file}", err=True)
