"""Graphs that insert other graphs."""

from __future__ import annotations

from pathlib import Path

import expand_nodes
import pytest
from expand_nodes import Blur, Camera, Delay

from flowgraph.document.load import load, loads
from flowgraph.errors import GraphError
from flowgraph.graph import Network
from flowgraph.passes.expand import expand

WIPE = """\
flowgraph: 1
params:
  soft: {type: float, default: 3, max: 50}
  image: {type: path, default: m.png}
  unread: 1
inputs: [one, two]
nodes:
  mask: {type: source, path: $image}
  blurred: {in: one, chain: [{delay: 2}, {blur: $soft}]}
  mixed: {type: mix, in: [blurred, two, mask]}
  parts: {type: both, in: mixed}
outputs:
  end: mixed
  high: parts.high
  same: one
"""


@pytest.fixture(autouse=True)
def _small_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowgraph.passes.expand.node_type", expand_nodes.node_type)
    monkeypatch.setattr("flowgraph.passes.wire.node_type", expand_nodes.node_type)


def network(
    folder: Path,
    nodes: str,
    sets: dict[tuple[str, str], str] | None = None,
    values: dict[str, str] | None = None,
) -> Network:
    (folder / "lib").mkdir(exist_ok=True)
    (folder / "lib" / "wipe.yaml").write_text(WIPE)
    path = folder / "g.yaml"
    path.write_text(f"flowgraph: 1\nparams: {{p: x.png}}\nnodes:\n  v: {{type: source, path: $p}}\n{nodes}")
    return expand(load(path), values or {}, sets or {}, need_sink=False)


def edges(found: Network) -> dict[str, list[str]]:
    return {node.name: [f"{port.node}.{port.port}" for port in node.reads] for node in found.nodes}


USE = "  w: {use: lib/wipe.yaml, in: {one: v, two: v}}\n"


def test_an_inserted_graph_becomes_its_nodes(tmp_path: Path) -> None:
    found = network(tmp_path, USE + "  a: {type: invert, in: w}\n  b: {type: blend, in: [w.high, w.same]}\n")
    assert edges(found) == {
        "v": [],
        "w/mask": [],
        "w/blurred/0": ["v.image"],
        "w/blurred": ["w/blurred/0.delayed"],
        "w/mixed": ["w/blurred.blurred", "v.image", "w/mask.image"],
        "w/parts": ["w/mixed.mixed"],
        "a": ["w/mixed.mixed"],
        "b": ["w/parts.high", "v.image"],
    }
    assert found["w"].name == "w/mixed"
    assert found.warnings == (f"{tmp_path}/lib/wipe.yaml:5:3: parameter 'unread' is read by no node",)


def test_parameters_reach_an_inserted_graph_by_with_and_by_overrides(tmp_path: Path) -> None:
    use = "  w: {use: lib/wipe.yaml, in: [v, v], with: {soft: 7, unread: 2}}\n"
    assert network(tmp_path, use)["w/blurred"].node == Blur(sigma=7)
    assert network(tmp_path, use, {("w", "soft"): "9"})["w/blurred"].node == Blur(sigma=9)
    assert network(tmp_path, use, {("w/blurred", "sigma"): "8"})["w/blurred"].node == Blur(sigma=8)
    assert network(tmp_path, use, {("w/blurred/0", "frames"): "4"})[
        "w/blurred/0"
    ].node == Delay.model_validate({"frames": 4})


@pytest.mark.parametrize(
    ("image", "values", "path"),
    [
        ("", {}, "{}/lib/m.png"),
        ("image: n.png", {}, "{}/n.png"),
        ("image: $p", {}, "{}/x.png"),
        ("image: $p", {"p": "y.png"}, "y.png"),
    ],
)
def test_a_path_is_relative_to_the_file_that_names_it(
    tmp_path: Path, image: str, values: dict[str, str], path: str
) -> None:
    found = network(tmp_path, f"  w: {{use: lib/wipe.yaml, in: [v, v], with: {{{image}}}}}\n", values=values)
    assert found["w/mask"].node == Camera(path=Path(path.format(tmp_path)))


def test_a_graph_may_be_inserted_twice_and_one_into_another(tmp_path: Path) -> None:
    found = network(tmp_path, USE + "  x: {use: lib/wipe.yaml, in: [w, w.high]}\n")
    assert edges(found)["x/blurred/0"] == ["w/mixed.mixed"]
    assert edges(found)["x/mixed"] == ["x/blurred.blurred", "w/parts.high", "x/mask.image"]


@pytest.mark.parametrize(
    ("nodes", "error"),
    [
        (
            "  w: {use: lib/wip.yaml, in: [v, v]}",
            "g.yaml:5:12: node 'w': lib/wip.yaml: no such file\n"
            "    w: {use: lib/wip.yaml, in: [v, v]}\n"
            "             ^^^^^^^^^^^^ did you mean 'wipe.yaml'?",
        ),
        (
            "  w: {use: lib/wipe.yaml, in: [v, v], with: {sotf: 3}}",
            "g.yaml:5:46: lib/wipe.yaml 'w': no parameter 'sotf'; it takes: soft, image, unread\n"
            "    w: {use: lib/wipe.yaml, in: [v, v], with: {sotf: 3}}\n"
            "                                               ^^^^ did you mean 'soft'?",
        ),
        (
            "  w: {use: lib/wipe.yaml, in: [v, v], with: {soft: 51}}",
            "g.yaml:5:52: lib/wipe.yaml 'w': parameter 'soft' is at most 50, got 51\n"
            "    w: {use: lib/wipe.yaml, in: [v, v], with: {soft: 51}}\n"
            "                                                     ^^",
        ),
        (
            "  w: {use: lib/wipe.yaml, in: v}",
            "g.yaml:5:31: lib/wipe.yaml 'w': input 'two' reads nothing\n"
            "    w: {use: lib/wipe.yaml, in: v}\n"
            "                                ^ write 'in: {two: NODE}'",
        ),
        (
            "  w: {use: lib/wipe.yaml, in: [v, v, v]}",
            "g.yaml:5:31: lib/wipe.yaml 'w' takes 2 inputs, got 3\n"
            "    w: {use: lib/wipe.yaml, in: [v, v, v]}\n"
            "                                ^ its inputs are: one, two",
        ),
        (
            "  w: {use: lib/wipe.yaml, in: {one: v, tow: v}}",
            "g.yaml:5:40: lib/wipe.yaml 'w': no input is called 'tow'\n"
            "    w: {use: lib/wipe.yaml, in: {one: v, tow: v}}\n"
            "                                         ^^^ did you mean 'two'?",
        ),
        (
            USE + "  a: {type: invert, in: w.hihg}",
            "g.yaml:6:25: invert 'a': the graph 'w' has no output 'hihg'\n"
            "    a: {type: invert, in: w.hihg}\n"
            "                          ^^^^^^ did you mean 'high'?",
        ),
        (
            "  w: {use: lib/wipe.yaml, in: {one: v, two: x.same}}\n"
            "  x: {use: lib/wipe.yaml, in: {one: w.same, two: v}}\n"
            "  y: {use: lib/wipe.yaml, in: {one: z.same, two: v}}\n"
            "  z: {use: lib/wipe.yaml, in: {one: y.same, two: v}}\n",
            "g.yaml:7:37: delay 'y/blurred/0': 'z.same' only reads itself, through inserted graphs\n"
            "    y: {use: lib/wipe.yaml, in: {one: z.same, two: v}}\n"
            "                                      ^^^^^^",
        ),
        (
            "  w: {use: lib/ring.yaml}",
            "lib/ring.yaml:2:18: node 'w/g': graphs insert each other in a circle: "
            "g.yaml -> ring.yaml -> g.yaml\n"
            "    nodes: {g: {use: ../g.yaml}}\n"
            "                     ^^^^^^^^^",
        ),
    ],
)
def test_a_wrong_insertion_is_one_located_error(tmp_path: Path, nodes: str, error: str) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "ring.yaml").write_text("flowgraph: 1\nnodes: {g: {use: ../g.yaml}}\n")
    with pytest.raises(GraphError) as caught:
        network(tmp_path, nodes)
    assert str(caught.value).replace(f"{tmp_path}/", "") == error


def test_an_error_inside_of_an_inserted_graph_is_located_there(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("flowgraph: 1\nnodes: {a: {type: blur, sgima: 3}}\n")
    with pytest.raises(GraphError, match=r"/bad.yaml:2:25: blur 'w/a': no parameter 'sgima'"):
        network(tmp_path, "  w: {use: bad.yaml}")


def test_a_parameter_that_an_inserted_graph_needs_is_asked_for_where_it_is_inserted(tmp_path: Path) -> None:
    (tmp_path / "need.yaml").write_text(
        "flowgraph: 1\nparams: {n: {type: int}}\nnodes: {a: {type: delay, frames: $n}}\n"
    )
    with pytest.raises(
        GraphError,
        match=r"/g.yaml:5:3: need.yaml 'w': parameter 'n' has no value\n(.*\n).*write 'with: {n: \.\.\.}'",
    ):
        network(tmp_path, "  w: {use: need.yaml}")


def test_a_graph_with_open_inputs_cannot_run_alone() -> None:
    with pytest.raises(GraphError, match=r"wipe.yaml:1:1: the graph's inputs are fed by nothing: one, two"):
        expand(loads(WIPE, path=Path("wipe.yaml")), {})
