"""`flowgraph plan`: how a graph will run, for people and for programs."""

from __future__ import annotations

import json
from typing import Any

import click

from flowgraph.cli.call import ENGINE, GRAPH, LIMITS, PARAMS, make_call, with_options


@click.command()
@GRAPH
@with_options(PARAMS, LIMITS, ENGINE)
@click.option("--json", "as_json", is_flag=True, help="Print JSON with stable keys, for programs.")
def plan(name: str, as_json: bool, **given: Any) -> None:
    """Explain how GRAPH will run: its passes, formats, conversions and bytes, each with its reason."""
    from flowgraph.cli.explain import explain
    from flowgraph.cli.plan_json import plan_record

    call = make_call(name, **given)
    made = call.compile()
    if as_json:
        click.echo(json.dumps(plan_record(made), indent=2, ensure_ascii=False))
    else:
        click.echo(explain(made, call.graph.title or name))
