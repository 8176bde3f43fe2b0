"""bound: every byte that a plan can use, line by line."""

from __future__ import annotations

from collections.abc import Mapping

from flowgraph.node import Sink, SourceInfo
from flowgraph.passes.allocate import Assigned, Group, working_peak
from flowgraph.plan import Cost, Pass, PoolClass, Step


def costs(
    assigned: tuple[Assigned, ...], infos: Mapping[str, SourceInfo], tokens: int, queue: int
) -> tuple[Cost, ...]:
    """The lines of the bound."""
    lines: list[Cost] = []
    for item in assigned:
        index = item.pass_.index
        lines += _frames(item, infos, tokens, queue)
        lines += _working(item.pass_, tokens)
        lines += _stills(item.pass_)
        for feed in item.pass_.feeds:
            info = infos[feed.source]
            if feed.how == "read and keep":
                reason = feed.reason
                lines.append(
                    Cost(
                        f"frames of '{feed.source}' kept for a later pass",
                        info.format.frame_bytes,
                        info.frames or 0,
                        feed.source,
                        reason,
                    )
                )
            if feed.how in ("read and spool", "spool"):
                lines.append(
                    Cost(
                        f"spool of '{feed.source}'",
                        2 * info.format.frame_bytes,
                        1,
                        feed.source,
                        "one frame, and the same packed",
                        index,
                    )
                )
    return tuple(line for line in lines if line.total)


def _frames(item: Assigned, infos: Mapping[str, SourceInfo], tokens: int, queue: int) -> list[Cost]:
    index = item.pass_.index
    lines: list[Cost] = []
    for source, number in item.pass_.outside.items():
        info = infos[source]
        given = any(group.given and group.name == source for group in item.groups)
        lines.append(
            Cost(
                f"frames given to '{source}'" if given else f"decoded frames of '{source}'",
                info.format.frame_bytes,
                number,
                source,
                _outside_reason(item.groups, source, tokens, queue),
                index,
                _outside_shares(item.groups, source, number),
            )
        )
        lines.append(
            Cost(
                f"frames that the reader of '{source}' holds",
                info.format.frame_bytes,
                info.held,
                source,
                "reference pictures and frames in its threads",
                index,
            )
        )
    for list_index in sorted({group.list_index for group in item.groups}):
        live = tokens if list_index == 0 else 1
        for nbytes, number in sorted(working_peak(item.groups, list_index).items()):
            names = [
                name
                for g in item.groups
                if g.list_index == list_index
                and not g.outside
                and not g.held
                and g.format.frame_bytes == nbytes
                for name in g.users
            ]
            reason = f"{number} at a time in each of {live} tokens"
            users = dict.fromkeys(names, 1)
            what = f"buffers of {', '.join(users)}"
            lines.append(Cost(what, nbytes, number * live, "", reason, index, users))
        for group in item.groups:
            if group.held and not group.outside and group.list_index == list_index:
                reason = f"{live} in tokens, {group.held} held: {group.why}"
                what = f"buffers of {', '.join(group.users)}"
                nbytes, number = group.format.frame_bytes, live + group.held
                lines.append(Cost(what, nbytes, number, group.name, reason, index, _shares(group, live)))
    return lines


def _outside_reason(groups: tuple[Group, ...], source: str, tokens: int, queue: int) -> str:
    why = [f"{g.held} held: {g.why}" for g in groups if g.outside and g.name == source and g.held]
    ahead = [f"{queue + 1} read ahead" for g in groups if g.outside and g.name == source and not g.given]
    return ", ".join([f"{tokens} in tokens", *ahead, *why])


def _outside_shares(groups: tuple[Group, ...], source: str, number: int) -> dict[str, int]:
    """Whose the frames of a reader are: those that nobody holds are the source's."""
    shares = {source: number}
    for group in groups:
        if group.outside and group.name == source:
            shares[source] -= group.held
            for who, frames in group.holders:
                shares[who] = shares.get(who, 0) + frames
    return shares


def _shares(group: Group, live: int) -> dict[str, int]:
    """Whose the frames of a group are that outlives its token: in turn of its users, and of who holds it."""
    shares = dict.fromkeys(group.users, live)
    for who, frames in group.holders:
        shares[who] = shares.get(who, 0) + frames * len(group.users)
    return shares


def _working(pass_: Pass, tokens: int) -> list[Cost]:
    """Scratch and temporaries of each worker, states, and what sinks copy into."""
    lines: list[Cost] = []
    steps = [(step, tokens if i == 0 else 1) for i, firing in enumerate(pass_.lists) for step in firing.steps]
    for i, firing in enumerate(pass_.lists):
        most = max((step.scratch_bytes for step in firing.steps), default=0)
        what, live = ("scratch", tokens) if i == 0 else (f"scratch behind the border to {firing.clock}", 1)
        why = (
            "the most that any node asks for, for each worker"
            if i == 0
            else "the most that any node asks for"
        )
        users = {step.name: 1 for step in firing.steps if step.scratch_bytes}
        lines.append(Cost(what, most, live, "", why, pass_.index, users))
    for step, live in steps:
        # Libraries keep some of it from one call to the next (a scaler's picture, a filter's frames), so the
        # temporaries of all nodes add up.
        why = "for each worker"
        lines.append(
            Cost(f"temporaries of '{step.name}'", _temporaries(step), live, step.name, why, pass_.index)
        )
    for step, live in steps:
        if any(arg.fill == "black" and arg.windowed for items in step.args.values() for arg in items):
            format = next(iter(step.formats.inputs.values()))[0]
            why = "what is looked back on before the first frame"
            lines.append(
                Cost(f"black frames of '{step.name}'", format.frame_bytes, live, step.name, why, pass_.index)
            )
        if step.node is not None:
            nbytes = step.node.state_bytes(step.formats)
            many = step.kind == "reduce" and not step.ordered
            count, why = (live, "one for each worker, merged at the end") if many else (1, "")
            lines.append(Cost(f"state of '{step.name}'", nbytes, count, step.name, why, pass_.index))
        if isinstance(step.node, Sink):
            format = step.formats.inputs["image"][0]
            lines.append(
                Cost(
                    f"frame that '{step.name}' hands to its encoder",
                    step.node.writer_bytes(format),
                    1,
                    step.name,
                    "encoders may keep it: never one of the pool",
                    pass_.index,
                )
            )
    return lines


def _stills(pass_: Pass) -> list[Cost]:
    steps = [*pass_.stills.steps, *(s for firing in pass_.lists for s in firing.steps if s.kind == "reduce")]
    return [
        Cost(f"still '{result.port}'", result.format.frame_bytes, 1, step.name, "kept for the whole run")
        for step in steps
        for result in step.results
        if result.how != "forward"
    ] + [
        Cost(
            f"temporaries of '{step.name}'",
            _temporaries(step) + step.scratch_bytes,
            1,
            step.name,
            "",
            pass_.index,
        )
        for step in pass_.stills.steps
    ]


def _temporaries(step: Step) -> int:
    return 0 if step.node is None else step.node.temporaries(step.formats)


def codec_bytes(passes: tuple[Pass, ...], infos: Mapping[str, SourceInfo]) -> int:
    """An estimate of what decoders and encoders use in the most demanding pass."""
    most = 0
    for pass_ in passes:
        total = sum(infos[feed.source].codec_bytes for feed in pass_.feeds if feed.how.startswith("read"))
        for step in (step for firing in (pass_.stills, *pass_.lists) for step in firing.steps):
            if isinstance(step.node, Sink):
                total += step.node.codec_bytes(step.formats.inputs["image"][0])
        most = max(most, total)
    return most


def still_classes(passes: tuple[Pass, ...]) -> tuple[PoolClass, ...]:
    """The buffers of all stills that nodes make; a picture that is read lies in memory of its own."""
    counted: dict[int, int] = {}
    for pass_ in passes:
        steps = [
            *pass_.stills.steps,
            *(s for firing in pass_.lists for s in firing.steps if s.kind == "reduce"),
        ]
        for result in (r for step in steps for r in step.results if r.how == "fresh"):
            nbytes = result.format.frame_bytes
            counted[nbytes] = counted.get(nbytes, 0) + 1
    return tuple(PoolClass(nbytes, number) for nbytes, number in sorted(counted.items()))
