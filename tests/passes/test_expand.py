"""A graph as written becomes a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import expand_nodes
import pytest
from expand_nodes import Blur, Camera, Delay, Label, Mix, Threshold, Writer

from flowgraph.document.load import load, loads
from flowgraph.errors import GraphError
from flowgraph.graph import Network, Port
from flowgraph.passes.expand import expand
from flowgraph.units import Duration, Level

VIDEO = "  video: {type: source, path: a.mp4}\n"


@pytest.fixture(autouse=True)
def _small_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flowgraph.passes.expand.node_type", expand_nodes.node_type)
    monkeypatch.setattr("flowgraph.passes.wire.node_type", expand_nodes.node_type)


def network(
    nodes: str, head: str = "", sets: dict[tuple[str, str], Any] | None = None, **values: Any
) -> Network:
    graph = loads(f"flowgraph: 1\n{head}nodes:\n{VIDEO}{nodes}", "g.yaml")
    return expand(graph, values, sets or {}, need_sink=False)


def edges(found: Network) -> dict[str, dict[str, list[str]]]:
    """What each node reads, without the source."""
    return {
        node.name: {port: [f"{p.node}.{p.port}" for p in reads] for port, reads in node.inputs.items()}
        for node in found.nodes
        if node.type != "source"
    }


def label(text: str, params: str = "", **values: Any) -> Label:
    node = network(f"  a: {{type: label, in: video, {text}}}\n", params, **values)["a"].node
    assert isinstance(node, Label)
    return node


def test_names_become_edges_and_nodes_stand_in_the_order_of_flow() -> None:
    found = network(
        "  b: {type: blend, in: {bottom: a, top: both.high}}\n"
        "  a: {type: mix, in: [both, video], weights: [1, 2]}\n"
        "  both: {type: both, in: video}\n"
    )
    assert [node.name for node in found.nodes] == ["video", "both", "a", "b"]
    assert edges(found) == {
        "both": {"image": ["video.image"]},
        "a": {"images": ["both.low", "video.image"]},
        "b": {"top": ["both.high"], "bottom": ["a.mixed"]},
    }
    assert found["a"].node == Mix(weights=(1, 2))


def test_a_chain_becomes_its_steps() -> None:
    found = network(
        "  a: {in: video, chain: [{delay: 5}, invert, {blur: {sigma: 3}}]}\n"
        "  b: {type: blend, in: [a/0, a]}\n  c: {type: blend, in: [a/2, a/1]}\n"
    )
    assert edges(found) == {
        "a/0": {"image": ["video.image"]},
        "a/1": {"image": ["a/0.delayed"]},
        "a": {"image": ["a/1.inverted"]},
        "b": {"top": ["a/0.delayed"], "bottom": ["a.blurred"]},
        "c": {"top": ["a.blurred"], "bottom": ["a/1.inverted"]},
    }
    assert (found["a/0"].node, found["a/2"].node) == (Delay(frames=Duration(5)), Blur(sigma=3))


def test_a_chain_may_begin_with_a_source() -> None:
    found = network("  a: {chain: [{source: b.mp4}, invert]}\n")
    assert edges(found)["a"] == {"image": ["a/0.image"]}


def test_a_list_fills_a_variadic_port_and_leaves_optional_ones_to_names() -> None:
    found = network(
        "  a: {type: over, in: [video, video]}\n  b: {type: over, in: {images: video, mask: a}}\n"
    )
    assert edges(found) == {
        "a": {"images": ["video.image", "video.image"]},
        "b": {"images": ["video.image"], "mask": ["a.result"]},
    }


def test_an_implied_node_stands_where_nothing_is_connected() -> None:
    found = network("  a: {type: motion, in: video}\n  b: {type: motion, in: [video, a]}\n")
    assert edges(found) == {
        "a+before": {"image": ["video.image"]},
        "a": {"now": ["video.image"], "before": ["a+before.delayed"]},
        "b": {"now": ["video.image"], "before": ["a.moved"]},
    }
    assert found["a+before"].node == Delay(frames=Duration(2))
    assert found["a+before"].implied == "motion 'a' has nothing at 'before' and takes this of 'now'"
    assert found["a"].implied == ""


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        ("{type: int, default: 4}", {}, 4),
        ("{type: int, default: 4}", {"p": "7"}, 7),
        ("{type: int}", {"p": 7}, 7),
        ("{type: duration}", {"p": "200ms"}, "200ms"),
        ("{type: duration}", {"p": "5"}, 5),
    ],
)
def test_a_parameter_alone_keeps_its_type(declared: str, given: dict[str, Any], value: Any) -> None:
    found = network("  a: {type: delay, in: video, frames: $p}\n", f"params: {{p: {declared}}}\n", **given)
    assert found["a"].node == Delay(frames=Duration.parse(value))


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        ("{type: level}", "5%", Level(5, percent=True)),
        ("{type: level}", "13", Level(13)),
        ("{type: level}", Level(13), Level(13)),
        ("{type: float}", "1e1", Level(10)),
    ],
)
def test_levels_are_given_as_numbers_or_shares(declared: str, given: Any, value: Level) -> None:
    found = network("  a: {type: threshold, in: video, level: $p}\n", f"params: {{p: {declared}}}\n", p=given)
    assert found["a"].node == Threshold(level=value)


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("$p", "x y"),
        ('"${p}!"', "x y!"),
        ('"${n} of ${p}"', "3 of x y"),
        ('"${b}"', "true"),
        ("cost $p", "cost $p"),
        ("$5", "$5"),
        ("$$p", "$p"),
        ('"$${p} ${n}"', "${p} 3"),
    ],
)
def test_parameters_inside_of_texts(written: str, text: str) -> None:
    assert label(f"text: {written}", "params: {p: {type: str}, n: 3, b: true}\n", p="x y").text == text


def test_a_parameter_may_stand_in_a_list() -> None:
    found = network("  a: {type: mix, in: [video, video], weights: [1, $w]}\n", "params: {w: 0.5}\n")
    assert found["a"].node == Mix(weights=(1, 0.5))


@pytest.mark.parametrize(("text", "value"), [("yes", True), ("false", False), ("off", False)])
def test_a_switch_is_given_as_people_say_it(text: str, value: bool) -> None:
    graph = loads(
        "flowgraph: 1\nparams: {k: {type: bool}}\nnodes: {v: {type: source, path: a, keyframes: $k}}"
    )
    assert expand(graph, {"k": text}, need_sink=False)["v"].node == Camera(path=Path("a"), keyframes=value)


@pytest.mark.parametrize(
    ("key", "value", "node"),
    [
        (("a", "sigma"), "7.5", Blur(sigma=7.5)),
        (("a", "sigma"), 7.5, Blur(sigma=7.5)),
        (("a/1", "kind"), "box", Blur(sigma=3, kind="box")),
        (("a/0", "frames"), "200ms", Blur(sigma=3)),
    ],
)
def test_an_override_sets_any_parameter_of_any_node(key: tuple[str, str], value: Any, node: Blur) -> None:
    found = network("  a: {in: video, chain: [{delay: 5}, {blur: {sigma: 3}}]}\n", sets={key: value})
    assert found["a"].node == node
    assert found["a/0"].node == Delay(frames=Duration.parse("200ms" if key[0] == "a/0" else 5))


@pytest.mark.parametrize(
    ("param", "value", "found"),
    [
        ("text", "5", {"text": "5"}),
        ("text", "[x", {"text": "[x"}),
        ("count", "5", {"text": "t", "count": 5}),
        ("steps", "[x, y]", {"text": "t", "steps": (Path("x"), Path("y"))}),
    ],
)
def test_the_text_of_an_override_is_read_as_in_a_file(param: str, value: str, found: dict[str, Any]) -> None:
    nodes = network("  a: {type: label, in: video, text: t}\n", sets={("a", param): value})
    assert nodes["a"].node == Label(**found)


def test_an_override_makes_a_parameter_of_the_graph_unread() -> None:
    found = network(
        "  a: {type: blur, in: video, sigma: $s}\n", "params: {s: 3}\n", sets={("a", "sigma"): "4"}
    )
    assert found.warnings == ("g.yaml:2:10: parameter 's' is read by no node",)


def test_paths_in_the_file_are_relative_to_it_but_not_those_of_the_call_and_of_sinks(
    tmp_path: Path,
) -> None:
    path = tmp_path / "g.yaml"
    path.write_text(
        "flowgraph: 1\n"
        "params:\n"
        "  input: {type: path}\n"
        "  mask: {type: path, default: m.png}\n"
        "  output: {type: path, default: o.mp4}\n"
        "nodes:\n"
        "  given: {type: source, path: $input}\n"
        "  default: {type: source, path: $mask}\n"
        "  literal: {type: source, path: b/c.png}\n"
        "  absolute: {type: source, path: /c.png}\n"
        "  address: {type: source, path: 'v4l2:x'}\n"
        '  beside: {type: source, path: "${input}.png"}\n'
        '  inside: {type: source, path: "clips/${input}"}\n'
        "  several: {type: label, in: given, text: a.b, font: f.ttf, steps: [s, $input]}\n"
        "  out: {type: sink, in: several, path: $output}\n"
        "  other: {type: sink, in: several, path: p.mp4}\n"
    )
    found = expand(load(path), {"input": "in.mp4"}, {("absolute", "path"): "set.png"})
    paths = {node.name: node.node.path for node in found.nodes if isinstance(node.node, Camera | Writer)}
    assert paths == {
        "given": Path("in.mp4"),
        "default": tmp_path / "m.png",
        "literal": tmp_path / "b/c.png",
        "absolute": Path("set.png"),
        "address": Path("v4l2:x"),
        "beside": Path("in.mp4.png"),
        "inside": tmp_path / "clips/in.mp4",
        "out": Path("o.mp4"),
        "other": Path("p.mp4"),
    }
    steps = (tmp_path / "s", Path("in.mp4"))
    assert found["several"].node == Label(text="a.b", font=tmp_path / "f.ttf", steps=steps)


def test_a_graph_without_a_sink_is_refused_unless_that_is_wanted() -> None:
    graph = loads(f"flowgraph: 1\nnodes:\n{VIDEO}", path=Path("x/g.yaml"))
    with pytest.raises(GraphError) as caught:
        expand(graph, {})
    assert str(caught.value) == (
        "x/g.yaml:1:1: the graph has no sink, so nothing would come out\n"
        "    add a node such as 'out: {type: sink, in: NODE, path: out.mp4}'"
    )
    assert len(expand(graph, {}, need_sink=False).nodes) == 1


def test_a_node_knows_its_place_and_its_other_names() -> None:
    found = network("  a: {in: video, chain: [invert, invert]}\n")
    node = found["a/1"]
    assert (node.name, node.aliases, str(node.place)) == ("a", ("a/1",), "g.yaml:4:34")
    assert node.reads == (Port("a/0", "inverted"),)
