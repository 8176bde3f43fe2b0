"""The arguments that all commands on a graph share, and the call that they make up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flowgraph.cli import option_types
from flowgraph.cli.find_graph import find_graph
from flowgraph.errors import GraphError

if TYPE_CHECKING:
    from flowgraph.graph import Graph
    from flowgraph.plan import Plan
    from flowgraph.session import Options

Function = TypeVar("Function", bound=Callable[..., Any])

GRAPH = click.argument("name", metavar="GRAPH")
PARAMS = (
    click.option("-i", "--input", "inputs", multiple=True, metavar="IN", help="Same as -p input=IN."),
    click.option("-o", "--output", "outputs", multiple=True, metavar="OUT", help="Same as -p output=OUT."),
    click.option(
        "-p", "--param", "params", multiple=True, type=option_types.pair, metavar="NAME=VALUE",
        help="Set a parameter of the graph.",
    ),
    click.option(
        "--set", "sets", multiple=True, type=option_types.node_pair, metavar="NODE.PARAM=VALUE",
        help="Set a parameter of any node, as in --set out.codec=ffv1.",
    ),
)  # fmt: skip
LIMITS = (
    click.option("--frames", type=click.IntRange(1), metavar="N", help="Read at most N frames of a source."),
    click.option("--from", "start", type=option_types.time, metavar="TIME", help="Start there: 10 or 0:10."),
    click.option("--to", "stop", type=option_types.time, metavar="TIME", help="Stop there."),
)  # fmt: skip
OWN = (
    click.option(
        "--nodes", "own", multiple=True, metavar="FILE",
        help="Node types of your own: a Python file, a folder of them, or a module. Its code runs.",
    ),
)  # fmt: skip
ENGINE = (
    click.option(
        "--max-memory", type=option_types.size, metavar="SIZE",
        help="Bound of the memory, as 200MiB or 1.5GB; default: 80 % of this machine's.",
    ),
    click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="Default: one for each core."),
    *OWN,
)  # fmt: skip


def with_options(*groups: tuple[Callable[[Any], Any], ...]) -> Callable[[Function], Function]:
    """Add groups of options to a command, in this order."""

    def decorate(function: Function) -> Function:
        for option in reversed([option for group in groups for option in group]):
            function = option(function)
        return function

    return decorate


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command on a graph. Values of its parameters and overrides are texts, as given."""

    graph: Graph
    values: dict[str, str]
    overrides: dict[tuple[str, str], str]
    options: Options

    def discarding(self) -> Call:
        """The same call with its output, where none was given, thrown away."""
        known = any(param.name == "output" for param in self.graph.params)
        return replace(self, values={"output": "null", **self.values}) if known else self

    def compile(self) -> Plan:
        """Make the plan; raises GraphError."""
        from flowgraph import session

        return session.compile(self.graph, self.values, self.overrides, self.options)


def make_call(
    name: str,
    *,
    inputs: tuple[str, ...] = (),
    outputs: tuple[str, ...] = (),
    params: tuple[tuple[str, str], ...] = (),
    sets: tuple[tuple[str, str, str], ...] = (),
    frames: int | None = None,
    start: Fraction | None = None,
    stop: Fraction | None = None,
    max_memory: int | None = None,
    threads: int | None = None,
    own: tuple[str, ...] = (),
    overwrite: bool = True,
    quiet: bool = False,
    check: bool = False,
) -> Call:
    """Read the graph and what was given for it.

    Raises:
        GraphError: no such graph, it is wrong, or a value is.
    """
    from flowgraph.document.load import load
    from flowgraph.node import Limits
    from flowgraph.session import Options

    if start is not None and stop is not None and stop <= start:
        raise GraphError(f"--to {float(stop):g} s is not after --from {float(start):g} s")
    graph = load(find_graph(name), own)
    return Call(
        graph,
        given_params(inputs, outputs, params),
        {(node, key): value for node, key, value in sets},
        Options(max_memory, threads, Limits(frames, start, stop), overwrite, quiet, check),
    )


def given_params(
    inputs: tuple[str, ...], outputs: tuple[str, ...], params: tuple[tuple[str, str], ...]
) -> dict[str, str]:
    """All parameters given, by name, as texts.

    Raises:
        GraphError: one was given twice.
    """
    given: dict[str, str] = {}
    for key, text in [
        *(("input", text) for text in inputs),
        *(("output", text) for text in outputs),
        *params,
    ]:
        if key in given:
            raise GraphError(
                f"the parameter '{key}' is given twice: '{given[key]}' and '{text}'",
                hint="further inputs and outputs of a graph are parameters of their own: -p NAME=VALUE",
            )
        given[key] = text
    return given


def output_file(text: str) -> Path:
    """A file that a command writes itself; raises GraphError if its folder is missing."""
    path = Path(text)
    if not path.parent.is_dir():
        raise GraphError(f"{text}: there is no folder '{path.parent}'")
    return path
