"""Writes graphs as graph files, readable ones: a line for each node, `load(dump(graph)) == graph`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flowgraph.document.entries import MAIN
from flowgraph.document.scalars import flow, key_text, prose
from flowgraph.graph import Entry, Graph, Param, Ref

WIDTH = 110
"""A node that needs a longer line than this is written over several."""


def dump(graph: Graph) -> str:
    """The graph as YAML.

    Raises:
        TypeError: a parameter holds a value that graph files can't.
    """
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowgraph: 1"
    for key, text in (("title", graph.title), ("about", graph.about)):
        if text:
            yield from prose(key, text)
    if graph.params:
        yield from ["", "params:"]
        yield from _aligned([(param.name, _param(param)) for param in graph.params])
    if graph.inputs:
        yield from ["", f"inputs: {flow(graph.inputs)}"]
    yield from ["", "nodes:"]
    yield from _aligned([(entry.name, _entry(entry)) for entry in graph.nodes])
    if graph.outputs:
        yield from ["", "outputs:"]
        yield from (f"  {key_text(name)}: {flow(str(ref))}" for name, ref in graph.outputs.items())


Pairs = Sequence[tuple[str, object]]
"""The keys of a mapping with their values, in the order in which they are written."""


def _aligned(items: Sequence[tuple[str, Pairs]]) -> Iterator[str]:
    width = max((len(key_text(name)) for name, _ in items), default=0)
    for name, pairs in items:
        line = f"  {key_text(name) + ':':<{width + 1}} {flow(dict(pairs))}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield f"  {key_text(name)}:"
            yield from _spread(pairs)


def _spread(pairs: Pairs) -> Iterator[str]:
    for key, value in pairs:
        line = f"    {key_text(key)}: {flow(value)}"
        if key == "chain" and isinstance(value, tuple) and len(line) > WIDTH:
            yield f"    {key}:"
            yield from (f"      - {flow(step)}" for step in value)
        else:
            yield line


def _param(param: Param) -> Pairs:
    default = [] if param.required else [("default", param.default)]
    rest: Pairs = (("min", param.min), ("max", param.max), ("choices", param.choices), ("help", param.help))
    return [
        ("type", param.type),
        *default,
        *((key, value) for key, value in rest if value not in (None, (), "")),
    ]


def _entry(entry: Entry) -> Pairs:
    inputs = [("in", _inputs(entry.inputs))] if any(entry.inputs.values()) else []
    if entry.use:
        values = [("with", entry.params)] if entry.params else []
        return [("use", entry.use), *inputs, *values]
    if entry.chain:
        return [*inputs, ("chain", tuple(_step(step) for step in entry.chain))]
    return [("type", entry.type), *inputs, *entry.params.items()]


def _inputs(inputs: Mapping[str, tuple[Ref, ...]]) -> object:
    if "" in inputs:
        return _refs(inputs[""])
    return {port: _refs(refs) for port, refs in inputs.items() if refs}


def _refs(refs: tuple[Ref, ...]) -> object:
    return str(refs[0]) if len(refs) == 1 else tuple(map(str, refs))


def _step(step: Entry) -> object:
    if not step.params:
        return step.type
    return {step.type: step.params.get(MAIN, step.params)}
