"""`flowgraph debug`: a page in the browser where a graph is seen at work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from flowgraph.cli.call import ENGINE, GRAPH, LIMITS, PARAMS, make_call, with_options
from flowgraph.errors import RunError


@click.command()
@GRAPH
@with_options(PARAMS, LIMITS, ENGINE)
@click.option("--write", is_flag=True, help="Write the outputs, as 'run' does; then the run can't go back.")
@click.option("--loop", is_flag=True, help="Begin again at the end.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Default: any free one.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
def debug(name: str, write: bool, loop: bool, port: int, no_browser: bool, **given: Any) -> None:
    """See GRAPH at work, in the browser.

    \b
    flowgraph debug motion_bloom -i dance.mp4

    A page on this machine shows every node's picture, time and bytes; it pauses, steps, goes to any frame,
    and tries parameters. Saving the graph file goes on with the new graph. Nothing is written.
    """
    try:
        from flowgraph_tools.debug.server import DebugServer
    except ModuleNotFoundError as error:
        hint = "pip install 'flowgraph-engine[debug]'"
        raise RunError(f"the page needs the package '{error.name}'", hint=hint) from None
    from flowgraph.cli.find_graph import find_graph
    from flowgraph.cli.process import settle
    from flowgraph_tools.debug.session import Session
    from flowgraph_tools.debug.target import Target

    call = make_call(name, **given)
    target = Target(find_graph(name), call.values, call.overrides, replace(call.options, live=True), write)
    session = Session(target, loop=loop)
    server = DebugServer(session, port)
    settle()
    click.echo(f"{server.address}\nctrl-C ends", err=True)
    if not no_browser:
        click.launch(server.address)
    try:
        server.serve()
    finally:
        session.close()
