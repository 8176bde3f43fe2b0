"""`flowgraph show`: a drawing of a graph."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from flowgraph.cli import viewers
from flowgraph.cli.call import ENGINE, GRAPH, LIMITS, PARAMS, make_call, output_file, with_options
from flowgraph.errors import GraphError

SUFFIXES = {
    ".svg": "svg",
    ".png": "png",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
} | {f".{format}": format for format in viewers.formats()}
FORMATS = tuple(dict.fromkeys(SUFFIXES.values()))


@click.command()
@GRAPH
@with_options(PARAMS[:1])
@click.option("-o", "drawing", required=True, metavar="FILE", help="The drawing; '-' for standard output.")
@with_options(PARAMS[2:], LIMITS, ENGINE)
@click.option("--format", "format", type=click.Choice(FORMATS), help="Default: by FILE's extension.")
@click.option("--structure", is_flag=True, help="Draw the graph as written, without opening any input.")
def show(name: str, drawing: str, format: str | None, structure: bool, **given: Any) -> None:
    """Draw GRAPH: a frame for each pass, formats, clocks and bytes on the edges.

    html is a page to look around in: zoom, search, and all that is known of each node. Without the graph's
    input video the graph is drawn as it is written.
    """
    kind = format or _format_of(drawing)
    call = make_call(name, **given)
    needed = [
        p.name for p in call.graph.params if p.required and p.name not in call.values and p.name != "output"
    ]
    written = structure or needed or call.graph.inputs
    view = viewers.View(call.graph, None if written else call.compile(), call.graph.title or name)
    content = _draw(view, kind)
    if drawing == "-":
        sys.stdout.buffer.write(content)
        return
    output_file(drawing).write_bytes(content)
    if needed and not structure:
        click.echo(f"drawn as written: without '{needed[0]}' formats and bytes are not known", err=True)
    click.echo(drawing, err=True)


def _draw(view: viewers.View, kind: str) -> bytes:
    from flowgraph.cli.dot import to_dot
    from flowgraph.cli.drawing import draw_graph, draw_plan
    from flowgraph.cli.graphviz import render
    from flowgraph.cli.mermaid import to_mermaid

    if kind in viewers.formats():
        return viewers.drawer(kind)(view)
    drawing = draw_plan(view.plan, view.title) if view.plan else draw_graph(view.graph, view.title)
    if kind == "mermaid":
        return to_mermaid(drawing).encode()
    dot = to_dot(drawing)
    return dot.encode() if kind == "dot" else render(dot, kind)


def _format_of(drawing: str) -> str:
    suffix = Path(drawing).suffix.lower()
    if suffix not in SUFFIXES:
        raise GraphError(
            f"{drawing}: a drawing is one of {', '.join(FORMATS)}",
            hint=f"--format says which; as an extension: {' '.join(SUFFIXES)}",
        )
    return SUFFIXES[suffix]
