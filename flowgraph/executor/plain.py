"""The usual kind of step, with less ado: pure, one or two frames of now in, one frame out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from flowgraph.executor.inputs import Absent, Token
from flowgraph.frame import Frame
from flowgraph.node import SKIP, ports
from flowgraph.plan import Step

Fill = Callable[[Token, Frame], Frame]
"""Where an output's frame comes from, stamped like another."""


def undeclared(returned: object) -> TypeError:
    """The error of a node that returned what it didn't declare."""
    if returned is SKIP:
        return TypeError("it returned SKIP, but its clock declares no subset")
    return TypeError("it returned a frame, but its output isn't declared with forward=True")


def plain(step: Step, process: Callable[..., Any], fill: Fill) -> Callable[[Token], None] | None:
    """How to run a pure step that reads one or two frames of now and fills one; None for any other."""
    args = [arg for items in step.args.values() for arg in items]
    assert step.node is not None
    declared = ports(type(step.node))
    variadic = any(port.variadic for port in declared.inputs.values())
    direct = all(not arg.still and not arg.windowed and arg.slot >= 0 for arg in args)
    if variadic or not direct or len(args) != len(declared.inputs) or len(declared.outputs) != 1:
        return None
    name, result = step.name, step.results[0].slot

    def one(token: Token) -> None:
        slots = token.slots
        image = slots[first]
        if image is None:
            raise Absent
        filled = fill(token, image)
        call = cast("Any", token.live[name]).process if name in token.live else process
        if (returned := call(image, filled)) is not None:
            raise undeclared(returned)
        slots[result] = filled

    def two(token: Token) -> None:
        slots = token.slots
        image, other = slots[first], slots[second]
        if image is None or other is None:
            raise Absent
        filled = fill(token, image)
        call = cast("Any", token.live[name]).process if name in token.live else process
        if (returned := call(image, other, filled)) is not None:
            raise undeclared(returned)
        slots[result] = filled

    first, second = args[0].slot, args[-1].slot
    return {1: one, 2: two}.get(len(args))
