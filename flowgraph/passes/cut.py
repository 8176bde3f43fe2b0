"""cut: divide the network into passes, and say where each pass gets its sources' frames from.

A whole-stream result is there only when its stream has ended. What reads it therefore runs in a later pass,
and whatever that needs of the stream is read again, spooled or kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode, Network
from flowgraph.node import Sink, Source, SourceInfo
from flowgraph.plan import Clock, Feed


@dataclass(frozen=True, slots=True)
class Part:
    """The nodes of one pass, by name: stills to compute first, then what streams, and where from."""

    stills: tuple[str, ...]
    targets: tuple[str, ...]
    """Sinks and reductions that the stream ends in; empty where there are only stills."""
    feeds: tuple[Feed, ...]
    reason: str


def is_reduction(node: NetNode, clocks: Mapping[str, Clock]) -> bool:
    """Whether a node takes a stream and gives a still."""
    return node.node.clock().kind == "still" and any(not clocks[p.node].still for p in node.reads)


def cut(
    network: Network, clocks: Mapping[str, Clock], infos: Mapping[str, SourceInfo], keep_bytes: int
) -> tuple[Part, ...]:
    """Divide into parts, in the order in which they run.

    `keep_bytes` is how much memory frames of a source that can't be read again may take.

    Raises:
        GraphError: a live source without an end would be needed twice.
    """
    level = _levels(network, clocks)
    last = max((level[n.name] for n in network.nodes), default=0)
    parts: list[Part] = []
    feeds = _Feeds(network, infos, keep_bytes, _source_uses(network, clocks, level, last))
    for index in range(last + 1):
        here = [node for node in network.nodes if level[node.name] == index]
        stills = [n.name for n in here if clocks[n.name].still and not is_reduction(n, clocks)]
        groups: dict[Hashable, list[NetNode]] = {}
        for node in here:
            ends = isinstance(node.node, Sink) or is_reduction(node, clocks)
            if ends and node.name not in stills:
                groups.setdefault(_driver(node, clocks), []).append(node)
        for group in groups.values() or [[]]:
            targets = tuple(node.name for node in group)
            sources = [s for s in sources_of(network, clocks, targets) if not infos[s].still]
            if targets or stills:
                reason = _reason(network, clocks, level, group, index)
                parts.append(Part(tuple(stills), targets, tuple(feeds.next(s) for s in sources), reason))
            stills = []
    return tuple(parts)


def _driver(node: NetNode, clocks: Mapping[str, Clock]) -> Hashable:
    """The source key of the stream that a sink or reduction takes."""
    return next(clocks[p.node].source for p in node.reads if not clocks[p.node].still)


def _levels(network: Network, clocks: Mapping[str, Clock]) -> Mapping[str, int]:
    """For each node the first pass in which it can run; a still runs before that pass's stream."""
    level: dict[str, int] = {}
    for node in network.nodes:
        ready = [level[p.node] + is_reduction(network[p.node], clocks) for p in node.reads]
        level[node.name] = max([*ready, *(level[name] + 1 for name in node.after)], default=0)
    return level


def sources_of(network: Network, clocks: Mapping[str, Clock], targets: tuple[str, ...]) -> tuple[str, ...]:
    """The sources that must be read to compute `targets`, stills being there already."""
    wanted = set(targets)
    for node in reversed(network.nodes):
        if node.name in wanted:
            wanted.update(p.node for p in node.reads if not clocks[p.node].still)
    return tuple(n.name for n in network.nodes if n.name in wanted and isinstance(n.node, Source))


def _source_uses(
    network: Network, clocks: Mapping[str, Clock], level: Mapping[str, int], last: int
) -> Mapping[str, int]:
    uses: dict[str, int] = {}
    for index in range(last + 1):
        groups: dict[Hashable, list[str]] = {}
        for node in network.nodes:
            ends = isinstance(node.node, Sink) or is_reduction(node, clocks)
            if ends and level[node.name] == index and any(not clocks[p.node].still for p in node.reads):
                groups.setdefault(_driver(node, clocks), []).append(node.name)
        for names in groups.values():
            for source in sources_of(network, clocks, tuple(names)):
                uses[source] = uses.get(source, 0) + 1
    return uses


def _reason(
    network: Network, clocks: Mapping[str, Clock], level: Mapping[str, int], group: list[NetNode], index: int
) -> str:
    if index == 0:
        whole = [f"'{node.name}'" for node in group if is_reduction(node, clocks)]
        return f"collects every frame for {' and '.join(whole)}" if whole else "streams the source"
    waited = [
        f"'{node.name}' needs all of '{port}' first"
        for node in network.nodes
        if level[node.name] == index
        for port in node.reads
        if is_reduction(network[port.node], clocks) and level[port.node] == index - 1
    ]
    waited += [f"'{node.name}' needs the memory of '{name}'" for node in group for name in node.after]
    return "; ".join(dict.fromkeys(waited)) or f"'{group[0].name}' has a clock of its own"


@dataclass(slots=True)
class _Feeds:
    """Hands out, pass by pass, how each source is fed."""

    network: Network
    infos: Mapping[str, SourceInfo]
    keep_bytes: int
    uses: Mapping[str, int]
    seen: set[str] | None = None

    def next(self, source: str) -> Feed:
        self.seen = self.seen or set()
        first = source not in self.seen
        self.seen.add(source)
        info = self.infos[source]
        if self.uses.get(source, 0) < 2:
            return Feed(source, "read", "needed in this pass only")
        if info.rereadable:
            if first:
                return Feed(source, "read", "a later pass reads it again")
            return Feed(source, "read again", "that needs no memory, unlike keeping its frames")
        if info.live and info.frames is None:
            raise GraphError(
                f"source '{source}' is live and has no end, but is needed in {self.uses[source]} passes",
                place=self.network[source].place,
                hint="give it a stop:, or use a running flatten (running: true)",
            )
        size = None if info.frames is None or not info.exact else info.frames * info.format.frame_bytes
        if size is not None and size <= self.keep_bytes:
            reason = f"it can't be read again, and its {info.frames} frames fit in memory"
            return Feed(source, "read and keep" if first else "kept", reason)
        why = "nobody knows how long it is" if size is None else "it doesn't fit in memory"
        reason = f"it can't be read again, and {why}"
        return Feed(source, "read and spool" if first else "spool", reason)
