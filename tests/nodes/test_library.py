"""Every node type of the library keeps the library's form."""

import ast
import inspect
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from flowgraph.document.binding import plain
from flowgraph.document.describe import parameters
from flowgraph.document.load import loads
from flowgraph.document.make import Written, make_node
from flowgraph.frame import PIXEL_FORMATS, Format
from flowgraph.graph import Entry
from flowgraph.library import node_type, type_names
from flowgraph.node import Node, Sink, Source, ports

TYPES = [name for name in type_names() if "." not in name]

CALLS = ("start", "process", "accumulate", "flush", "merge", "finish")
"""What the engine calls during a run, in the order in which the methods stand."""


def example(kind: type[Node]) -> Entry:
    (entry,) = loads(f"flowgraph: 1\nnodes:\n  {kind.example}\n").nodes
    return entry


def written(entry: Entry) -> dict[str, Any]:
    values = {name: plain(value) for name, value in entry.params.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def base_of(kind: type[Node]) -> type[Node]:
    if issubclass(kind, Source):
        return Source
    return Sink if issubclass(kind, Sink) else Node


def rank(item: ast.stmt, kind: type[Node]) -> int:
    """Where a member of a node class stands: parameters, ports, facts, the engine's calls, helpers."""
    if isinstance(item, ast.Expr):
        return 0
    if isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
        return 1 if item.target.id in kind.model_fields else 3
    if isinstance(item, ast.Assign):
        names = [target.id for target in item.targets if isinstance(target, ast.Name)]
        declared = ports(kind)
        return 2 if {*names} & {*declared.inputs, *declared.outputs} else 3
    assert isinstance(item, ast.FunctionDef), f"{kind.__name__} has a {type(item).__name__} in its body"
    if item.name in CALLS:
        return 4 + CALLS.index(item.name)
    validates = any("validator" in ast.unparse(decorator) for decorator in item.decorator_list)
    return 3 if validates or hasattr(base_of(kind), item.name) else 4 + len(CALLS)


def test_the_library_has_nodes() -> None:
    assert {"split", "delay", "crop", "resize", "stack", "every", "trim"} <= {*TYPES}


@pytest.mark.parametrize("name", TYPES)
def test_a_file_holds_one_node_class_and_is_short(name: str) -> None:
    kind = node_type(name)
    module = inspect.getmodule(kind)
    assert module is not None
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Node) and value.__module__ == module.__name__
    ]
    assert classes == [kind]
    lines = Path(inspect.getfile(kind)).read_text(encoding="utf-8").count("\n")
    assert lines <= 120


@pytest.mark.parametrize("name", TYPES)
def test_the_first_line_of_the_docstring_is_a_sentence(name: str) -> None:
    text = vars(node_type(name)).get("__doc__") or ""
    first = text.split("\n")[0]
    assert first[:1].isupper()
    assert first.endswith(".")


@pytest.mark.parametrize("name", TYPES)
def test_members_stand_in_their_order(name: str) -> None:
    kind = node_type(name)
    (tree,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(tree, ast.ClassDef)
    ranks = [rank(item, kind) for item in tree.body]
    assert ranks[0] == 0
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("name", TYPES)
def test_ports_are_declared(name: str) -> None:
    kind = node_type(name)
    declared = ports(kind)
    assert bool(declared.inputs) is not issubclass(kind, Source)
    assert bool(declared.outputs) is not issubclass(kind, Sink)
    if issubclass(kind, Source):
        assert list(declared.outputs) == ["image"]


@pytest.mark.parametrize("name", TYPES)
def test_parameters_are_described_and_one_is_the_main_one(name: str) -> None:
    kind = node_type(name)
    fields = parameters(kind)
    assert [param for param, field in fields.items() if not field.description] == []
    assert kind.main in fields if fields else kind.main == ""


@pytest.mark.parametrize("name", TYPES)
def test_parameters_hide_nothing_of_the_base_class(name: str) -> None:
    kind = node_type(name)
    taken = {*dir(base_of(kind)), *ports(kind).inputs, *ports(kind).outputs}
    assert {*kind.model_fields} & taken == set()
    assert "__init__" not in vars(kind)


@pytest.mark.parametrize("name", TYPES)
def test_the_example_is_a_line_of_a_graph_that_makes_the_node(name: str) -> None:
    kind = node_type(name)
    entry = example(kind)
    assert entry.type == name
    node = make_node(kind, Written(name, entry.name, written(entry)))
    assert isinstance(node, kind)
    declared = ports(kind).inputs
    given = {*entry.inputs} - {""}
    assert given <= {*declared}
    assert bool(entry.inputs) is bool(declared)


@pytest.mark.parametrize("name", TYPES)
def test_the_schema_takes_the_example_and_refuses_an_unknown_parameter(name: str) -> None:
    kind = node_type(name)
    schema = kind.model_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    values = written(example(kind))
    jsonschema.validate(values, schema)
    with pytest.raises(jsonschema.ValidationError, match="Additional properties"):
        jsonschema.validate({**values, "no such parameter": 1}, schema)


@pytest.mark.parametrize("name", TYPES)
def test_every_pixel_format_gets_a_yes_or_a_no_and_the_first_one_a_yes(name: str) -> None:
    kind = node_type(name)
    entry = example(kind)
    node = make_node(kind, Written(name, entry.name, written(entry)))
    for port, declared in ports(kind).inputs.items():
        answers = {pixel: node.accepts(port, Format(pixel, 640, 480)) for pixel in PIXEL_FORMATS}
        assert {*answers.values()} <= {True, False}
        assert answers[declared.formats[0] if declared.formats else "bgr24"]
