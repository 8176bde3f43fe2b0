"""Which commands there are, what each does in one line, and where its code is.

Help texts stand here so that `flowgraph --help` imports no command. Commands whose code lies outside of the
engine come from the entry-point group `flowgraph.commands`: the entry's name is the command's, its value the
click command, its help the command's own.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, cast

import click

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "flowgraph.commands"

BUILTIN = {
    "run": "Run a graph on a video.",
    "check": "Check a graph without running it.",
    "plan": "Explain how a graph will run: passes, formats, bytes.",
    "show": "Draw a graph: html, svg, png, dot or mermaid.",
    "frame": "Compute one frame of one node.",
    "nodes": "List the node types, or describe one.",
    "graphs": "List the graphs that come with the package, or print one.",
    "new": "Start a graph file of your own.",
    "schema": "Write the JSON Schema that editors complete graph files with.",
    "bench": "Measure a graph: speed, time per node, memory.",
    "doctor": "Check this machine: versions, codecs, libraries, memory.",
}
"""Command name to its line of help, in the order of `flowgraph --help`."""


@cache
def _outside() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points  # takes 20 ms, and built-in commands don't need it

    return {entry.name: entry for entry in entry_points(group=GROUP) if entry.name not in BUILTIN}


def command_names() -> tuple[str, ...]:
    """All commands: the built-in ones in the order of help, then those of other packages."""
    return (*BUILTIN, *sorted(_outside()))


def command(name: str) -> click.Command | None:
    """The command of that name, its module imported now; None if there is none."""
    if name in BUILTIN:
        module = importlib.import_module(f"flowgraph.cli.commands.{name}")
        return cast(click.Command, getattr(module, name))
    if name in _outside():
        return cast(click.Command, _outside()[name].load())
    return None


def short_help(name: str) -> str:
    """The command's line in `flowgraph --help`."""
    if name in BUILTIN:
        return BUILTIN[name]
    try:
        found = command(name)
    except ImportError as error:
        # A broken package must not take the help of all other commands with it.
        return f"(can't be loaded: {error})"
    return found.get_short_help_str(80) if found else ""
