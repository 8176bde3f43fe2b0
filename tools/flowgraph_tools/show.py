"""Graphs and plans as pages: what `flowgraph show -o graph.html` calls."""

from __future__ import annotations

import click

from flowgraph.cli.drawing import draw_graph, draw_plan
from flowgraph.cli.explain import explain
from flowgraph.cli.viewers import View
from flowgraph.graph import Graph
from flowgraph.plan import Plan
from flowgraph_tools.facts import graph_facts, plan_facts
from flowgraph_tools.offline import Page, to_html


def html(view: View) -> bytes:
    """One self-contained html file of a plan, or of a graph as written."""
    if view.plan is None:
        page = Page(
            draw_graph(view.graph, view.title), graph_facts(view.graph), about=view.graph.about,
            file=graph_file(view.graph),
        )  # fmt: skip
    else:
        page = plan_page(view.plan, view.graph, view.title)
    return to_html(page).encode()


def plan_page(plan: Plan, graph: Graph, title: str) -> Page:
    """The page of a plan before it runs."""
    return Page(
        draw_plan(plan, title),
        plan_facts(plan),
        about=graph.about,
        bound_bytes=plan.bound_bytes,
        passes=len(plan.passes),
        notes=tuple(map(str, plan.notes)),
        warnings=plan.warnings,
        plan=click.unstyle(explain(plan, title)),
        file=graph_file(graph),
    )


def graph_file(graph: Graph) -> str:
    """The text of the file that a graph came from; empty for one that was built in Python."""
    return graph.path.read_text("utf-8") if graph.path and graph.path.is_file() else ""
