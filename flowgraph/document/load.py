"""Reads graph files into graphs. Every error says where, what, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from flowgraph.document.entries import read_entry
from flowgraph.document.fields import branch, check_name, known_keys, ref, table, text
from flowgraph.document.params import read_param
from flowgraph.document.tree import Leaf, Table, read_tree
from flowgraph.errors import GraphError, Place, did_you_mean
from flowgraph.graph import Entry, Graph, Param, Ref
from flowgraph.own import Nodes, own_types

VERSION = 1
KEYS = ("flowgraph", "title", "about", "params", "inputs", "nodes", "outputs")


def load(path: str | Path, nodes: Iterable[Nodes] = ()) -> Graph:
    """Read the graph file at `path`.

    `nodes` are node types of the program's own: classes, modules, or files that define some, whose code
    runs.

    Raises:
        GraphError: there is no such file, or it isn't a graph; or `nodes` has no node types.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise GraphError(f"{path}: no such file", hint=_closest_file(path)) from None
    except IsADirectoryError:
        raise GraphError(f"{path}: a folder, not a graph file") from None
    except (OSError, ValueError) as error:
        raise GraphError(f"{path}: can't be read: {getattr(error, 'strerror', None) or error}") from None
    return loads(_decode(data, str(path)), str(path), path, nodes)


def loads(text: str, name: str = "<text>", path: Path | None = None, nodes: Iterable[Nodes] = ()) -> Graph:
    """Read a graph from `text`; `name` stands for the file in errors, `path` is where it came from.

    `nodes` are node types of the program's own, as for `load`.

    Raises:
        GraphError: it isn't a graph.
    """
    tree = read_tree(text.removeprefix("\ufeff"), name)
    top = table(tree, "a graph file", "it starts with 'flowgraph: 1'")
    _check_version(top)
    known_keys(top, KEYS, "graph")
    title, about = _read_text(top, "title"), _read_text(top, "about")
    params = tuple(_read_params(top))
    inputs = _read_inputs(top)
    return Graph(
        nodes=tuple(_read_nodes(top, inputs)),
        title=title,
        about=about,
        params=params,
        inputs=tuple(inputs),
        outputs=_read_outputs(top),
        path=path,
        types=own_types(nodes),
    )


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace").split("\n")
        after = data[error.start :].split(b"\n")[0].decode("utf-8", "replace")
        line = before[-1] + after
        raise GraphError(
            f"not UTF-8: byte 0x{data[error.start]:02x}",
            place=Place(name, len(before), len(before[-1]) + 1, 1, line if line.isprintable() else ""),
            hint="save the file as UTF-8",
        ) from None


def _closest_file(path: Path) -> str:
    try:
        siblings = [p.name for p in path.parent.iterdir() if p.suffix in (".yaml", ".yml")]
    except OSError:
        return f"there is no folder '{path.parent}' either"
    return did_you_mean(path.name, siblings)


def _check_version(top: Table) -> None:
    if "flowgraph" not in top.items:
        hint = "a graph starts with 'flowgraph: 1'"
        close = next((key for key in top.keys if did_you_mean(key, ["flowgraph"])), None)
        place = top.keys[close] if close else top.place
        raise GraphError("the key 'flowgraph' is missing", place=place, hint=hint)
    value = top.items["flowgraph"]
    if not isinstance(value, Leaf) or type(value.value) is not int or value.value != VERSION:
        raise GraphError(
            f"only version {VERSION} of graph files is known",
            place=value.place,
            hint=f"write 'flowgraph: {VERSION}'",
        )


def _read_text(top: Table, key: str) -> str:
    return text(top.items[key], f"'{key}'") if key in top.items else ""


def _read_params(top: Table) -> Iterator[Param]:
    if "params" not in top.items:
        return
    params = table(top.items["params"], "'params'", "write 'name: {type: int, default: 1}' below it")
    for name, tree in params.items.items():
        check_name(name, params.keys[name], "a parameter")
        yield read_param(name, params.keys[name], tree)


def _read_inputs(top: Table) -> dict[str, Place]:
    found: dict[str, Place] = {}
    if "inputs" in top.items:
        for item in branch(top.items["inputs"], "'inputs'", "write 'inputs: [name]'").items:
            name = text(item, "the name of an input")
            check_name(name, item.place, "an input")
            if name in found:
                raise GraphError(f"input '{name}' is here a second time", place=item.place)
            found[name] = item.place
    return found


def _read_nodes(top: Table, inputs: Mapping[str, Place]) -> Iterator[Entry]:
    if "nodes" not in top.items:
        raise GraphError("the key 'nodes' is missing", place=top.place, hint="a graph has 'nodes:'")
    nodes = table(top.items["nodes"], "'nodes'", "write 'name: {type: ...}' below it")
    if not nodes.items:
        raise GraphError("the graph has no nodes", place=nodes.place)
    for name, tree in nodes.items.items():
        place = nodes.keys[name]
        check_name(name, place, "a node")
        if name in inputs:
            line = inputs[name].line
            raise GraphError(f"'{name}' is an input already", place=place, hint=f"it stands in line {line}")
        yield read_entry(name, place, tree)


def _read_outputs(top: Table) -> dict[str, Ref]:
    if "outputs" not in top.items:
        return {}
    outputs = table(top.items["outputs"], "'outputs'", "write 'outputs: {name: NODE}'")
    for name, place in outputs.keys.items():
        check_name(name, place, "an output")
    return {name: ref(tree, f"output '{name}'") for name, tree in outputs.items.items()}
