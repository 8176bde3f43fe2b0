"""Opens a graph for a program that steps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.exchange import from_numpy
from flowgraph.frame import Format, Frame, Plane
from flowgraph.graph import Graph, NetNode
from flowgraph.outlets import Outgoing, Outlet
from flowgraph.passes.expand import expand
from flowgraph.passes.prune import prune
from flowgraph.plan import Plan
from flowgraph.program import ProgramSink, ProgramSource
from flowgraph.session import Options, plan
from flowgraph.stepping import Session
from flowgraph.taps import tapped


def open_session(
    graph: Graph,
    values: Mapping[str, Any],
    formats: Mapping[str, Format | Frame | Plane],
    outputs: Sequence[str] | Mapping[str, str],
    overrides: Mapping[tuple[str, str], Any],
    options: Options,
    ahead: int,
) -> Session:
    """See `Graph.session`."""
    if ahead < 0:
        raise GraphError(f"no fewer than 0 frames can wait, got ahead={ahead}")
    network = expand(graph, values, overrides, need_sink=False)
    inputs = [node.name for node in network.nodes if isinstance(node.node, ProgramSource)]
    for name in formats:
        if name not in inputs:
            hint = did_you_mean(name, inputs) or f"the inputs are: {', '.join(inputs)}"
            raise GraphError(f"there is no input '{name}'", hint=hint)
    outlets: dict[str, Outlet] = {}
    nodes: list[NetNode] = []
    for node in network.nodes:
        if isinstance(node.node, ProgramSink):
            outlets[node.name] = Outlet(node.name)
            node = replace(node, node=Outgoing.into(outlets[node.name], node.node.format, ahead))
        elif isinstance(node.node, ProgramSource) and node.name in formats:
            node = replace(node, node=_of_format(node.name, node.node, formats[node.name]))
        nodes.append(node)
    network = replace(network, nodes=tuple(nodes))
    wanted = dict(outputs) if isinstance(outputs, Mapping) else dict.fromkeys(outputs, "auto")
    for name, pixel in wanted.items():
        outlets[name] = Outlet(name)
        network, _ = tapped(network, name, Outgoing.into(outlets[name], pixel, ahead), "tap")
    compiled = plan(prune(network), replace(options, threads=1))
    _check(compiled)
    return Session(compiled, options, outlets)


def _of_format(name: str, source: ProgramSource, given: Format | Frame | Plane) -> ProgramSource:
    """The input, for frames of that format."""
    try:
        format = given if isinstance(given, Format) else _frame(given).format
        said: dict[str, Any] = {"size": f"{format.width}x{format.height}", "format": format.pixel}
        if format.family == "yuv":
            said |= {"matrix": format.matrix, "range": format.range}
        return type(source).model_validate({**source.model_dump(by_alias=True), **said})
    except ValidationError as error:
        what = "; ".join(f"{item['input']!r}: {item['msg']}" for item in error.errors())
        raise GraphError(f"input '{name}': {what}") from None
    except ValueError as error:
        raise GraphError(f"input '{name}': {error}") from None


def _frame(given: Frame | Plane) -> Frame:
    return given if isinstance(given, Frame) else from_numpy(given)


def _check(plan: Plan) -> None:
    """Say no to what can't be stepped frame by frame."""
    given = {node.name: node for node in plan.network.nodes if isinstance(node.node, ProgramSource)}
    if not given:
        raise GraphError(
            "the graph has no input for a program's frames",
            hint="add a node such as 'camera: {type: input}', or let it run by itself: graph.open()",
        )
    last = plan.passes[-1]
    driving = (
        {step.name for step in last.lists[0].steps if step.kind == "source"} if last.lists else set[str]()
    )
    for name, node in given.items():
        if name not in driving:
            raise GraphError(
                f"the frames given to '{name}' don't set the pace of what comes out last:"
                f" {plan.passes[-1].reason}",
                place=node.place,
                hint="let what the program gives be the reference, and bring other sources onto its clock",
            )
