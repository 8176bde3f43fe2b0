"""A plan as text for people: what runs in which pass and why, in which formats, and where the bytes are."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from flowgraph.cli.human import columns, plural, rate, size
from flowgraph.frame import Format
from flowgraph.plan import Cost, Feed, FiringList, Pass, Plan, Step

WIDTH = 110
_FEEDS = {
    "read": "is read",
    "read again": "is read again",
    "read and spool": "is read, and its frames are written to a temporary file",
    "spool": "comes from the temporary file",
    "read and keep": "is read, and its frames are kept in memory",
    "kept": "comes from memory",
}


def explain(plan: Plan, title: str) -> str:
    """The whole explanation; headings are bold where the terminal can show that."""
    lines = [
        click.style(title, bold=True),
        ", ".join(
            (
                plural(len(plan.passes), "pass", "passes"),
                f"{plural(plan.tokens, 'frame')} on the way at a time",
                f"{plural(plan.threads, 'thread')}",
                f"at most {size(plan.bound_bytes)} of memory",
            )
        ),
        "",
        *_sources(plan),
    ]
    for one in plan.passes:
        lines += ["", *_pass(plan, one)]
    lines += ["", *_memory(plan)]
    told = {step.name for one in plan.passes for firing in one.lists for step in firing.steps if step.implied}
    notes = [str(note) for note in plan.notes if note.about not in told]
    if notes:
        lines += ["", click.style("notes", bold=True), *_hanging(notes)]
    if plan.warnings:
        lines += ["", click.style("warnings", bold=True), *_hanging(plan.warnings)]
    return "\n".join(lines)


def frames_of_history(count: int) -> str:
    """What a window keeps."""
    return f"keeps {plural(count, 'past frame')}"


def format_text(format: Format) -> str:
    """A format without what nobody said about it."""
    said = [format.pixel, f"{format.width}x{format.height}"]
    if format.family == "yuv":
        said += [format.matrix] if format.matrix != "unspecified" else []
        said += [format.range] if format.range != "limited" else []
    return " ".join(said)


def manner(step: Step) -> str:
    """How a step comes by its output: in whose buffer, how late, with what state."""
    said: list[str] = []
    match step.kind:
        case "source":
            said.append("from the reader")
        case "window":
            said.append(frames_of_history(step.history))
        case "reduce":
            said.append("adds up all frames into one picture")
            said += ["several at a time, merged at the end"] * (not step.ordered)
        case "border":
            said.append("takes the latest frame of the other clock")
        case "sink":
            said.append("written in order")
        case "node":
            said += dict.fromkeys(_buffer(step))
    if step.latency:
        said.append(f"{plural(step.latency, 'frame')} late")
    if step.total_latency > step.latency:
        said.append(f"{plural(step.total_latency, 'frame')} behind the source")
    return ", ".join(said)


def _buffer(step: Step) -> Iterator[str]:
    for result in step.results:
        match result.how:
            case "in place":
                yield f"in the buffer of its input '{result.input}'"
            case "forward":
                yield "passes its input on, copies nothing"
            case "source":
                yield "from the reader"
            case "fresh":
                yield "into a buffer of its own"


def _sources(plan: Plan) -> Iterator[str]:
    for name, info in plan.sources.items():
        text = info.describe or _describe(plan, name)
        yield f"{click.style(name, bold=True)}: {text}"
        yield from _hanging(info.notes)


def _describe(plan: Plan, name: str) -> str:
    info = plan.sources[name]
    said = [format_text(info.format)]
    if info.rate is not None:
        said.append(f"{rate(info.rate)} frames/s")
    if info.frames is not None:
        said.append(("" if info.exact else "about ") + plural(info.frames, "frame"))
    return ", ".join(said)


def _pass(plan: Plan, one: Pass) -> Iterator[str]:
    heading = "one pass" if len(plan.passes) == 1 else f"pass {one.index + 1} of {len(plan.passes)}"
    yield click.style(heading, bold=True) + (f": {one.reason}" if one.reason else "")
    for feed in one.feeds:
        yield f"  {feed_text(feed)}"
    if one.stills.steps:
        yield "  once, before the frames:"
        yield from _steps(one.stills)
    for number, firing in enumerate(one.lists):
        if firing.steps:
            yield f"  for each frame of {firing.clock}:" if number else f"  for each frame ({firing.clock}):"
            yield from _steps(firing)
            if firing.drain:
                yield f"    at the end the last frame is repeated {plural(firing.drain, 'time')}"


def feed_text(feed: Feed) -> str:
    """Where a pass gets its frames from, and why."""
    return f"'{feed.source}' {_FEEDS[feed.how]}" + (f": {feed.reason}" if feed.reason else "")


def _steps(firing: FiringList) -> Iterator[str]:
    rows: list[list[str]] = []
    for step in firing.steps:
        made = ", ".join(dict.fromkeys(format_text(result.format) for result in step.results)) or "-"
        own = step.clock == firing.clock or step.kind == "reduce"
        clock = "" if own else f"[{step.clock}] "
        rows.append([step.name, step.type, made, clock + manner(step)])
    for step, line in zip(firing.steps, columns(rows), strict=True):
        yield f"    {line}"
        if step.implied and step.kind != "window":
            yield click.style(f"      added: {step.implied}", dim=True)


def _memory(plan: Plan) -> Iterator[str]:
    yield (
        click.style("memory", bold=True)
        + ": the most that frames and working memory can take, for any length"
    )
    used = sorted({cost.pass_index for cost in plan.costs})
    table: list[list[str]] = []
    for index in used:
        costs = [cost for cost in plan.costs if cost.pass_index == index]
        total = sum(cost.total for cost in costs)
        if len(used) > 1:
            when = "for the whole run" if index < 0 else f"in pass {index + 1}"
            table.append([when, "", "", f"{total:,}", size(total), ""])
        table += [["  " * (len(used) > 1) + cells[0], *cells[1:]] for cells in map(_cost, costs)]
    heading = "at most" if len(used) > 1 else "sum"
    why = "the whole run's and those of the largest pass" if len(used) > 1 else ""
    table.append([heading, "", "", f"{plan.bound_bytes:,}", size(plan.bound_bytes), why])
    lines = columns(table, right=(1, 3, 4))
    yield from (f"  {line}" for line in lines[:-1])
    yield click.style(f"  {lines[-1]}", bold=True)
    if plan.codec_bytes:
        yield f"  and about {size(plan.codec_bytes)} inside of the decoders and encoders: an estimate"


def _cost(cost: Cost) -> list[str]:
    what = f"{cost.what} '{cost.node}'" if cost.node and cost.node not in cost.what else cost.what
    return [
        what,
        f"{cost.nbytes:,}" if cost.count > 1 else "",
        f"x {cost.count}" if cost.count > 1 else "",
        f"{cost.total:,}",
        size(cost.total),
        cost.reason,
    ]


def _hanging(texts: tuple[str, ...] | list[str]) -> Iterator[str]:
    for text in texts:
        first, *rest = text.splitlines() or [""]
        yield from textwrap.wrap(first, WIDTH, initial_indent="  - ", subsequent_indent="    ")
        yield from (f"    {line}" for line in rest)
