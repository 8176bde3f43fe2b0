"""The JSON Schema takes what the loader and the nodes take."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from flowgraph.document.schema import schema
from flowgraph.document.tree import read_tree, value_of
from flowgraph.library import type_names

GRAPHS = sorted((Path(__file__).parents[2] / "graphs").glob("*.yaml"))


@cache
def validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema())


def as_json(value: Any) -> Any:
    match value:
        case tuple():
            return [as_json(item) for item in value]
        case dict():
            return {key: as_json(item) for key, item in value.items()}
        case _:
            return value


def accepts(text: str) -> bool:
    return validator().is_valid(as_json(value_of(read_tree(text, "g.yaml"))))


def accepts_node(text: str) -> bool:
    return accepts(f"flowgraph: 1\nnodes:\n  a: {text}\n")


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("path", GRAPHS, ids=lambda path: path.stem)
def test_every_graph_of_the_package_is_valid(path: Path) -> None:
    document = as_json(value_of(read_tree(path.read_text("utf-8"), str(path))))
    assert [error.message for error in validator().iter_errors(document)] == []


@pytest.mark.parametrize("name", type_names())
def test_every_node_type_and_its_parameters_have_help(name: str) -> None:
    node = schema()["$defs"][f"node.{name}"]
    assert node["description"].split("\n")[0].endswith((".", ":"))
    bare = [key for key, field in node["properties"].items() if key != "type" and "description" not in field]
    assert bare == []


@pytest.mark.parametrize(
    "node",
    [
        "{type: delay, in: video, frames: 5}",
        "{type: delay, in: video, frames: 200ms}",
        "{type: delay, in: video, frames: $lag}",
        "{type: delay, in: [video]}",
        "{type: delay, in: {image: video.image}}",
        "{type: mix, in: [a, b, c], weights: [1, $w, -2]}",
        "{type: mix, in: a}",
        "{type: mix, in: {image: [a, b]}}",
        "{type: blend, in: {top: a, bottom: b/0}, mode: $mode}",
        "{type: threshold, in: a, level: 5%}",
        "{type: threshold, in: a, level: 12.5}",
        '{type: text, in: a, text: "at ${time}"}',
        "{in: a, chain: [invert, {delay: 5}, {resize: {scale: 2}}, {delay: $lag}]}",
        "{chain: [{source: a.mp4}, invert]}",
        "{use: other.yaml, in: {x: a}, with: {speed: 3}}",
        "{use: other.yaml, in: [a, b]}",
        "{use: other.yaml}",
    ],
)
def test_a_right_node_is_valid(node: str) -> None:
    assert accepts_node(node)


@pytest.mark.parametrize(
    "node",
    [
        "{type: dealy, in: video}",
        "{in: video}",
        "{type: delay}",
        "{type: delay, in: [a, b]}",
        "{type: delay, in: {imgae: a}}",
        "{type: delay, in: {image: [a, b]}}",
        "{type: delay, in: a b}",
        "{type: delay, in: a, frame: 5}",
        "{type: delay, in: a, frames: -1}",
        "{type: delay, in: a, frames: soon}",
        "{type: delay, in: a, frames: 1.5}",
        "{type: threshold, in: a, level: 300}",
        "{type: threshold, in: a, level: 150%}",
        "{type: blend, in: a}",
        "{type: blend, in: [a, b, c]}",
        "{type: resize, in: a, interpolation: liner}",
        "{type: resize, in: a, scale: 0}",
        "{type: mix, in: [a, b], weights: [1, x]}",
        "{type: source, path: a, in: b}",
        "{type: text, in: a}",
        "{type: delay, in: a, chain: [invert]}",
        "{in: a, chain: []}",
        "{in: a, chain: [dealy]}",
        "{in: a, chain: [{delay: 5, invert: {}}]}",
        "{in: a, chain: [{delay: {frame: 5}}]}",
        "{in: a, chain: [text]}",
        "{in: a, chain: [invert], sigma: 3}",
        "{use: other.yaml, sigma: 3}",
        "{use: 3}",
    ],
)
def test_a_wrong_node_is_invalid(node: str) -> None:
    assert not accepts_node(node)


@pytest.mark.parametrize(
    ("head", "valid"),
    [
        ("title: x\nabout: y", True),
        ("params: {a: {type: int, default: 3, min: 1, max: 9, help: x}, b: 4, c: 0.5, d: true}", True),
        ("params: {a: {type: choice, choices: [x, 2]}}", True),
        ("inputs: [x, y]\noutputs: {z: a.image}", True),
        ("tilte: x", False),
        ("params: {a: {type: integer}}", False),
        ("params: {a: {default: 3}}", False),
        ("params: {a: {type: choice}}", False),
        ("params: {a: {type: str, min: 3}}", False),
        ("params: {a: {type: int, defualt: 3}}", False),
        ("params: {a b: 3}", False),
        ("inputs: [x, x]", False),
        ("inputs: x", False),
        ("outputs: {z: [a]}", False),
    ],
)
def test_the_head_of_a_file(head: str, valid: bool) -> None:
    assert accepts(f"flowgraph: 1\n{head}\nnodes: {{a: {{type: source, path: a}}}}") == valid


@pytest.mark.parametrize(
    "text", ["nodes: {}", "flowgraph: 1", "flowgraph: 2\nnodes: {a: {use: b}}", "flowgraph: 1\nnodes: {}"]
)
def test_a_file_has_a_version_and_nodes(text: str) -> None:
    assert not accepts(text)


def test_defaults_are_written_as_people_write_them() -> None:
    defs = schema()["$defs"]
    assert defs["node.delay"]["properties"]["frames"]["default"] == 1
    assert defs["node.threshold"]["properties"]["level"]["default"] == "50%"
    assert defs["node.text"]["properties"]["colour"]["default"] == "#ffffff"
