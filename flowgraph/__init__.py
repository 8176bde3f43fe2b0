"""flowgraph: video effects as graphs, run as a stream in bounded memory.

    import flowgraph

    graph = flowgraph.load("ghost.yaml")
    report = flowgraph.run(graph, input="dance.mp4", output="ghost.mp4")

Importing it imports nothing heavy; each name below is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowgraph.awaiting import AsyncSession
    from flowgraph.document.builder import GraphBuilder
    from flowgraph.document.dump import dump
    from flowgraph.document.load import load, loads
    from flowgraph.document.schema import schema
    from flowgraph.errors import FlowgraphError, GraphError, RunError
    from flowgraph.exchange import from_av, from_numpy, from_pil, to_av, to_pil
    from flowgraph.executor.control import Control, Fired, Status, Watcher
    from flowgraph.executor.events import Event
    from flowgraph.frame import Format, Frame
    from flowgraph.function_node import per_frame
    from flowgraph.graph import Graph
    from flowgraph.lent import ReleasedError
    from flowgraph.node import SKIP, Formats, Input, Limits, Node, Output, Sink, Source
    from flowgraph.plan import Plan
    from flowgraph.reading import Frames
    from flowgraph.running import Run
    from flowgraph.session import Interrupted, Options, Progress, Report, compile, execute, run
    from flowgraph.single import compute_frame
    from flowgraph.stepping import Session

__version__ = "0.1.0"

__all__ = [
    "SKIP",
    "AsyncSession",
    "Control",
    "Event",
    "Fired",
    "FlowgraphError",
    "Format",
    "Formats",
    "Frame",
    "Frames",
    "Graph",
    "GraphBuilder",
    "GraphError",
    "Input",
    "Interrupted",
    "Limits",
    "Node",
    "Options",
    "Output",
    "Plan",
    "Progress",
    "ReleasedError",
    "Report",
    "Run",
    "RunError",
    "Session",
    "Sink",
    "Source",
    "Status",
    "Watcher",
    "compile",
    "compute_frame",
    "dump",
    "execute",
    "from_av",
    "from_numpy",
    "from_pil",
    "load",
    "loads",
    "per_frame",
    "run",
    "schema",
    "to_av",
    "to_pil",
]

_HOME = {
    "awaiting": "AsyncSession",
    "document.builder": "GraphBuilder",
    "document.dump": "dump",
    "document.load": "load loads",
    "document.schema": "schema",
    "exchange": "from_av from_numpy from_pil to_av to_pil",
    "errors": "FlowgraphError GraphError RunError",
    "executor.control": "Control Fired Status Watcher",
    "executor.events": "Event",
    "function_node": "per_frame",
    "frame": "Format Frame",
    "graph": "Graph",
    "lent": "ReleasedError",
    "node": "SKIP Formats Input Limits Node Output Sink Source",
    "plan": "Plan",
    "reading": "Frames",
    "running": "Run",
    "session": "Interrupted Options Progress Report compile execute run",
    "single": "compute_frame",
    "stepping": "Session",
}
_MODULES = {name: module for module, names in _HOME.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'flowgraph' has no attribute '{name}'")
    return getattr(import_module(f"flowgraph.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
