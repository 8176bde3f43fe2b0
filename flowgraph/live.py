"""Parameters that change while a graph runs.

A token carries an immutable snapshot of all changed nodes. A change applies from the first token that has not
begun; its frame index is recorded, and giving it again with that index replays the run to the same bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.graph import Network
from flowgraph.node import Formats, Node

Snapshot = Mapping[str, Node]
NO_FORMATS: Mapping[str, Formats] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """From frame `index` on, parameter `param` of node `node` is `value`."""

    index: int
    node: str
    param: str
    value: Any

    def __str__(self) -> str:
        return f"{self.index}:{self.node}.{self.param}={self.value}"


class LiveParameters:
    """The changes of one run: those planned by index, and those that come while it runs."""

    def __init__(
        self, network: Network, planned: Iterable[Change] = (), formats: Mapping[str, Formats] = NO_FORMATS
    ) -> None:
        """Check the planned changes; with the plan's `formats`, also against what each node reads.

        Raises:
            GraphError: there is no such node, the parameter is not live, or the value is wrong.
        """
        self._network = network
        self._formats = formats
        self._lock = Lock()
        self._planned = sorted(planned, key=lambda change: change.index)
        self._waiting: list[Change] = []
        self._snapshot: Snapshot = MappingProxyType({})
        self.recorded: list[Change] = []
        """What took effect, with the frame from which it did."""
        trial: Snapshot = {}
        for change in self._planned:
            trial = self._changed(trial, change)

    def set(self, node: str, param: str, value: Any) -> None:
        """Change a parameter from the next frame on; any thread may call it.

        Raises:
            GraphError: there is no such node, the parameter is not live, or the value is wrong.
        """
        change = Change(-1, node, param, value)
        with self._lock:
            self._changed(self._snapshot, change)
            self._waiting.append(change)

    def set_named(self, parameter: str, value: Any) -> None:
        """As `set`, for NODE.PARAMETER.

        Raises:
            GraphError: see `set`; or that isn't how a parameter is named.
        """
        node, dot, name = parameter.rpartition(".")
        if not (node and dot and name):
            raise GraphError(
                f"'{parameter}' names no parameter", hint="write NODE.PARAMETER, as in glow.sigma"
            )
        self.set(node, name, value)

    def at(self, index: int) -> Snapshot:
        """The snapshot for the frame with this index; called in index order."""
        if not self._waiting and not self._planned:
            return self._snapshot
        with self._lock:
            while self._planned and self._planned[0].index <= index:
                self._waiting.append(self._planned.pop(0))
            for change in self._waiting:
                self._snapshot = self._changed(self._snapshot, change)
                self.recorded.append(Change(index, change.node, change.param, change.value))
            self._waiting.clear()
            return self._snapshot

    def changes_at(self, index: int) -> tuple[Change, ...]:
        """What took effect from the frame with this index on."""
        return tuple(change for change in self.recorded if change.index == index)

    @property
    def now(self) -> Snapshot:
        """The snapshot of the token that began last."""
        return self._snapshot

    def _changed(self, snapshot: Snapshot, change: Change) -> Snapshot:
        summed = next((n for n in self._network.nodes if change.node in n.does), None)
        if summed is not None:
            others = " and ".join(f"'{name}'" for name in summed.does if name != change.node)
            raise GraphError(
                f"node '{change.node}': '{change.param}' can't change during this run: the plan made the node"
                f" a sum on the decoder's planes{f', one with {others}' if others else ''}",
                hint="a source with format: bgr24 keeps nodes as they are written, and parameters live",
            )
        found = next((n for n in self._network.nodes if change.node in (n.name, *n.aliases)), None)
        if found is None:
            hint = did_you_mean(change.node, [n.name for n in self._network.nodes])
            raise GraphError(f"no node is called '{change.node}'", hint=hint)
        kind = type(found.node)
        if change.param not in kind.live_parameters:
            live = ", ".join(kind.live_parameters) or "none"
            raise GraphError(
                f"node '{change.node}': '{change.param}' can't change during a run; live parameters: {live}",
                hint=did_you_mean(change.param, kind.live_parameters),
            )
        now = snapshot.get(found.name, found.node)
        written = now.model_dump(by_alias=True, exclude_defaults=True) | {change.param: change.value}
        try:
            changed = kind(**written)
            changed.check()
            if found.name in self._formats:
                changed.output_formats(self._formats[found.name])
        except ValidationError as error:
            what = "; ".join(item["msg"] for item in error.errors())
            raise GraphError(f"node '{change.node}': {change.param} = {change.value!r}: {what}") from None
        except ValueError as error:
            raise GraphError(f"node '{change.node}': {error}") from None
        return MappingProxyType({**snapshot, found.name: changed})
