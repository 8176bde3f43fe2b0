"""Graphs become files: readable ones, that are read back as the same graph."""

from __future__ import annotations

import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flowgraph.document.dump import dump
from flowgraph.document.load import load, loads
from flowgraph.document.scalars import flow
from flowgraph.document.tree import read_tree, value_of
from flowgraph.document.values import written
from flowgraph.graph import Entry, Graph, Param, Ref
from flowgraph.units import Colour, Duration, Level

GRAPHS = sorted((Path(__file__).parents[2] / "graphs").glob("*.yaml"))

GLOW = """\
flowgraph: 1
title: Motion glow
about: What moved in the last frames, blurred and added back as light.

params:
  input:  {type: path, help: video to read}
  output: {type: path, default: out.mp4}
  lag:    {type: int, default: 4, min: 1, help: frames between the two pictures compared}

inputs: [mask]

nodes:
  video:  {type: source, path: $input, format: bgr24}
  past:   {type: delay, in: video, frames: $lag}
  motion: {type: mix, in: [video, past], weights: [1, -1], scale: 2}
  glow:   {in: motion, chain: [{delay: 5}, invert, {blur: {sigma: 3}}]}
  bloom:  {type: blend, in: {top: video, bottom: glow/0}, mode: addition}
  wipe:   {use: wipe.yaml, in: {a: mask, b: bloom}, with: {speed: 0.001}}
  label:  {type: text, in: wipe.end, text: "16:9, ${lag}", size: "on", level: 5%}
  out:    {type: sink, in: label, path: $output}

outputs:
  end: label
"""


def test_a_graph_is_written_as_people_write_it() -> None:
    assert dump(loads(GLOW)) == GLOW


@pytest.mark.parametrize("path", GRAPHS, ids=lambda path: path.stem)
def test_every_graph_of_the_package_survives_writing_and_reading(path: Path) -> None:
    graph = load(path)
    assert loads(dump(graph)) == graph


def test_a_long_node_is_written_over_several_lines() -> None:
    steps = tuple(Entry(f"a/{i}", "resize", {"interpolation": "lanczos", "scale": 2}) for i in range(3))
    nodes = (Entry("a", chain=steps, inputs={"": (Ref("b"),)}), Entry("b", "label", {"text": "x" * 100}))
    graph = Graph(nodes)
    text = dump(graph)
    assert text == (
        "flowgraph: 1\n\nnodes:\n  a:\n    in: b\n    chain:\n"
        + "      - {resize: {interpolation: lanczos, scale: 2}}\n" * 3
        + f"  b:\n    type: label\n    text: {'x' * 100}\n"
    )
    assert loads(text) == graph


@pytest.mark.parametrize(
    ("about", "line"),
    [
        ("What moved, and when.", "about: What moved, and when."),
        ("one\ntwo", "about: |-\n  one\n  two"),
        ("one\n\n two\n", "about: |\n  one\n\n   two"),
        (" one\ntwo", 'about: " one\\ntwo"'),
        ("one\n\n", 'about: "one\\n\\n"'),
        ("yes", 'about: "yes"'),
        ("a: b", 'about: "a: b"'),
        ("tab\there", 'about: "tab\\there"'),
    ],
)
def test_prose_is_a_line_or_a_block_where_that_is_exact(about: str, line: str) -> None:
    graph = Graph((Entry("a", "invert"),), about=about)
    assert dump(graph).split("\n\nnodes:")[0] == f"flowgraph: 1\n{line}"
    assert loads(dump(graph)) == graph


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (5, "5"),
        (1.0, "1.0"),
        (1e-5, "1.0e-05"),
        (1.5e300, "1.5e+300"),
        (math.inf, ".inf"),
        ("bgr24", "bgr24"),
        ("5%", "5%"),
        ("$lag", "$lag"),
        ("clips/a b.mp4", "clips/a b.mp4"),
        ("16:9", '"16:9"'),
        ("on", '"on"'),
        ("y", '"y"'),
        ("1_000", '"1_000"'),
        ("1e3", '"1e3"'),
        ("12", '"12"'),
        ("~", '"~"'),
        ("", '""'),
        ("a, b", '"a, b"'),
        ("*.png", '"*.png"'),
        ("${a}.png", '"${a}.png"'),
        ("a\nb\u2028", '"a\\nb\\u2028"'),
        ("\U0001f600\x07", '"\U0001f600\\x07"'),
        ((1, -1, (2,)), "[1, -1, [2]]"),
        ({"a": 1, "on": "x"}, '{a: 1, "on": x}'),
        (Level(50, percent=True), "50%"),
        (Level(12.75), "12.75"),
        (Level(13), "13"),
        (Duration(5), "5"),
        (Duration(seconds=Fraction(1, 5)), "0.2s"),
        (Duration(seconds=Fraction("1234.567")), "1234.567s"),
        (Colour(0, 128, 255), '"#ff8000"'),
        (Fraction(30000, 1001), "30000/1001"),
        (Fraction(25), "25"),
        (Path("a/b.png"), "a/b.png"),
    ],
)
def test_a_value_is_written_as_people_write_it(value: object, text: str) -> None:
    assert flow(value) == text
    assert value_of(read_tree(f"[{text}]", "g.yaml")) == (written(value),)


def test_a_value_that_files_cannot_hold_is_refused() -> None:
    with pytest.raises(TypeError, match="a graph file can't hold a object"):
        flow(object())


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False),
    st.text(max_size=12),
    st.sampled_from(
        ["yes", "off", "16:9", "0o7", "1.", ".5", "0x1", "---", "- a", "a #b", "a: b", "null", "<<"]
    ),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def typed(value: Any) -> Any:
    """A value in which 1, 1.0 and True differ."""
    match value:
        case tuple():
            return tuple(map(typed, value))
        case dict():
            return {key: typed(item) for key, item in value.items()}
        case _:
            return (type(value), repr(value))


@settings(max_examples=200, deadline=None)
@given(value=VALUES, text=st.text(max_size=30))
def test_any_value_is_read_back_as_it_was(value: Any, text: str) -> None:
    graph = Graph((Entry("a", "b", {"value": value}),), title=text, about=text)
    again = loads(dump(graph))
    assert again == graph
    assert typed(again.nodes[0].params["value"]) == typed(value)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=20))
def test_plain_pyyaml_reads_the_same_text(text: str) -> None:
    assert yaml.safe_load(flow((text,))) == [text]


def test_parameters_are_written_with_what_they_have() -> None:
    param = Param("a", "choice", "a, b", "x", required=False, choices=("x", 2))
    graph = Graph((Entry("n", "invert"),), params=(param, Param("b", "int", default=None, required=False)))
    assert dump(graph).split("\n")[2:5] == [
        "params:",
        '  a: {type: choice, default: x, choices: [x, 2], help: "a, b"}',
        "  b: {type: int, default: null}",
    ]
    assert loads(dump(graph)) == graph
