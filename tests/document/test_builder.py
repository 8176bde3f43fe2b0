"""Graphs made in Python are the graphs that files make."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import get_args

import pytest

from flowgraph.document.builder import GraphBuilder, ParamType, step
from flowgraph.document.dump import dump
from flowgraph.document.load import loads
from flowgraph.document.values import PARAM_TYPES
from flowgraph.errors import GraphError
from flowgraph.graph import Graph
from flowgraph.units import Duration, Level

GLOW = """\
flowgraph: 1
title: Motion glow

params:
  input:  {type: path, help: video to read}
  output: {type: path, default: out.mp4}
  lag:    {type: int, default: 4, min: 1}

nodes:
  video:  {type: source, path: $input}
  past:   {type: delay, in: video, frames: $lag}
  motion: {type: mix, in: [video, past], weights: [1, -1], scale: 2}
  glow:   {in: motion, chain: [{blur: {sigma: 5}}, invert, {delay: $lag}]}
  bloom:  {type: blend, in: {top: video, bottom: glow/0}, mode: addition}
  label:  {type: text, in: bloom.blended, text: "lag ${lag}"}
  out:    {type: sink, in: label, path: $output}
"""


def glow() -> Graph:
    graph = GraphBuilder(title="Motion glow")
    path = graph.param("input", type="path", help="video to read")
    output = graph.param("output", type="path", default=Path("out.mp4"))
    lag = graph.param("lag", type="int", default=4, min=1)
    video = graph.add("source", name="video", path=path)
    past = graph.add("delay", video, name="past", frames=lag)
    motion = graph.add("mix", video, past, name="motion", weights=[1, -1], scale=2)
    glow = graph.chain(motion, step("blur", sigma=5), step("invert"), step("delay", lag), name="glow")
    bloom = graph.add("blend", name="bloom", inputs={"top": video, "bottom": glow.step(0)}, mode="addition")
    label = graph.add("text", bloom["blended"], name="label", text=f"lag {lag}")
    graph.add("sink", label, name="out", path=output)
    return graph.build()


def test_a_built_graph_is_written_as_a_file() -> None:
    assert dump(glow()) == GLOW


def test_a_built_graph_equals_the_loaded_one() -> None:
    assert glow() == loads(GLOW)


def test_units_are_written_as_people_write_them() -> None:
    graph = GraphBuilder()
    a = graph.add(
        "a", level=Level(5, percent=True), lag=Duration(seconds=Fraction(1, 5)), rate=Fraction(30000, 1001)
    )
    graph.add("b", inputs={"images": [a, a]}, path=Path("x/y.png"), steps=[{"k": Level(3)}])
    assert graph.build() == loads(
        "flowgraph: 1\nnodes:\n"
        "  a: {type: a, level: 5%, lag: 0.2s, rate: 30000/1001}\n"
        "  b: {type: b, in: {images: [a, a]}, path: x/y.png, steps: [{k: 3}]}\n"
    )


def test_a_node_without_a_name_is_called_after_its_type() -> None:
    graph = GraphBuilder()
    names = [graph.add("blur").node, graph.add("blur").node, graph.add("acme.glow").node]
    names += [graph.chain(None, step("invert")).node, graph.use("x/wipe.yaml").node]
    assert names == ["blur", "blur_2", "glow", "chain", "wipe"]


def test_inputs_outputs_and_inserted_graphs_are_the_files_own() -> None:
    graph = GraphBuilder()
    frames = graph.input("frames")
    wipe = graph.use("wipe.yaml", name="wipe", inputs={"a": frames}, speed=3)
    graph.output("end", wipe["out"])
    assert graph.build() == loads(
        "flowgraph: 1\ninputs: [frames]\n"
        "nodes: {wipe: {use: wipe.yaml, in: {a: frames}, with: {speed: 3}}}\noutputs: {end: wipe.out}"
    )


def test_a_name_that_is_taken_is_refused() -> None:
    graph = GraphBuilder()
    graph.add("blur", name="a")
    graph.param("p", type="int")
    with pytest.raises(GraphError, match="a node is called 'a' already"):
        graph.add("blur", name="a")
    with pytest.raises(GraphError, match="a parameter is called 'p' already"):
        graph.param("p", type="int")


def test_what_no_file_may_hold_is_refused() -> None:
    graph = GraphBuilder()
    video = graph.add("source", name="video")
    with pytest.raises(GraphError, match="node type 'a' can't have a parameter 'chain'"):
        graph.add("a", chain=1)
    with pytest.raises(GraphError, match="'a' reads streams both in order and by port"):
        graph.add("a", video, inputs={"x": video})
    with pytest.raises(GraphError, match="step 'blur' has both a value and parameters"):
        step("blur", 3, sigma=3)
    with pytest.raises(GraphError, match="a chain has at least one step"):
        graph.chain(video)
    with pytest.raises(TypeError, match="a graph file can't hold a object"):
        graph.add("a", value=object())


def test_errors_show_the_line_that_the_graph_would_have_in_a_file() -> None:
    graph = GraphBuilder()
    graph.param("lag", type="int", default=0, min=1)
    graph.add("invert", name="a")
    with pytest.raises(GraphError) as caught:
        graph.build()
    assert str(caught.value) == (
        "<built>:4:29: parameter 'lag' is at least 1, got 0\n"
        "    lag: {type: int, default: 0, min: 1}\n"
        "                              ^"
    )


def test_parameters_have_the_types_of_graph_files() -> None:
    assert get_args(ParamType) == tuple(PARAM_TYPES)


def test_a_graph_without_nodes_is_refused() -> None:
    with pytest.raises(GraphError, match="'nodes' is a mapping, not nothing"):
        GraphBuilder().build()
