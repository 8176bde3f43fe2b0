"""`flowgraph show`: a drawing of a graph."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from flowgraph.cli.call import ENGINE, GRAPH, LIMITS, PARAMS, make_call, output_file, with_options
from flowgraph.errors import GraphError

FORMATS = ("svg", "png", "dot", "mermaid")
_SUFFIXES = {
    ".svg": "svg",
    ".png": "png",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
}


@click.command()
@GRAPH
@with_options(PARAMS[:1])
@click.option("-o", "drawing", required=True, metavar="FILE", help="The drawing; '-' for standard output.")
@with_options(PARAMS[2:], LIMITS, ENGINE)
@click.option("--format", "format", type=click.Choice(FORMATS), help="Default: by FILE's extension.")
@click.option("--structure", is_flag=True, help="Draw the graph as written, without opening any input.")
def show(name: str, drawing: str, format: str | None, structure: bool, **given: Any) -> None:
    """Draw GRAPH: a frame for each pass, formats, clocks and bytes on the edges.

    Without the graph's input video the graph is drawn as it is written.
    """
    from flowgraph.cli.dot import to_dot
    from flowgraph.cli.drawing import draw_graph, draw_plan
    from flowgraph.cli.graphviz import render
    from flowgraph.cli.mermaid import to_mermaid

    kind = format or _format_of(drawing)
    call = make_call(name, **given)
    needed = [
        p.name for p in call.graph.params if p.required and p.name not in call.values and p.name != "output"
    ]
    title = call.graph.title or name
    if structure or needed or call.graph.inputs:
        picture = draw_graph(call.graph, title)
    else:
        picture = draw_plan(call.compile(), title)
    content = to_mermaid(picture).encode() if kind == "mermaid" else to_dot(picture).encode()
    if kind in ("svg", "png"):
        content = render(content.decode(), kind)
    if drawing == "-":
        sys.stdout.buffer.write(content)
        return
    output_file(drawing).write_bytes(content)
    if needed and not structure:
        click.echo(f"drawn as written: without '{needed[0]}' formats and bytes are not known", err=True)
    click.echo(drawing, err=True)


def _format_of(drawing: str) -> str:
    suffix = Path(drawing).suffix.lower()
    if suffix not in _SUFFIXES:
        raise GraphError(
            f"{drawing}: a drawing is one of {', '.join(FORMATS)}",
            hint=f"--format says which; as an extension: {' '.join(_SUFFIXES)}",
        )
    return _SUFFIXES[suffix]
