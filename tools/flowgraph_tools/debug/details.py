"""What the page tells of one node besides its picture: words, lines of the file, formats and why."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from flowgraph.cli.explain import feed_text, manner
from flowgraph.graph import NetNode
from flowgraph.node import Node
from flowgraph.plan import Plan, Step
from flowgraph_tools.debug.parameters import controls
from flowgraph_tools.debug.protocol import Message
from flowgraph_tools.debug.target import Compiled, kind_of


def details(compiled: Compiled, node: NetNode, now: Node) -> Message:
    """All that stands about a node, at the parameters `now`."""
    plan = compiled.plan
    step = next((s for s in _steps(plan) if s.name == node.name), None)
    names = {node.name, *node.aliases}
    file, first, lines = yaml_lines(node)
    return {
        "node": node.name,
        "type": node.type,
        "aliases": list(node.aliases),
        "doc": inspect.getdoc(kind_of(node)) or "",
        "file": file,
        "line": first,
        "yaml": lines,
        "params": controls(node, now),
        "inputs": [_input(plan, node, name, step) for name in node.inputs],
        "outputs": _outputs(plan, node),
        "why": list(_why(plan, names, step, node)),
        "costs": [
            {"what": cost.what, "bytes": cost.total, "count": cost.count, "reason": cost.reason}
            for cost in plan.costs
            if cost.node == node.name
        ],
        "merged": step is None,
    }


def yaml_lines(node: NetNode) -> tuple[str, int, list[str]]:
    """The file, the number of the node's first line, and its lines: those that stand further in belong to it."""
    place = node.place
    if place is None:
        return "", 0, []
    try:
        with open(place.file) as file:
            text = file.read().splitlines()
    except OSError:
        return place.file, place.line, [place.text]
    if not 0 < place.line <= len(text):
        return place.file, place.line, [place.text]
    found = [text[place.line - 1]]
    margin = len(found[0]) - len(found[0].lstrip())
    for line in text[place.line :]:
        if line.strip() and len(line) - len(line.lstrip()) <= margin:
            break
        found.append(line)
    while found and not found[-1].strip():
        found.pop()
    return place.file, place.line, found


def _steps(plan: Plan) -> Iterator[Step]:
    for one in reversed(plan.passes):
        for firing in (*one.lists, one.stills):
            yield from firing.steps


def _input(plan: Plan, node: NetNode, name: str, step: Step | None) -> Message:
    args = step.args.get(name, ()) if step is not None else ()
    reads = [str(arg.port) for arg in args] or [str(port) for port in node.inputs[name]]
    formats = plan.formats[node.name].inputs.get(name, ()) if node.name in plan.formats else ()
    return {
        "port": name,
        "reads": reads,
        "formats": [str(format) for format in formats],
        "history": max((arg.history for arg in args), default=0),
    }


def _outputs(plan: Plan, node: NetNode) -> list[Message]:
    if node.name not in plan.formats:
        return []
    clock = str(plan.clocks[node.name]) if node.name in plan.clocks else ""
    return [
        {"port": name, "format": str(format), "bytes": format.frame_bytes, "clock": clock}
        for name, format in plan.formats[node.name].outputs.items()
    ]


def _why(plan: Plan, names: set[str], step: Step | None, node: NetNode) -> Iterator[str]:
    """Each thing that the compiler decided about the node, with its reason."""
    if step is None:
        takers = [note for note in plan.notes if any(name in note.text for name in names)]
        yield "it has no step of its own: its picture is computed at the side, as the graph means it"
        yield from (str(note) for note in takers)
        return
    yield manner(step)
    if node.implied:
        yield f"added by the engine: {node.implied}"
    yield from (note.text for note in plan.notes if note.about in names and note.text != node.implied)
    for port in node.reads:
        before = next((n for n in plan.network.nodes if n.name == port.node), None)
        if before is not None and before.implied:
            yield f"'{before.name}' stands before it: {before.implied}"
    yield from (feed_text(feed) for one in plan.passes for feed in one.feeds if feed.source == node.name)
    for output in plan.formats[node.name].outputs.values() if node.name in plan.formats else ():
        reading = [n.name for n in plan.network.nodes if any(p.node == node.name for p in n.reads)]
        if reading:
            yield f"makes {output} for {', '.join(reading)}"
