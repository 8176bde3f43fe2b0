"""Parameters that change during a run, as given on the command line: `--set-at INDEX:NODE.PARAM=VALUE`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowgraph.live import Change, LiveParameters
    from flowgraph.plan import Plan

Written = tuple[int, str, str, str]
"""Index, node, parameter and the value's text."""


def live_parameters(plan: Plan, written: Iterable[Written]) -> LiveParameters | None:
    """The changes of a run of `plan`, checked; None for none. Texts mean what they mean after `--set`.

    Raises:
        GraphError: there is no such node, the parameter is not live, or the value is wrong.
    """
    from flowgraph.document.binding import plain
    from flowgraph.document.overrides import Overrides
    from flowgraph.live import Change, LiveParameters

    changes: list[Change] = []
    for index, node, param, text in written:
        found = next((item for item in plan.network.nodes if node in (item.name, *item.aliases)), None)
        read = Overrides({(node, param): text}).of_node(type(found.node), node) if found else {param: text}
        changes.append(Change(index, node, param, plain(read[param])))
    return LiveParameters(plan.network, changes, plan.formats) if changes else None


def never_applied(live: LiveParameters, written: Iterable[Written]) -> list[str]:
    """A line for each change that was planned for a frame after the last."""
    left = sorted(written)
    for change in live.recorded:
        applied = next((item for item in left if item[1:3] == (change.node, change.param)), None)
        if applied is not None:
            left.remove(applied)
    return [f"{node}.{param} did not change: frame {index} never came" for index, node, param, _ in left]
