"""Opens a graph and all graphs that it inserts (`use:`), each with its parameters' values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from flowgraph.document.binding import Values, bind, folder_of
from flowgraph.document.load import load
from flowgraph.document.overrides import Overrides
from flowgraph.errors import GraphError, did_you_mean
from flowgraph.graph import Entry, Graph, Ref


@dataclass(frozen=True, slots=True)
class Scope:
    """One use of a graph: what its names mean.

    `inputs` maps each input of the graph to what feeds it: a name, and the scope in which that name is meant.
    `uses` maps each node that inserts a graph to that graph's scope. `read` collects the parameters that some
    node reads.
    """

    graph: Graph
    values: Values
    prefix: str = ""
    inputs: Mapping[str, tuple[Scope, Ref]] = field(default_factory=dict[str, "tuple[Scope, Ref]"])
    uses: dict[str, Scope] = field(default_factory=dict[str, "Scope"])
    read: set[str] = field(default_factory=set[str])

    def warnings(self) -> Iterator[str]:
        """A line for each parameter that no node reads, here and in inserted graphs."""
        for param in self.graph.params:
            if param.name not in self.read:
                head = f"{param.place}: " if param.place else ""
                yield f"{head}parameter '{param.name}' is read by no node"
        for inner in self.uses.values():
            yield from inner.warnings()


def open_scope(
    graph: Graph,
    values: Values,
    sets: Overrides,
    prefix: str = "",
    inputs: Mapping[str, tuple[Scope, Ref]] | None = None,
    files: tuple[Path, ...] = (),
) -> Scope:
    """The scope of `graph` with those of all graphs that it inserts; `files` are the graphs around it.

    Raises:
        GraphError: an inserted graph can't be read, inserts itself, or its parameters or inputs don't fit.
    """
    scope = Scope(graph, values, prefix, inputs or {})
    files = (*files, graph.path.resolve()) if graph.path else files
    for entry in graph.nodes:
        if entry.use:
            scope.uses[entry.name] = _open_use(scope, entry, sets, files)
    return scope


def _open_use(scope: Scope, entry: Entry, sets: Overrides, files: tuple[Path, ...]) -> Scope:
    full = scope.prefix + entry.name
    what = f"{entry.use} '{full}'"
    inner = _load(scope.graph, entry, full, files)
    given = {
        key: scope.values.fill(value, entry.places, key, scope.read) for key, value in entry.params.items()
    }
    spoken = sets.raw(full)
    values = bind(inner, spoken, given, what, entry.place, entry.places)
    feeds = {name: (scope, ref) for name, ref in _feeds(inner, entry, what).items()}
    return open_scope(inner, values, sets, f"{full}/", feeds, files)


def _load(graph: Graph, entry: Entry, full: str, files: tuple[Path, ...]) -> Graph:
    path = (folder_of(graph) or Path()) / entry.use
    place = entry.places.get("use", entry.place)
    if path.resolve() in files:
        ring = [file.name for file in files[files.index(path.resolve()) :]]
        raise GraphError(
            f"node '{full}': graphs insert each other in a circle: {' -> '.join([*ring, ring[0]])}",
            place=place,
        )
    try:
        return replace(load(path), types=graph.types)
    except GraphError as error:
        if error.place is not None:
            raise
        raise GraphError(f"node '{full}': {error.message}", place=place, hint=error.hint) from None


def _feeds(inner: Graph, entry: Entry, what: str) -> dict[str, Ref]:
    """What each input of an inserted graph reads."""
    names = inner.inputs
    place = entry.places.get("in", entry.place)
    listed = f"its inputs are: {', '.join(names)}" if names else "it has no inputs"
    reads = dict(entry.inputs)
    if "" in reads:
        if len(reads[""]) > len(names):
            message = f"{what} takes {len(names)} inputs, got {len(reads[''])}"
            raise GraphError(message, place=place, hint=listed)
        reads = {name: (ref,) for name, ref in zip(names, reads[""], strict=False)}
    for name, refs in reads.items():
        if name not in names:
            place = entry.places.get(f"in.{name}:", place)
            hint = did_you_mean(name, names) or listed
            raise GraphError(f"{what}: no input is called '{name}'", place=place, hint=hint)
        if len(refs) > 1:
            place = entry.places.get(f"in.{name}", place)
            raise GraphError(f"{what}: input '{name}' takes one stream, got {len(refs)}", place=place)
    for name in names:
        if name not in reads:
            raise GraphError(
                f"{what}: input '{name}' reads nothing", place=place, hint=f"write 'in: {{{name}: NODE}}'"
            )
    return {name: refs[0] for name, refs in reads.items()}
