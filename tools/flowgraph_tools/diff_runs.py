"""Runs what `flowgraph diff` compares, and says what came out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import numpy as np

from flowgraph import session
from flowgraph.cli.call import Call, make_call
from flowgraph.cli.human import plural
from flowgraph.cli.process import settle
from flowgraph.cli.progress import progress_bar
from flowgraph.document.load import loads
from flowgraph.document.scalars import flow
from flowgraph.errors import GraphError, did_you_mean
from flowgraph.executor.control import STILLS, Control
from flowgraph.frame import Frame
from flowgraph.node import Limits, Sink
from flowgraph.passes.expand import expand
from flowgraph.passes.prune import prune
from flowgraph.plan import Plan
from flowgraph.session import Options
from flowgraph_tools.compare import Comparison, NodeDifference, compare_sums, measure
from flowgraph_tools.discard import discarding
from flowgraph_tools.record import NodeSums, SumWatcher, catch_frame
from flowgraph_tools.trace.reader import Trace

_LISTED = 6
"""Names in a list, before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two that are compared."""

    name: str
    plan: Plan
    options: Options
    media: bool = False

    @property
    def sinks(self) -> list[str]:
        """The names of its sinks."""
        return [node.name for node in self.plan.network.nodes if isinstance(node.node, Sink)]


def graph_sides(a: str, b: str, **given: Any) -> tuple[Side, Side]:
    """Compile two graphs, each with those of the parameters given that it has.

    Raises:
        GraphError: a graph is wrong, or neither has a parameter or a node that was named.
    """
    calls = make_call(a, **given), make_call(b, **given)
    known = {param.name for call in calls for param in call.graph.params}
    for name in calls[0].values:
        if name not in known:
            raise GraphError(
                f"no parameter of either graph is called '{name}'", hint=did_you_mean(name, known)
            )
    nodes = {entry.name for call in calls for entry in call.graph.nodes}
    for name, _ in calls[0].overrides:
        if name.partition("/")[0] not in nodes:
            raise GraphError(f"no node of either graph is called '{name}'", hint=did_you_mean(name, nodes))
    return _graph_side(a, calls[0]), _graph_side(b, calls[1])


def _graph_side(name: str, call: Call) -> Side:
    params = {param.name for param in call.graph.params}
    nodes = {entry.name for entry in call.graph.nodes}
    kept = replace(
        call,
        values={key: value for key, value in call.values.items() if key in params},
        overrides={key: value for key, value in call.overrides.items() if key[0].partition("/")[0] in nodes},
    ).discarding()
    network = discarding(prune(expand(kept.graph, kept.values, kept.overrides)))
    return Side(name, session.plan(network, kept.options), kept.options)


def media_sides(a: str, b: str, **given: Any) -> tuple[Side, Side]:
    """Two files as graphs that only read them.

    Raises:
        GraphError: a file can't be read, or a parameter was given, which nothing has.
    """
    _refuse_parameters(given)
    limits = Limits(given["frames"], given["start"], given["stop"])
    options = Options(given["max_memory"], given["threads"], limits)
    return _media_side(a, options), _media_side(b, options)


def _refuse_parameters(given: dict[str, Any]) -> None:
    if any(given[name] for name in ("inputs", "params", "sets")):
        raise GraphError("files have no parameters; -i, -p and --set are for graphs")


def traces(a: str, b: str, **given: Any) -> tuple[bool, list[str]]:
    """Compare two traces; says whether they are equal, and what to tell.

    Raises:
        GraphError: one can't be read, they have nothing in common, or a parameter was given.
    """
    _refuse_parameters(given)
    sums_a, sums_b = (Trace.read(Path(path)).sums() for path in (a, b))
    found = compare_sums(sums_a, sums_b, sums_a, sampled=True)
    shared = sum(len(np.intersect1d(sums_a[n].indexes, sums_b[n].indexes)) for n in sums_a if n in sums_b)
    if not shared:
        raise GraphError(f"'{a}' and '{b}' have no frame of the same node in common")
    if not found.different:
        return True, [f"equal: {plural(shared, 'frame')} that both recorded", *_alone(found)]
    return False, list(_trace_text(found, (a, b)))


def _trace_text(found: Comparison, names: tuple[str, str]) -> Iterator[str]:
    first = found.different[0]
    yield click.style(
        f"first difference: node '{first.name}' ({first.type}), {_where(first, None)}", bold=True
    )
    yield from (f"  {line}" for line in _how(first, None, None, names))
    yield f"  alike before it: {_names(found.alike)}"
    yield f"  also different: {_names([each.name for each in found.different[1:]])}"
    yield from _alone(found)


def _media_side(path: str, options: Options) -> Side:
    text = flow({"type": "source", "path": str(Path(path).absolute()) if Path(path).exists() else path})
    graph = loads(f"flowgraph: 1\nnodes:\n  video: {text}\n  out: {{type: sink, in: video, path: 'null'}}\n")
    try:
        return Side(path, session.compile(graph, options=options), options, media=True)
    except GraphError as error:
        error.place = None  # nobody wrote that graph
        raise


def run_sides(a: Side, b: Side, *, quiet: bool) -> tuple[bool, list[str]]:
    """Run both and compare; says whether they are equal, and what to tell.

    Raises:
        RunError: one of them failed.
        GraphError: they have no node in common.
    """
    settle()
    sums_a, sums_b = _sums(a, quiet), _sums(b, quiet)
    if a.sinks != b.sinks and len(a.sinks) == len(b.sinks) == 1:
        # The only output of each is what people want compared, whatever it is called.
        sums_b = {a.sinks[0] if name == b.sinks[0] else name: found for name, found in sums_b.items()}
    order = [node.name for node in a.plan.network.nodes]
    order = ["video"] if a.media else order
    found = compare_sums(sums_a, sums_b, order)
    if not (found.alike or found.different):
        raise GraphError(f"'{a.name}' and '{b.name}' have no node in common", hint="nodes are paired by name")
    lost = [s for s in (*found.only_a, *found.only_b) if s in (*a.sinks, *b.sinks) and not a.media]
    if not found.different and not lost:
        return True, list(_equal_text(a, found, sums_a))
    return False, list(_text(a, b, found))


def _sums(side: Side, quiet: bool) -> dict[str, NodeSums]:
    watcher, control = SumWatcher(), Control()
    control.watcher = watcher
    with progress_bar(side.plan.bound_bytes, quiet=quiet) as show:
        session.execute(side.plan, options=side.options, progress=show, control=control)
    return watcher.found()


def _equal_text(a: Side, found: Comparison, sums: dict[str, NodeSums]) -> Iterator[str]:
    if a.media:
        yield f"equal: {plural(len(sums['video'].indexes), 'frame')}, {sums['video'].format}"
        return
    yield f"equal: all {plural(len(found.alike), 'node')} of the same name put out the same frames"
    yield from _alone(found)


def _text(a: Side, b: Side, found: Comparison) -> Iterator[str]:
    if found.different:
        first = found.different[0]
        what = "first difference: " if a.media else f"first difference: node '{first.name}' ({first.type}), "
        frame_a, frame_b = (catch_frame(s.plan, s.options, _named(s, a, first), first.index) for s in (a, b))
        yield click.style(what + _where(first, frame_a or frame_b), bold=True)
        yield from (f"  {line}" for line in _how(first, frame_a, frame_b, (a.name, b.name)))
        if not a.media:
            later = [each.name for each in found.different[1:]]
            yield f"  alike before it: {_names(found.alike)}"
            yield f"  also different: {_names(later)}"
    yield from _alone(found)


def _named(side: Side, a: Side, first: NodeDifference) -> str:
    """What a side calls the node: its only sink may have another name than that of A."""
    renamed = len(a.sinks) == len(side.sinks) == 1 and first.name == a.sinks[0]
    return side.sinks[0] if renamed else first.name


def _where(first: NodeDifference, frame: Frame | None) -> str:
    if first.index == STILLS:
        return "its one picture"
    time = f" ({float(frame.time):.3f} s)" if frame else ""
    return f"frame {first.index}{time}"


def _how(first: NodeDifference, a: Frame | None, b: Frame | None, names: tuple[str, str]) -> Iterator[str]:
    if first.formats[0] != first.formats[1]:
        yield f"{first.formats[0]} in {names[0]}, {first.formats[1]} in {names[1]}"
    if first.only_in:
        yield f"only {names['AB'.index(first.only_in)]} has it"
    elif a is not None and b is not None:
        found = measure(a, b)
        if found:
            where = " as bgr24" if found.in_rgb else ""
            share = found.differing / max(1, found.samples)
            yield (
                f"{found.differing:,} of {found.samples:,} samples ({share:.2%}) differ{where},"
                f" by at most {found.most:g}, {found.mean:.3g} in the mean"
            )
    if first.index != STILLS:
        yield f"{first.differing:,} of {plural(first.compared, 'frame')} differ"


def _alone(found: Comparison) -> Iterator[str]:
    if found.only_a:
        yield f"  only in A: {_names(found.only_a)}"
    if found.only_b:
        yield f"  only in B: {_names(found.only_b)}"


def _names(names: tuple[str, ...] | list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more if names else "none"
