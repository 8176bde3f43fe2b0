"""Checks, call by call, that nodes keep the rules of frame flow that stand in `flowgraph.node`.

`checked` puts a check around each node of a plan. Frames are lent to a node as views made for the one call:
a view that outlives the call was kept, an input whose samples changed was written to, an output must come
back in the shape of the plan. Results stay the same; it takes a checksum of every input and, for frames that
are forwarded, a copy.
"""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import SKIP, Node, has_state, ports
from flowgraph.plan import FiringList, Pass, Plan, Step
from flowgraph.sums import frame_sum


class ContractError(Exception):
    """A node broke a rule of frame flow; the message says which, and with which input or output."""


def checked(plan: Plan) -> Plan:
    """The same plan, whose nodes are checked whenever they are called."""
    nodes: dict[str, Node] = {}
    passes = tuple(_checked_pass(pass_, nodes) for pass_ in plan.passes)
    # Parameters that change during a run make new nodes of the network's classes: those are checked as well.
    network = replace(
        plan.network,
        nodes=tuple(replace(n, node=nodes.get(n.name, n.node)) for n in plan.network.nodes),
    )
    return replace(plan, passes=passes, network=network)


def _checked_pass(pass_: Pass, nodes: dict[str, Node]) -> Pass:
    def of_list(firing: FiringList) -> FiringList:
        return replace(firing, steps=tuple(_checked_step(step, nodes) for step in firing.steps))

    return replace(pass_, stills=of_list(pass_.stills), lists=tuple(map(of_list, pass_.lists)))


def _checked_step(step: Step, nodes: dict[str, Node]) -> Step:
    if step.node is None or step.kind not in ("node", "border", "reduce"):
        return step
    kind = _checked_type(step, type(step.node))
    node = step.node.model_copy()
    # Whatever the node holds besides its parameters goes along: only what it does is another.
    object.__setattr__(node, "__class__", kind)
    nodes[step.name] = node
    return replace(step, node=node)


def _checked_type(step: Step, kind: Any) -> type[Node]:
    leading = 1 if has_state(kind.model_construct()) else 0
    inputs = tuple(ports(kind).inputs)
    outputs = {result.port.port: result.format for result in step.results if result.how != "forward"}
    forwarded = {result.port.port: result.format for result in step.results if result.how == "forward"}
    whole = _Rules(leading, inputs, outputs, forwarded)

    if hasattr(kind, "accumulate"):

        class Reduction(kind):  # type: ignore[misc] # a class that is known only at run time
            def accumulate(self, *args: Any) -> None:
                replace(whole, outputs={}).call(super().accumulate, args)

            def finish(self, *args: Any) -> None:
                replace(whole, inputs=()).call(super().finish, args)

        made: type[Node] = Reduction
    else:

        class Checked(kind):  # type: ignore[misc] # as above
            def process(self, *args: Any) -> Any:
                return whole.call(super().process, args)

        made = Checked
    made.__name__, made.__module__, made.__doc__ = kind.__name__, kind.__module__, kind.__doc__
    return made


@dataclass(frozen=True, slots=True)
class _Lent:
    """A frame that was lent for one call. `total`: its checksum before, None where it may be written."""

    what: str
    frame: Frame
    views: tuple[weakref.ref[Plane], ...]
    total: int | None

    @property
    def kept(self) -> bool:
        return any(view() is not None for view in self.views)

    @property
    def changed(self) -> bool:
        return self.total is not None and frame_sum((self.frame,)) != self.total


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the arguments of a call are: state, inputs, outputs, scratch; and what must come back."""

    leading: int
    inputs: tuple[str, ...]
    outputs: Mapping[str, Format]
    forwarded: Mapping[str, Format]

    def call(self, method: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """Call a node and check what it did.

        Raises:
            ContractError: it broke a rule.
        """
        lent: list[_Lent] = []
        result = self._lend(method, args, lent)
        for each in lent:
            if each.changed:
                raise ContractError(f"it wrote to its {each.what}, which other nodes may read too")
        if any(each.kept for each in lent):
            gc.collect()  # what only a circle of references holds is not kept
        for each in lent:
            if each.kept:
                raise ContractError(
                    f"it keeps its {each.what} after the call; past frames are asked for as `history`,"
                    " all else is copied"
                )
        return result

    def _lend(self, method: Callable[..., Any], args: tuple[Any, ...], lent: list[_Lent]) -> Any:
        """Call with views; all that refers to them ends with this function, unless the node kept it."""
        first, second = self.leading, self.leading + len(self.inputs)
        third = second + len(self.outputs)
        writable = {plane.ctypes.data for frame in args[second:third] for plane in frame.planes}
        made: dict[int, Frame] = {}

        def lend(what: str, item: Any) -> Any:
            if isinstance(item, tuple):
                return tuple(lend(what, frame) for frame in item)
            if not isinstance(item, Frame):
                return item
            if id(item) not in made:
                made[id(item)] = _view(what, item, writable, lent)
            return made[id(item)]

        taken = [lend(f"input '{n}'", item) for n, item in zip(self.inputs, args[first:second], strict=True)]
        filled = [
            _view(f"output '{name}'", frame, writable, lent)
            for name, frame in zip(self.outputs, args[second:third], strict=True)
        ]
        planes = [frame.planes for frame in filled]
        result = method(*args[:first], *taken, *filled, *args[third:])
        for (name, format), frame, before in zip(self.outputs.items(), filled, planes, strict=True):
            _check_shape(f"its output '{name}'", frame, format)
            if any(a is not b for a, b in zip(frame.planes, before, strict=True)):
                raise ContractError(f"it replaced the planes of its output '{name}' and didn't fill them")
        if result is None or result is SKIP:
            return result
        if not isinstance(result, Frame):
            raise ContractError(f"it returned {type(result).__name__}, which is neither Frame, None nor SKIP")
        for format in self.forwarded.values():
            _check_shape("what it returned", result, format)
        return result.copy()


def _view(what: str, frame: Frame, writable: set[int], lent: list[_Lent]) -> Frame:
    # A memory view in between: what a node slices of these arrays refers to them, and not to the pool's.
    planes = tuple(np.asarray(plane.data) for plane in frame.planes)
    shared = any(plane.ctypes.data in writable for plane in planes)
    total = None if shared else frame_sum((frame,))
    lent.append(_Lent(f"{what} (frame {frame.index})", frame, tuple(map(weakref.ref, planes)), total))
    return Frame(frame.index, frame.time, frame.format, planes, frame.properties, None, frame.duration)


def _check_shape(what: str, frame: Frame, format: Format) -> None:
    shapes = tuple(plane.shape for plane in frame.planes)
    kinds = {str(plane.dtype) for plane in frame.planes}
    if not frame.format.fits(format):
        raise ContractError(f"{what} is {frame.format}, where the plan has {format}")
    if shapes != format.shapes or kinds != {format.layout.dtype}:
        raise ContractError(
            f"{what} has planes of {', '.join(map(str, shapes))} in {', '.join(sorted(kinds))},"
            f" where {format} has {', '.join(map(str, format.shapes))} in {format.layout.dtype}"
        )
