"""`flowgraph diff`: where two videos, two graphs or two traces begin to differ."""

from __future__ import annotations

from typing import Any, Literal

import click

from flowgraph.cli.call import ENGINE, LIMITS, PARAMS, with_options
from flowgraph.errors import GraphError

Kind = Literal["graph", "media", "trace"]
_WORDS = {"graph": "a graph", "media": "a file of pictures", "trace": "a trace"}


@click.command()
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@with_options(PARAMS[:1], PARAMS[2:], LIMITS, ENGINE)
@click.option("-q", "--quiet", is_flag=True, help="Say nothing; the exit status tells.")
def diff(a: str, b: str, quiet: bool, **given: Any) -> int:
    """Say where two videos, two graphs or two traces begin to differ.

    \b
    flowgraph diff before.mp4 after.mp4
    flowgraph diff old.yaml new.yaml -i clip.mp4
    flowgraph diff monday.fgt tuesday.fgt

    Graphs are both run, and nodes of the same name are compared in the order of flow: the first node and
    frame whose samples differ are named, and by how much. Nothing is written. Parameters are given to each
    graph that has them. Of traces those frames are compared of which both have a checksum.

    Exit status: 0 equal, 1 different, 2 the call is wrong.
    """
    from flowgraph_tools import diff_runs

    kinds = _kind(a), _kind(b)
    if kinds[0] != kinds[1]:
        raise GraphError(f"'{a}' is {_WORDS[kinds[0]]}, '{b}' {_WORDS[kinds[1]]}: that can't be compared")
    if kinds[0] == "trace":
        equal, lines = diff_runs.traces(a, b, **given)
    else:
        sides = diff_runs.graph_sides if kinds[0] == "graph" else diff_runs.media_sides
        equal, lines = diff_runs.run_sides(*sides(a, b, **given), quiet=quiet)
    if not quiet:
        for line in lines:
            click.echo(line)
    return 0 if equal else 1


def _kind(text: str) -> Kind:
    from flowgraph.cli.find_graph import SUFFIXES, bundled

    if text.endswith(".fgt"):
        return "trace"
    if text.endswith(SUFFIXES) or text in bundled():
        return "graph"
    return "media"
