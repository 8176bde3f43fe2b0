"""Makes graphs in Python: the same graphs, with the same errors, as graph files make.

    graph = GraphBuilder(title="Motion glow")
    video = graph.add("source", name="video", path=graph.param("input", type="path"))
    past = graph.add("delay", video, name="past", frames=graph.param("lag", type="int", default=4, min=1))
    motion = graph.add("mix", video, past, name="motion", weights=[1, -1], scale=2)
    glow = graph.chain(motion, step("blur", sigma=5), step("invert"), name="glow")
    bloom = graph.add("blend", inputs={"top": video, "bottom": glow}, name="bloom", mode="addition")
    graph.add("sink", bloom, name="out", path=graph.param("output", type="path", default="out.mp4"))
    run(graph.build())

`dump(graph.build())` is the graph as a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import EllipsisType
from typing import Any, Literal

from flowgraph.document.dump import dump
from flowgraph.document.entries import MAIN, RESERVED
from flowgraph.document.load import loads
from flowgraph.document.values import written
from flowgraph.errors import GraphError
from flowgraph.graph import Entry, Graph, Param, Ref
from flowgraph.own import Nodes

ParamType = Literal["path", "int", "float", "str", "bool", "level", "duration", "colour", "choice"]
"""The types that a parameter can have; those of graph files."""


@dataclass(frozen=True, slots=True)
class Stream:
    """An output of a node of a graph that is being built; `stream["port"]` is another output of that node."""

    node: str
    port: str = ""

    def __getitem__(self, port: str) -> Stream:
        return Stream(self.node, port)

    def step(self, index: int) -> Stream:
        """What comes out of step `index` of a chain."""
        return Stream(f"{self.node}/{index}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the graph, as a value: alone it keeps its type, in an f-string it becomes text."""

    name: str

    def __str__(self) -> str:
        return f"${{{self.name}}}"


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a chain."""

    type: str
    params: Mapping[str, Any]


def step(type: str, main: object = ..., /, **params: object) -> Step:
    """A step of a chain: `step("invert")`, `step("delay", 5)`, or `step("blur", sigma=3)`."""
    if main is ...:
        return Step(type, _values(params))
    if params:
        raise GraphError(f"step '{type}' has both a value and parameters", hint="name all of them")
    return Step(type, {MAIN: _value(main)})


class GraphBuilder:
    """Collects the nodes of one graph."""

    def __init__(self, title: str = "", about: str = "", nodes: Iterable[Nodes] = ()) -> None:
        """Begin; `nodes` are node types of the program's own, as for `load`."""
        self._types = tuple(nodes)
        self._title = title
        self._about = about
        self._params: dict[str, Param] = {}
        self._inputs: list[str] = []
        self._nodes: dict[str, Entry] = {}
        self._outputs: dict[str, Ref] = {}

    def param(
        self,
        name: str,
        *,
        type: ParamType,
        default: object = ...,
        min: float | None = None,
        max: float | None = None,
        choices: Sequence[object] = (),
        help: str = "",
    ) -> Parameter:
        """Declare a parameter; without a default it must be given. The types are those of graph files.

        Raises:
            GraphError: there is such a parameter already.
        """
        if name in self._params:
            raise GraphError(f"a parameter is called '{name}' already")
        required = isinstance(default, EllipsisType)
        value = None if required else written(default)
        self._params[name] = Param(name, type, help, value, required, min, max, written(tuple(choices)))
        return Parameter(name)

    def input(self, name: str) -> Stream:
        """Declare a stream that a graph feeds which inserts this one."""
        self._inputs.append(name)
        return Stream(name)

    def output(self, name: str, stream: Stream) -> None:
        """Declare a stream for a graph that inserts this one."""
        self._outputs[name] = _ref(stream)

    def add(
        self,
        type: str,
        /,
        *reads: Stream,
        name: str = "",
        inputs: Mapping[str, Stream | Sequence[Stream]] | None = None,
        **params: object,
    ) -> Stream:
        """Add a node. It reads `reads` in the order of its ports, or `inputs` by port.

        Without a name it is called after its type: blur, blur_2.

        Raises:
            GraphError: the name is taken, or a parameter has a name that graph files use for themselves.
            TypeError: a parameter holds what graph files can't.
        """
        for key in params:
            if key in RESERVED:
                raise GraphError(f"node type '{type}' can't have a parameter '{key}'")
        entry = Entry(self._free(name, type), type, _values(params), _inputs(type, reads, inputs))
        return self._add(entry)

    def chain(self, reads: Stream | None, *steps: Step, name: str = "") -> Stream:
        """Add a chain of steps, the first of which reads `reads`. Raises like `add`."""
        if not steps:
            raise GraphError("a chain has at least one step")
        name = self._free(name, "chain")
        entries = tuple(Entry(f"{name}/{i}", each.type, each.params) for i, each in enumerate(steps))
        return self._add(Entry(name, inputs=_inputs(name, (reads,) if reads else (), None), chain=entries))

    def use(
        self,
        file: str | Path,
        /,
        *reads: Stream,
        name: str = "",
        inputs: Mapping[str, Stream] | None = None,
        **values: object,
    ) -> Stream:
        """Insert the graph in `file` with `values` for its parameters. Raises like `add`."""
        name = self._free(name, Path(file).stem)
        entry = Entry(name, params=_values(values), inputs=_inputs(name, reads, inputs), use=str(file))
        return self._add(entry)

    def build(self, path: Path | None = None) -> Graph:
        """The graph; its errors refer to lines of `dump(graph)`. Paths in it are relative to that of `path`.

        Raises:
            GraphError: what no graph file may hold either.
        """
        graph = Graph(
            tuple(self._nodes.values()),
            self._title,
            self._about,
            tuple(self._params.values()),
            tuple(self._inputs),
            self._outputs,
        )
        return loads(dump(graph), str(path or "<built>"), path, self._types)

    def _add(self, entry: Entry) -> Stream:
        self._nodes[entry.name] = entry
        return Stream(entry.name)

    def _free(self, name: str, kind: str) -> str:
        if not name:
            stem = kind.rpartition(".")[2]
            names = (stem, *(f"{stem}_{number}" for number in range(2, len(self._nodes) + 3)))
            return next(each for each in names if each not in self._nodes)
        if name in self._nodes:
            raise GraphError(f"a node is called '{name}' already")
        return name


def _inputs(
    head: str, reads: Sequence[Stream], inputs: Mapping[str, Stream | Sequence[Stream]] | None
) -> Mapping[str, tuple[Ref, ...]]:
    if reads and inputs:
        raise GraphError(f"'{head}' reads streams both in order and by port", hint="give one of them")
    if reads:
        return {"": tuple(map(_ref, reads))}
    return {
        port: (_ref(streams),) if isinstance(streams, Stream) else tuple(map(_ref, streams))
        for port, streams in (inputs or {}).items()
    }


def _ref(stream: Stream) -> Ref:
    return Ref(stream.node, stream.port)


def _values(params: Mapping[str, object]) -> dict[str, Any]:
    return {key: _value(value) for key, value in params.items()}


def _value(value: object) -> Any:
    match value:
        case Parameter():
            return f"${value.name}"
        case list() | tuple():
            return tuple(_value(item) for item in value)
        case Mapping():
            return {key: _value(item) for key, item in value.items()}
        case _:
            return written(value)
