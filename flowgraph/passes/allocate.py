"""allocate: lifetimes become buffers, in-place grants and the byte bound.

Outputs that share memory (forwards, windows, in-place results) form one group. A group lives in a token from
the step that makes it to the last step that reads any of its slots. A group that is looked back on, or handed
to a sink's queue or across a border, may outlive its token: it is counted for the whole token, and for the
frames held besides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flowgraph.frame import Format
from flowgraph.graph import Port
from flowgraph.node import Source, ports
from flowgraph.plan import Arg, FiringList, Pass, PoolClass, Result, Step

BORDER_FRAMES = 2
"""A border holds the latest frame that is not newer, and the one after it."""


@dataclass(slots=True, eq=False)
class Group:
    """Slots that share one buffer while a list is being assigned."""

    name: str
    """The node that fills it first."""
    format: Format
    list_index: int
    outside: bool = False
    """Its frames are the reader's own, not the pool's."""
    given: bool = False
    """They are a program's own, one at a time."""
    first: int = 0
    last: int = 0
    held: int = 0
    """Frames that histories, queues and borders hold besides those of live tokens."""
    why: str = ""
    later: tuple[str, ...] = ()
    """Nodes that compute in it, one after the other, after the first."""
    holders: tuple[tuple[str, int], ...] = ()
    """Who holds how many of the held frames."""

    @property
    def users(self) -> tuple[str, ...]:
        """All nodes that compute in it."""
        return (self.name, *self.later)

    def hold(self, frames: int, who: str, why: str) -> None:
        """Count `frames` more that outlive their token, for the sake of step `who`."""
        self.held += frames
        self.holders = (*self.holders, (who, frames))
        self.why = f"{self.why}, {why}" if self.why else why


@dataclass(frozen=True, slots=True)
class Assigned:
    """A pass with its grants and releases, and the groups that its buffers fall into."""

    pass_: Pass
    groups: tuple[Group, ...]


def assign(pass_: Pass, tokens: int, queue: int) -> Assigned:
    """Grant in-place results, note when slots are released, and count the buffers of one pass."""
    found: list[Group] = []
    by_port: dict[Port, tuple[Group, ...]] = {}
    lists = list(pass_.lists)
    # A domain comes after the list that draws from it, so the last one first.
    for index in reversed(range(len(lists))):
        work = _Lifetimes(lists[index], index, by_port, tokens, queue)
        lists[index] = work.assign()
        found += work.groups
        by_port.update(work.by_port)
    groups = tuple(found)
    peak, outside = count(groups, tokens, queue)
    pool = tuple(PoolClass(nbytes, number) for nbytes, number in sorted(peak.items()))
    return Assigned(replace(pass_, lists=tuple(lists), pool=pool, outside=outside), groups)


def count(groups: tuple[Group, ...], tokens: int, queue: int) -> tuple[dict[int, int], dict[str, int]]:
    """Buffers of each size that the pool needs; and of each source, frames alive outside of it."""
    pool: dict[int, int] = {}
    outside: dict[str, int] = {}
    for index in {group.list_index for group in groups}:
        live = tokens if index == 0 else 1
        for nbytes, number in working_peak(groups, index).items():
            pool[nbytes] = pool.get(nbytes, 0) + number * live
        for group in groups:
            if group.list_index != index:
                continue
            if group.outside:
                # In the reader's queue, and in its hand.
                alive = live + group.held + (0 if group.given else queue + 1)
                outside[group.name] = outside.get(group.name, 0) + alive
            elif group.held:
                nbytes = group.format.frame_bytes
                pool[nbytes] = pool.get(nbytes, 0) + live + group.held
    return pool, outside


def working_peak(groups: tuple[Group, ...], index: int) -> dict[int, int]:
    """For each size, the most buffers that one token of a list has at a time, held groups apart."""
    own = [g for g in groups if g.list_index == index and not g.outside and not g.held]
    peak: dict[int, int] = {}
    for nbytes in {g.format.frame_bytes for g in own}:
        same = [g for g in own if g.format.frame_bytes == nbytes]
        peak[nbytes] = max(sum(g.first <= at <= g.last for g in same) for at in {g.first for g in same})
    return peak


class _Lifetimes:
    """Walks one firing list: first to find the groups and what holds them, then to grant in place."""

    def __init__(
        self,
        firing: FiringList,
        index: int,
        outer: Mapping[Port, tuple[Group, ...]],
        tokens: int,
        queue: int,
    ) -> None:
        self.firing = firing
        self.index = index
        self.outer = outer
        self.tokens = tokens
        self.queue = queue
        self.last_read = _last_reads(firing)
        self.behind: dict[int, tuple[Group, ...]] = {}
        """The groups that a slot's frame may lie in: several where a node forwards one of its inputs."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """The list's own groups."""
        found = dict.fromkeys(group for groups in self.behind.values() for group in groups)
        return tuple(group for group in found if group.list_index == self.index)

    @property
    def by_port(self) -> dict[Port, tuple[Group, ...]]:
        """The groups of each output, for lists that draw from this one."""
        return {r.port: self.behind.get(r.slot, ()) for s in self.firing.steps for r in s.results}

    def assign(self) -> FiringList:
        for at, step in enumerate(self.firing.steps):
            for result in step.results:
                self.join(at, step, result)
            self.note_holders(step)
        steps: list[Step] = []
        for at, step in enumerate(self.firing.steps):
            results = tuple(self.granted(at, step, result) for result in step.results)
            releases = tuple(slot for slot, last in self.last_read.items() if last == at)
            steps.append(replace(step, results=results, releases=releases))
        return replace(self.firing, steps=tuple(steps))

    def join(self, at: int, step: Step, result: Result) -> None:
        """Put an output's slot into the groups of what it forwards, or into one of its own."""
        if result.slot < 0:
            return
        if result.how == "forward":
            groups = self.forwarded(step, result)
        else:
            outside = result.how == "source"
            given = isinstance(step.node, Source) and step.node.given
            groups = (Group(step.name, result.format, self.index, outside, given, at, at),)
        self.behind[result.slot] = groups
        for group in groups:
            group.last = max(group.last, self.last_read[result.slot])

    def forwarded(self, step: Step, result: Result) -> tuple[Group, ...]:
        """What a forwarded output may be: its `like` input, or any other that fits. Stills don't count."""
        if step.kind == "border":
            image = step.args["image"][0]
            return self.outer.get(image.port, ()) if image.slot < 0 else self.behind.get(image.slot, ())
        like = None if step.node is None else ports(type(step.node)).outputs[result.port.port].like
        found: list[Group] = []
        for name, items in step.args.items():
            for arg, format in zip(items, step.formats.inputs[name], strict=True):
                alike = like is None or name == like.name or format.fits(result.format)
                if alike and not arg.still:
                    found += self.behind.get(arg.slot, ())
        return tuple(dict.fromkeys(found))

    def note_holders(self, step: Step) -> None:
        """Count what a step keeps beyond its token."""
        for arg in (arg for items in step.args.values() for arg in items if not arg.still):
            for group in self.behind.get(arg.slot, ()) or self.outer.get(arg.port, ()):
                if step.kind == "window":
                    group.hold(step.history, step.name, f"the last {step.history} frames")
                elif step.kind == "sink":
                    frames = self.queue + 1 + step.history
                    group.hold(frames, step.name, f"on the way to '{step.name}'")
                elif step.kind == "border" and arg.slot < 0:
                    group.hold(BORDER_FRAMES + self.tokens, step.name, f"at the border '{step.name}'")
                elif step.kind == "border" and arg is step.args["image"][0]:
                    # Frames that came before a reference with more latency wait for it.
                    group.hold(BORDER_FRAMES + step.history, step.name, f"at the border '{step.name}'")

    def granted(self, at: int, step: Step, result: Result) -> Result:
        """The result, in the buffer of an input where nobody needs that any more."""
        if step.node is None or result.how != "fresh" or result.slot < 0:
            return result
        output = ports(type(step.node)).outputs[result.port.port]
        if not output.in_place or output.like is None or step.kind != "node":
            return result
        made = {result.slot for result in step.results}
        for item, arg in enumerate(step.args.get(output.like.name, ())):
            groups = self.behind.get(arg.slot, ())
            if arg.still or arg.windowed or len(groups) != 1 or groups[0].outside or groups[0].held:
                continue
            group = groups[0]
            slots = [slot for slot, others in self.behind.items() if group in others]
            if not made.isdisjoint(slots) or self.looks_twice(step, output.like.name, arg, group):
                continue
            format = step.formats.inputs[output.like.name][item]
            if format == result.format and all(self.last_read[slot] <= at for slot in slots):
                self.merge(self.behind[result.slot][0], group)
                return replace(result, how="in place", input=output.like.name, item=item)
        return result

    def merge(self, taken: Group, group: Group) -> None:
        """Let the buffer of `group` be that of `taken` as well, from here on."""
        group.last = max(group.last, taken.last)
        group.held, group.why, group.holders = taken.held, taken.why, taken.holders
        group.later = (*group.later, *taken.users)
        for slot, others in self.behind.items():
            self.behind[slot] = tuple(group if other is taken else other for other in others)

    def looks_twice(self, step: Step, name: str, arg: Arg, group: Group) -> bool:
        """Whether a step also reads a buffer as another view (a crop), or at another input."""
        return any(
            group in self.behind.get(other.slot, ()) and (port, other.slot) != (name, arg.slot)
            for port, items in step.args.items()
            for other in items
            if not other.still
        )


def _last_reads(firing: FiringList) -> dict[int, int]:
    """For each slot the step that reads it last; the step that fills it, if nobody reads it."""
    found: dict[int, int] = {}
    for at, step in enumerate(firing.steps):
        for result in step.results:
            if result.slot >= 0:
                found[result.slot] = at
        for items in step.args.values():
            for arg in items:
                if arg.slot >= 0 and not arg.still:
                    found[arg.slot] = at
    if firing.result >= 0:
        found[firing.result] = len(firing.steps)
    return found
