"""A trace in a few lines of text."""

from __future__ import annotations

from collections.abc import Iterator

import click

from flowgraph.cli.human import columns, plural, rate, span
from flowgraph_tools.trace.reader import Trace


def summary(trace: Trace) -> Iterator[str]:
    """What ran, how it ended, and the time of each node, the slowest first."""
    head, end = trace.header, trace.end
    yield click.style(f"{head['title']}", bold=True) + f", {head['created']}"
    frames, seconds = end.frames or trace.frames, end.seconds or trace.seconds
    speed = f" ({rate(frames / seconds)} frames/s)" if seconds else ""
    yield f"{end.state}: {plural(frames, 'frame')} in {span(seconds)}{speed}"
    if end.error:
        yield end.error
    rows = [["node", "type", "pass", "frames", "ms/frame", "95 %", "share", "waited"]]
    measures = trace.measures()
    for name in sorted(measures, key=lambda name: -measures[name].seconds):
        facts, found = trace.facts[name], measures[name]
        rows.append(
            [
                facts.name,
                facts.type,
                str(facts.pass_index + 1),
                f"{found.fired:,}",
                f"{found.each * 1000:.2f}" if found.fired else "-",
                "-" if found.p95 is None else f"{found.p95 * 1000:.2f}",
                f"{found.share:.0%}",
                f"{found.waited:.2f} s",
            ]
        )
    head_line, *lines = columns(rows, right=(2, 3, 4, 5, 6, 7))
    yield click.style(head_line, bold=True)
    yield from lines
