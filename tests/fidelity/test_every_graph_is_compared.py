"""Every bundled graph stands in the table of differences."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from flowgraph.cli.find_graph import bundled


def marked(module: str) -> Iterator[str]:
    """The graphs that the tests of a module are marked with."""
    for test in vars(import_module(module)).values():
        for mark in getattr(test, "pytestmark", ()):
            if mark.name == "compares":
                yield from mark.args


def test_every_bundled_graph_is_compared_with_a_reference() -> None:
    modules = [path.stem for path in Path(__file__).parent.glob("test_*.py")]
    compared = {graph for module in modules for graph in marked(module)}
    assert compared == set(bundled())
