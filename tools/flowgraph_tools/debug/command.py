"""`flowgraph debug`: a page in the browser where a graph is seen at work."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flowgraph.cli.call import ENGINE, LIMITS, PARAMS, make_call, with_options
from flowgraph.errors import RunError

if TYPE_CHECKING:
    from flowgraph_tools.debug.replay import Replay
    from flowgraph_tools.debug.session import Session

TRACE_SUFFIX = ".fgt"


@click.command()
@click.argument("name", metavar="GRAPH", required=False)
@with_options(PARAMS, LIMITS, ENGINE)
@click.option("--write", is_flag=True, help="Write the outputs, as 'run' does; then the run can't go back.")
@click.option("--loop", is_flag=True, help="Begin again at the end.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Default: any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option(
    "--attach", metavar="ADDRESS", help="Look into a run of another program that gave this address."
)
def debug(name: str | None, no_browser: bool, attach: str | None, **given: Any) -> None:
    """See GRAPH at work, in the browser; or a trace (out.fgt) of a run that is over.

    \b
    flowgraph debug motion_bloom -i dance.mp4
    flowgraph debug out.fgt

    A page on this machine shows every node's picture, time and bytes; it pauses, steps, goes to any frame,
    and tries parameters. Saving the graph file goes on with the new graph. Nothing is written.
    """
    if (name is None) == (attach is None):
        raise click.UsageError("give a GRAPH, a trace, or --attach ADDRESS")
    try:
        from flowgraph_tools.debug import server
    except ModuleNotFoundError as error:
        hint = "pip install 'flowgraph-engine[debug]'"
        raise RunError(f"the page needs the package '{error.name}'", hint=hint) from None
    if attach is not None:
        from flowgraph_tools.debug.greet import greet

        told = greet(attach)
        click.echo(f"{told['title']}: {attach}", err=True)
        if not no_browser:
            click.launch(attach)
        return
    assert name is not None  # or there were an address
    port = given.pop("port")
    backend = _backend(name, given)
    page = server.DebugServer(backend, port)
    click.echo(f"{page.address}\nctrl-C ends", err=True)
    if not no_browser:
        click.launch(page.address)
    try:
        page.serve()
    finally:
        backend.close()


def _backend(name: str, given: dict[str, Any]) -> Session | Replay:
    """What the page shows: a trace, or a run of a graph."""
    from flowgraph.cli.find_graph import find_graph
    from flowgraph.cli.process import settle

    loop, write = given.pop("loop"), given.pop("write")
    if name.endswith(TRACE_SUFFIX):
        from flowgraph_tools.debug.replay import Replay

        return Replay(Path(name))
    from flowgraph_tools.debug.session import Session
    from flowgraph_tools.debug.target import Target

    call = make_call(name, **given)
    target = Target(
        find_graph(name),
        call.values,
        call.overrides,
        replace(call.options, live=True),
        write,
        call.graph.types,
    )
    session = Session(target, loop=loop)
    settle()
    return session
