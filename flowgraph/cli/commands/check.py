"""`flowgraph check`: everything that can be known before a run is checked."""

from __future__ import annotations

from typing import Any

import click

from flowgraph.cli.call import ENGINE, GRAPH, LIMITS, PARAMS, make_call, with_options
from flowgraph.cli.human import plural, size
from flowgraph.errors import GraphError


@click.command()
@GRAPH
@with_options(PARAMS, LIMITS, ENGINE)
@click.option("--strict", is_flag=True, help="Take warnings for errors.")
def check(name: str, strict: bool, **given: Any) -> None:
    """Check GRAPH without running it: exit status 0, or 2 and where what is wrong."""
    plan = make_call(name, **given).compile()
    for warning in plan.warnings:
        click.echo(f"warning: {warning}", err=True)
    if strict and plan.warnings:
        raise GraphError(f"{plural(len(plan.warnings), 'warning')}, and --strict was given")
    passes = plural(len(plan.passes), "pass", "passes")
    click.echo(f"{name}: good; {passes}, at most {size(plan.bound_bytes)} of memory")
