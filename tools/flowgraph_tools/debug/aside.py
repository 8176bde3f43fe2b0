"""Frames computed at the side, while the run stands or goes on: a second run of the plan, up to one frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from flowgraph import session, single
from flowgraph.errors import GraphError
from flowgraph.executor.control import Control, Fired
from flowgraph.frame import Frame
from flowgraph.graph import Port
from flowgraph.live import Change, LiveParameters
from flowgraph.plan import Plan
from flowgraph.session import Interrupted
from flowgraph_tools.debug.keep import Kept
from flowgraph_tools.debug.resume import from_last_pass
from flowgraph_tools.debug.target import Compiled


class _Grab:
    """Copies the frame of one node and ends the run."""

    def __init__(self, control: Control, node: str, at: int) -> None:
        self.frame: Frame | None = None
        self._control = control
        self._node = node
        self._at = at

    def wants(self, pass_index: int, index: int) -> bool:
        return True

    def fired(self, firing: Fired) -> None:
        if firing.node != self._node or self.frame is not None:
            return
        for frame in firing.frames[:1]:
            if frame.index == self._at:
                self.frame = frame.copy()
                self._control.cancel()


def frame_aside(
    compiled: Compiled, stills: Mapping[Port, Frame], changes: Sequence[Change], node: str, at: int
) -> Kept:
    """The frame with index `at` of a node's first output (of a sink: of what it takes), with its exact bits.

    A node that has no step of its own is computed as the graph means it. Nothing is written.

    Raises:
        GraphError: there is no such node, or no frame of that index.
        RunError: a node failed on the way.
    """
    if any(node in (gone.name, *gone.aliases) for gone in compiled.merged):
        return Kept(_by_meaning(compiled, changes, node, at), aside=True)
    plan = compiled.plan
    known = {item.name: item.name for item in plan.network.nodes}
    known |= {alias: item.name for item in plan.network.nodes for alias in item.aliases}
    if node not in known:
        raise GraphError(f"the graph has no node '{node}'")
    plan = from_last_pass(plan, stills) or plan
    frame = _grab(plan, changes, known[node], at)
    if frame is None:
        raise GraphError(f"node '{node}' has no frame {at}")
    return Kept(frame)


def _grab(plan: Plan, changes: Sequence[Change], node: str, at: int) -> Frame | None:
    control = Control()
    grab = control.watcher = _Grab(control, node, at)
    live = LiveParameters(plan.network, changes, plan.formats)
    with suppress(Interrupted):
        session.execute(plan, live=live, control=control, first=single.first_needed(plan, at))
    return grab.frame


def _by_meaning(compiled: Compiled, changes: Sequence[Change], node: str, at: int) -> Frame:
    options = compiled.target.options
    return single.frame_of(compiled.network, options, node=node, at=at, changes=changes)
