"""One frame of one node, with no more work than it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import PrivateAttr

from flowgraph.errors import GraphError, StopRun
from flowgraph.executor.execute import execute
from flowgraph.frame import EMPTY, Format, Frame
from flowgraph.graph import Graph, Network
from flowgraph.live import Change, LiveParameters
from flowgraph.node import Formats, SinkInfo, Writer, has_state
from flowgraph.passes.expand import NO_OVERRIDES, expand
from flowgraph.passes.prune import prune
from flowgraph.plan import FiringList, Plan
from flowgraph.program import Picture
from flowgraph.session import Options, plan
from flowgraph.taps import tapped


class Grab(Picture):
    """Keep one frame and end the run."""

    format: str = "auto"
    at: int
    _frames: list[Frame] = PrivateAttr(default_factory=list[Frame])

    @property
    def found(self) -> Frame | None:
        """The frame, once the run is over; None if the stream has no frame of that index."""
        return self._frames[0] if self._frames else None

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Nothing comes out; refuses numbers, which are no picture."""
        if formats["image"].family == "data":
            raise ValueError(f"it makes a {formats['image']} and no picture; a sink writes it to a .csv file")
        return {}

    def open(self, info: SinkInfo) -> Writer:
        """Take frames until the one that is wanted."""
        return _GrabWriter(self.at, info.still, self._frames)


class _GrabWriter:
    def __init__(self, at: int, still: bool, frames: list[Frame]) -> None:
        self._at = at
        self._still = still
        self._frames = frames

    def write(self, frame: Frame) -> None:
        if not self._frames and (self._still or frame.index == self._at):
            self._frames.append(frame.cropped_to_use().copy())
            if not self._still:
                raise StopRun

    def close(self) -> str:
        return ""

    def abort(self) -> Path | None:
        return None


def compute_frame(
    graph: Graph,
    values: Mapping[str, Any] = EMPTY,
    overrides: Mapping[tuple[str, str], Any] = NO_OVERRIDES,
    options: Options = Options(),  # noqa: B008 a frozen record
    *,
    node: str,
    at: int,
) -> Frame:
    """The frame with index `at` of a node's first output (of a sink: of what it takes), as bgr24 or gray.

    Frames before it are computed only as far as a history or a state needs them.

    Raises:
        GraphError: there is no such node, or no frame of that index.
        RunError: a node failed on the way.
    """
    return frame_of(expand(graph, values, overrides, need_sink=False), options, node=node, at=at)


def frame_of(
    network: Network, options: Options, *, node: str, at: int, changes: Iterable[Change] = ()
) -> Frame:
    """As `compute_frame`, of a network, with the live `changes` that a run of it has seen.

    Raises:
        GraphError, RunError: see `compute_frame`.
    """
    grab, changes = Grab(at=at), tuple(changes)
    whole, end = tapped(network, node, grab, "frame")
    # A run that has seen changes was planned for them: what they name is there.
    compiled = plan(prune(whole, (end,)), replace(options, live=options.live or bool(changes)))
    known = {name for item in compiled.network.nodes for name in (item.name, *item.aliases)}
    applied = [change for change in changes if change.node in known]
    live = LiveParameters(compiled.network, applied, compiled.formats)
    execute(compiled, first=first_needed(compiled, at), live=live)
    if grab.found is None:
        raise GraphError(f"node '{node}' has no frame {at}", hint="frames count from 0, as in the source")
    return grab.found


def first_needed(compiled: Plan, at: int) -> int:
    """The first frame of the last pass that frame `at` needs; 0 where a node has state or counts frames."""
    lists = [firing for pass_ in compiled.passes[-1:] for firing in pass_.lists]
    for firing in lists:
        for step in firing.steps:
            if step.node is not None and (has_state(step.node) or step.kind in ("reduce", "border")):
                return 0
        if firing.clock.steps or any(step.clock.steps for step in firing.steps):
            return 0
    return max(0, at - max((_history(firing) for firing in lists), default=0))


def _history(firing: FiringList) -> int:
    """How far back, at most, any path through a list looks."""
    return firing.drain + sum(step.history for step in firing.steps if step.kind == "window")
