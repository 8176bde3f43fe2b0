"""One call runs a graph, with its parameters as keywords."""

from __future__ import annotations

from pathlib import Path

import pytest

import flowgraph

GRAPH = flowgraph.loads(
    "flowgraph: 1\n"
    "params:\n"
    "  output: {type: path}\n"
    "  frames: 10\n"
    "  options: 3\n"
    "nodes:\n"
    "  v: {type: testsrc, size: 64x48, length: $frames}\n"
    "  b: {type: blur, in: v, sigma: $options}\n"
    "  out: {type: sink, in: b, path: $output, codec: ffv1}\n",
    "small.yaml",
)


def test_parameters_are_keywords(tmp_path: Path) -> None:
    report = flowgraph.run(GRAPH, output=tmp_path / "a.mkv", frames=7)
    assert report.frames == 7
    assert report.outputs[0].startswith(f"{tmp_path / 'a.mkv'}: 7 frames")
    nodes = {node.name: node for node in report.nodes}
    assert (nodes["b"].fired, nodes["b"].type) == (7, "blur")
    assert nodes["b"].seconds > 0
    assert nodes["b"].nbytes > 0


def test_what_is_called_like_an_argument_is_given_in_a_mapping() -> None:
    assert flowgraph.run(GRAPH, {"options": 1}, output="null", frames=3).frames == 3


def test_a_parameter_that_is_given_twice_is_refused() -> None:
    with pytest.raises(flowgraph.GraphError, match="the parameter 'frames' is given twice"):
        flowgraph.run(GRAPH, {"frames": 2}, output="null", frames=3)


def test_an_unknown_parameter_is_refused_by_name() -> None:
    with pytest.raises(flowgraph.GraphError, match="the graph: no parameter 'outptu'") as error:
        flowgraph.run(GRAPH, outptu="null")
    assert error.value.hint == "did you mean 'output'?"


def test_a_control_steers_it() -> None:
    control = flowgraph.Control()
    control.cancel()
    with pytest.raises(flowgraph.Interrupted):
        flowgraph.run(GRAPH, control=control, output="null")
