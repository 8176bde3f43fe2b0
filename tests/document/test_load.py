"""Graph files become graphs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowgraph.document.dump import dump
from flowgraph.document.load import load, loads
from flowgraph.errors import GraphError, Place
from flowgraph.graph import Entry, Graph, Param, Ref

SIGNS = "{}[]:,-#&*!|>'\"%@`$\t\n\\~?=/.\x00\x85\u2028é0"
GLOW = """\
flowgraph: 1
title: Motion glow
about: What moved.
params:
  input: {type: path, help: video to read}
  lag: {type: int, default: 4, min: 1, max: 9}
  mode: {type: choice, choices: [auto, bgr24], default: auto}
  scale: 2.5
nodes:
  video: {type: source, path: $input}
  motion: {type: mix, in: [video, past.delayed], weights: [1, -1], scale: $scale}
  past: {in: video, chain: [{delay: $lag}, invert, {blur: {sigma: 3}}]}
  bloom: {type: blend, in: {top: video, bottom: past/0}}
  wipe: {use: wipe.yaml, in: {a: video, b: bloom}, with: {speed: 1e-3}}
  text: {type: label, in: wipe.out, text: "16:9", size: on}
"""


def test_a_graph_file_becomes_a_graph() -> None:
    assert loads(GLOW) == Graph(
        title="Motion glow",
        about="What moved.",
        params=(
            Param("input", "path", "video to read"),
            Param("lag", "int", default=4, required=False, min=1, max=9),
            Param("mode", "choice", default="auto", required=False, choices=("auto", "bgr24")),
            Param("scale", "float", default=2.5, required=False),
        ),
        nodes=(
            Entry("video", "source", {"path": "$input"}),
            Entry(
                "motion",
                "mix",
                {"weights": (1, -1), "scale": "$scale"},
                {"": (Ref("video"), Ref("past", "delayed"))},
            ),
            Entry(
                "past",
                inputs={"": (Ref("video"),)},
                chain=(
                    Entry("past/0", "delay", {"": "$lag"}),
                    Entry("past/1", "invert"),
                    Entry("past/2", "blur", {"sigma": 3}),
                ),
            ),
            Entry("bloom", "blend", inputs={"top": (Ref("video"),), "bottom": (Ref("past/0"),)}),
            Entry(
                "wipe",
                params={"speed": 0.001},
                inputs={"a": (Ref("video"),), "b": (Ref("bloom"),)},
                use="wipe.yaml",
            ),
            Entry("text", "label", {"text": "16:9", "size": "on"}, {"": (Ref("wipe", "out"),)}),
        ),
    )


def test_inputs_and_outputs_make_a_graph_that_others_insert() -> None:
    graph = loads("flowgraph: 1\ninputs: [a]\nnodes: {b: {type: invert, in: a}}\noutputs: {o: b.x}")
    assert (graph.inputs, graph.outputs) == (("a",), {"o": Ref("b", "x")})


def test_an_entry_knows_the_place_of_each_key_and_value() -> None:
    line = "  a: {type: mix, in: {x: [b, c]}, weights: [1, -1]}"
    (entry,) = loads(f"flowgraph: 1\nnodes:\n{line}\n", "g.yaml").nodes

    def at(column: int, length: int) -> Place:
        return Place("g.yaml", 3, column, length, line)

    assert entry.place == at(3, 1)
    assert entry.inputs["x"][1].place == at(30, 1)
    wanted = {"type": at(13, 3), "in.x:": at(23, 1), "weights:": at(35, 7), "weights.1": at(48, 2)}
    assert {key: entry.places[key] for key in wanted} == wanted


def test_a_file_is_read_as_utf8_with_or_without_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "g.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + "flowgraph: 1\ntitle: Señor\nnodes: {a: {type: invert}}".encode())
    graph = load(path)
    assert (graph.title, graph.path) == ("Señor", path)


@pytest.mark.parametrize("text", ["lag: 4", "lag: {type: int, default: 4}"])
def test_a_parameter_may_be_its_default_alone(text: str) -> None:
    graph = loads(f"flowgraph: 1\nparams: {{{text}}}\nnodes: {{a: {{type: invert}}}}")
    assert graph.params == (Param("lag", "int", default=4, required=False),)


@settings(max_examples=150, deadline=None)
@given(
    at=st.integers(0, len(GLOW)), cut=st.integers(0, 8), put=st.text(st.sampled_from(list(SIGNS)), max_size=3)
)
def test_a_damaged_file_is_a_graph_or_one_located_error(at: int, cut: int, put: str) -> None:
    text = GLOW[:at] + put + GLOW[at + cut :]
    try:
        graph = loads(text, "g.yaml")
    except GraphError as error:
        assert error.place is not None and str(error).startswith(f"g.yaml:{error.place.line}:")
    else:
        assert loads(dump(graph)) == graph


def test_a_default_of_null_makes_a_parameter_that_may_be_empty() -> None:
    graph = loads("flowgraph: 1\nparams: {a: {type: int, default: null}}\nnodes: {a: {type: invert}}")
    assert graph.params == (Param("a", "int", default=None, required=False),)
