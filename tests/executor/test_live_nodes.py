"""The library's live parameters: changed during a run, recorded, and replayed to the same bits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, get_args

import pytest
from collect import COLLECTED, Collect, Literals, make, planned, values, wire
from pydantic import ValidationError

from flowgraph.errors import GraphError
from flowgraph.frame import PIXEL_FORMATS, Format
from flowgraph.library import node_type, type_names
from flowgraph.live import Change, LiveParameters
from flowgraph.node import Formats, Node, ports
from flowgraph.session import execute

LIVE = [(name, param) for name in type_names() for param in node_type(name).live_parameters]
NEEDED: dict[str, dict[str, Any]] = {"text": {"text": "x"}}
OTHERS: tuple[Any, ...] = (7.7, 0.3, 2, -40, "10%", "input", "#123456", "a longer\ntext", True, False)
"""Every live parameter takes one of these that isn't its default, or is a choice of words."""


NETWORK = (
    wire("left", Literals(values=(200,) * 10, noise=True)),
    wire("right", "invert", image="left"),
    wire("scene", make("switch", fade=3), images=("left", "right")),
    wire("mask", make("threshold", level=10), image="scene"),
    wire("bright", make("gamma", gamma=1), image="scene"),
    wire("shown", make("stack"), images=("mask", "bright")),
    wire("out", Collect(), image="shown"),
)
CHANGES = (
    Change(2, "scene", "choice", 2),
    Change(4, "mask", "level", "30%"),
    Change(4, "bright", "gamma", 2.5),
    Change(8, "scene", "choice", 1),
)


def pictures(threads: int, changes: tuple[Change, ...]) -> tuple[list[bytes], list[Change]]:
    """What a run with changes shows, and what was recorded of them."""
    COLLECTED.clear()
    plan = planned(*NETWORK, threads=threads)
    live = LiveParameters(plan.network, changes, plan.formats)
    execute(plan, live=live)
    return [frame.data.tobytes() for frame in COLLECTED["out"].frames], live.recorded


def facts(node: Node) -> list[Any]:
    """All that the compiler asks a node, for pictures of many formats."""
    found: list[Any] = [node.clock(), node.latency(Fraction(25)), node.implies()]
    for pixel in PIXEL_FORMATS:
        format = Format(pixel, 64, 48)
        inputs = {
            name: (format,) * (2 if port.variadic else 1) for name, port in ports(type(node)).inputs.items()
        }
        found += [(node.accepts(name, format), node.fill(name)) for name in inputs]
        found += [node.history(name, Fraction(25)) for name in inputs]
        if all(node.accepts(name, format) for name in inputs):
            settled = Formats(inputs, node.output_formats(Formats(inputs)), Fraction(25))
            found += [settled.outputs, node.scratch(settled)]
            found += [node.temporaries(settled), node.state_bytes(settled)]
    return found


@pytest.mark.parametrize(("name", "param"), LIVE)
def test_no_declared_fact_depends_on_a_live_parameter(name: str, param: str) -> None:
    kind = node_type(name)
    before = kind.model_validate(NEEDED.get(name, {}))
    changed = 0
    for value in (*OTHERS, *get_args(kind.model_fields[param].annotation)):
        try:
            after = kind.model_validate({**NEEDED.get(name, {}), param: value})
        except ValidationError:
            continue
        changed += getattr(after, param) != getattr(before, param)
        assert facts(after) == facts(before)
    assert changed


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_changes_are_recorded_and_replayed_to_the_same_bits(threads: int) -> None:
    serial, recorded = pictures(1, CHANGES)
    assert tuple(recorded) == CHANGES
    unchanged, _ = pictures(1, ())
    assert serial[:2] == unchanged[:2]
    assert all(a != b for a, b in zip(serial[2:], unchanged[2:], strict=True))
    assert pictures(threads, tuple(recorded)) == (serial, recorded)


@pytest.mark.parametrize("threads", [1, 4])
def test_a_switch_crossfades_from_the_frame_of_its_change_on(threads: int) -> None:
    COLLECTED.clear()
    left = wire("left", Literals(values=(0,) * 8))
    right = wire("right", make("expr", expression="100"), image="left")
    scene = wire("scene", make("switch", fade=3), images=("left", "right"))
    plan = planned(left, right, scene, wire("out", Collect(), image="scene"), threads=threads)
    execute(plan, live=LiveParameters(plan.network, [Change(2, "scene", "choice", 2)], plan.formats))
    assert values() == [0, 0, 25, 50, 75, 100, 100, 100]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change(0, "scen", "choice", 2), "no node is called 'scen'\n.*did you mean 'scene'"),
        (Change(0, "scene", "choise", 2), "live parameters: choice\n.*did you mean 'choice'"),
        (Change(0, "scene", "fade", 2), "'fade' can't change during a run; live parameters: choice"),
        (Change(0, "scene", "choice", 0), "choice = 0: Input should be greater than or equal to 1"),
        (Change(9, "scene", "choice", 3), r"choice is 1\.\.2, as 'in' names 2 pictures; got 3"),
        (Change(9, "mask", "level", "500%"), "level = '500%': .*a level is"),
    ],
)  # fmt: skip
def test_a_change_that_can_not_be_is_refused_before_the_run(change: Change, told: str) -> None:
    with pytest.raises(GraphError, match=told):
        pictures(1, (change,))
