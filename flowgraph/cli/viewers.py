"""What draws graphs but lies outside of the engine.

Packages name it in the entry-point group `flowgraph.drawings`: the entry's name is the format, which is also
the extension of its files (`html`); its value a function that takes a `View` and returns the file's content.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from flowgraph.graph import Graph
    from flowgraph.plan import Plan

DRAWINGS = "flowgraph.drawings"


@dataclass(frozen=True, slots=True)
class View:
    """What is to be drawn: a plan, or without one the graph as written."""

    graph: Graph
    plan: Plan | None
    title: str


@cache
def _entries() -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=DRAWINGS)}


def formats() -> tuple[str, ...]:
    """The formats that other packages draw."""
    return tuple(sorted(_entries()))


def drawer(format: str) -> Callable[[View], bytes]:
    """What draws that format, its module imported now.

    Raises:
        KeyError: no package draws it.
    """
    return cast("Callable[[View], bytes]", _entries()[format].load())
