"""Finds graph files: by path, or by the name of a graph that comes with the package."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import flowgraph
from flowgraph.errors import GraphError, did_you_mean

SUFFIXES = (".yaml", ".yml")
FOLDERS_GRAPH = "graph.yaml"


def bundled() -> dict[str, Path]:
    """The graphs that come with the package, name to file; in a checkout those of its folder `graphs`."""
    package = Path(str(files("flowgraph"))) / "graphs"
    checkout = Path(flowgraph.__file__).parent.parent / "graphs"
    for folder in (package, checkout):
        found = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
        if found:
            return found
    return {}


def find_graph(name: str) -> Path:
    """The file that a GRAPH argument means; of a folder (a capsule) its `graph.yaml`.

    Raises:
        GraphError: it is neither a file nor a bundled graph; the hint names the closest one.
    """
    path = Path(name)
    if path.is_file():
        return path
    if (path / FOLDERS_GRAPH).is_file():
        return path / FOLDERS_GRAPH
    graphs = bundled()
    if name in graphs:
        return graphs[name]
    if path.suffix in SUFFIXES or len(path.parts) > 1:
        near = [p.name for p in path.parent.glob("*") if p.suffix in SUFFIXES] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, near)
        if not hint and path.stem in graphs:
            hint = f"'{path.stem}' without '{path.suffix}' is the graph that comes with the package"
        if not hint and not path.parent.is_dir():
            hint = f"there is no folder '{path.parent}' either"
        raise GraphError(f"{name}: no such graph file", hint=hint)
    raise GraphError(
        f"no file and no bundled graph is called '{name}'",
        hint=did_you_mean(name, graphs) or "'flowgraph graphs' lists the bundled ones",
    )
