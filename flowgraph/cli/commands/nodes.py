"""`flowgraph nodes`: the reference of node types, printed from their classes."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from flowgraph.cli.call import OWN, with_options
from flowgraph.cli.human import columns

if TYPE_CHECKING:
    from flowgraph.node import Input, Node, Output

WIDTH = 100


@click.command()
@click.argument("type", metavar="[TYPE]", required=False)
@with_options(OWN)
def nodes(type: str | None, own: tuple[str, ...]) -> None:
    """List the node types, or describe one: its parameters with units and bounds, ports, an example."""
    from flowgraph.library import node_type
    from flowgraph.own import own_types

    types = own_types(own)
    click.echo("\n".join(_list(types) if type is None else describe(type, node_type(type, types))))


def category(kind: type[Node]) -> str:
    """Where a type stands in the list, from what its class declares."""
    from flowgraph.node import Node, Sink, Source, ports

    inputs = ports(kind).inputs.values()
    if issubclass(kind, Source):
        return "sources"
    if issubclass(kind, Sink):
        return "sinks"
    if hasattr(kind, "accumulate"):
        return "whole stream to one picture"
    if any(getattr(kind, fact) is not getattr(Node, fact) for fact in ("history", "clock", "latency")):
        return "over time"
    if len(inputs) > 1 or any(each.variadic for each in inputs):
        return "several streams to one"
    return "picture by picture"


CATEGORIES = (
    "sources",
    "picture by picture",
    "several streams to one",
    "over time",
    "whole stream to one picture",
    "sinks",
)


def first_line(kind: type[Node]) -> str:
    """What a node type does, in a line."""
    return (inspect.getdoc(kind) or "").partition("\n")[0]


def _list(own: Mapping[str, type[Node]]) -> Iterator[str]:
    from flowgraph.library import node_type, type_names

    kinds = {name: node_type(name) for name in type_names()} | dict(own)
    width = max(map(len, kinds), default=0)
    for heading in CATEGORIES:
        found = {name: kind for name, kind in kinds.items() if category(kind) == heading}
        if found:
            yield click.style(heading, bold=True)
            yield from (f"  {key.ljust(width)}  {first_line(kind)}" for key, kind in found.items())
    yield ""
    yield "'flowgraph nodes TYPE' describes one."


def describe(name: str, kind: type[Node]) -> Iterator[str]:
    """Everything that a writer of graphs wants to know about a type."""
    from flowgraph.document.describe import accepts, parameters
    from flowgraph.document.values import written
    from flowgraph.node import Source, ports

    first, _, rest = (inspect.getdoc(kind) or "").partition("\n")
    yield f"{click.style(name, bold=True)}: {first}"
    if rest.strip():
        yield ""
        yield from (f"  {line}".rstrip() for line in rest.strip().splitlines())
    found = parameters(kind)
    if found:
        yield ""
        yield click.style("parameters", bold=True)
    for key, field in found.items():
        default = (
            "required"
            if field.is_required()
            else f"default {_shown(written(field.get_default(call_default_factory=True)))}"
        )
        main = "; the one of the short form" if kind.main in (key, field.alias) else ""
        live = "; live" if key in kind.live_parameters else ""
        yield f"  {click.style(key, bold=True)}: {accepts(field)}; {default}{main}{live}"
        if field.description:
            yield textwrap.fill(field.description, WIDTH, initial_indent="      ", subsequent_indent="      ")
    declared = ports(kind)
    yield ""
    yield click.style("ports", bold=True)
    rows = [["in", port.name, _input(port)] for port in declared.inputs.values()]
    source = issubclass(kind, Source)
    rows += [
        ["out", port.name, "in the format of what is read" if source else _output(port)]
        for port in declared.outputs.values()
    ]
    yield from (f"  {line}" for line in columns(rows))
    if kind.example:
        yield ""
        yield click.style("example", bold=True)
        yield from (f"  {line}" for line in kind.example.splitlines())


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(_shown(item) for item in value)}]"
    return f"'{value}'" if value == "" else str(value)


def _input(port: Input) -> str:
    said = [" or ".join(port.formats) or "any format"]
    if port.variadic:
        said.append(f"a list of at least {port.least}" if port.least > 1 else "one or a list")
    if port.still:
        said.append("a still")
    if port.optional:
        said.append("may be left out")
    if port.like is not None:
        said.append(f"of the format of '{port.like.name}'")
    if port.size is not None:
        said.append(f"of the size of '{port.size.name}'")
    return ", ".join(said)


def _output(port: Output) -> str:
    said = [port.format if port.like is None else f"as '{port.like.name}'"]
    if port.forward:
        said.append("copies nothing")
    if port.in_place:
        said.append("may be computed in place")
    return ", ".join(said)
