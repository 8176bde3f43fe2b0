"""Lets the live page look into an engine that runs inside of another program.

    from flowgraph_tools import attach

    with graph.open({"input": "dance.mp4"}, outputs=["bloom"], sinks=False) as run, attach.serve(run) as page:
        print(page.address)               # open it, or: flowgraph debug --attach ADDRESS
        for frame in run["bloom"]:
            ...

The page is served to this machine only, under an address with a random token. While nobody looks, the run is
not watched. It needs the extra `debug`.
"""

from __future__ import annotations

from threading import Thread
from types import TracebackType
from typing import Protocol

from flowgraph.executor.control import Control
from flowgraph.plan import Plan
from flowgraph_tools.debug.attached import Attached
from flowgraph_tools.debug.server import DebugServer


class Steered(Protocol):
    """A run with its plan and its control: what `Graph.open` gives, or any object that has both."""

    @property
    def plan(self) -> Plan:
        """What runs."""
        ...

    @property
    def control(self) -> Control:
        """What steers it."""
        ...


class Page:
    """The page of a run, until `close` or the end of its block."""

    def __init__(self, server: DebugServer, backend: Attached) -> None:
        self._server = server
        self._backend = backend
        self._thread = Thread(target=server.serve, name="flowgraph debug page", daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it is, with the token: for nobody else's eyes."""
        return self._server.address

    def close(self) -> None:
        """Serve no more; the run goes on by itself."""
        self._server.stop()
        self._thread.join()
        self._backend.close()

    def __enter__(self) -> Page:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def serve(run: Steered, *, title: str = "embedded", port: int = 0) -> Page:
    """Serve the page of a run, on a thread of its own; `port` 0 is any free one.

    Viewers can pause the run, step, and go on; they can't go back, and the graph stays as it is.

    Raises:
        GraphError: the run's graph can't be compiled.
        OSError: the port is taken.
    """
    backend = Attached(run.plan, run.control, title)
    return Page(DebugServer(backend, port), backend)
