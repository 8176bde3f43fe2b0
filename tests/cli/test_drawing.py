"""Drawings of plans and of graphs as written."""

from __future__ import annotations

import pygraphviz
import pytest
from cli_plans import BGR, TWO_PASSES

from flowgraph.cli.dot import to_dot
from flowgraph.cli.drawing import Box, Drawing, Group, Wire, draw_graph, draw_plan
from flowgraph.cli.graphviz import render
from flowgraph.cli.mermaid import to_mermaid
from flowgraph.document.load import loads
from flowgraph.errors import GraphError

PICTURE = draw_plan(TWO_PASSES, "Masks")
WRITTEN = """
flowgraph: 1
nodes:
  video: {type: source, path: a.mp4}
  parts: {type: split, in: video}
  soft: {in: parts, chain: [{delay: 5}, invert]}
  sum: {type: blend, in: {top: video, bottom: soft}}
  out: {type: sink, in: sum, path: b.mp4}
"""


def wires(drawing: Drawing) -> set[tuple[str, str]]:
    return {(wire.tail, wire.head) for wire in drawing.wires}


def box(name: str) -> Box:
    return next(box for group in PICTURE.groups for box in group.boxes if box.id == name)


def test_each_pass_is_a_group_with_its_reason() -> None:
    assert [(group.title, group.reason) for group in PICTURE.groups] == [
        ("pass 1", "'background' needs every frame of 'video' before its picture is done"),
        ("pass 2", "'change' needs the finished 'background'"),
    ]


def test_a_finished_still_leads_from_one_pass_to_the_next() -> None:
    still = next(wire for wire in PICTURE.wires if wire.tail == "0:background")
    assert still == Wire("0:background", "1:backdrop", format=BGR, still=True)


def test_wires_follow_the_slots_through_what_the_engine_added() -> None:
    assert {("1:video", "1:video:bgr24"), ("1:video:bgr24", "1:past"), ("1:past", "1:change")} <= wires(
        PICTURE
    )
    assert ("1:video:bgr24", "1:change") not in wires(PICTURE)


def test_a_wire_tells_format_bytes_and_a_clock_that_is_not_the_driving_one() -> None:
    last = next(wire for wire in PICTURE.wires if wire.head == "1:out")
    assert last.lines == ("gray 640x360", "225.0 KiB", "video / every 2")
    assert last.clock == "video / every 2"


def test_what_the_engine_added_is_marked_with_its_reason() -> None:
    assert (box("1:video:bgr24").added, box("1:video:bgr24").notes) == (True, ("'change' computes in bgr24",))
    assert box("1:past").notes == ("keeps 4 past frames",)
    assert box("1:video").notes == ("is read again: keeping 250 frames would take 164.8 MiB",)
    assert not box("0:video").added


def test_shapes_tell_sources_sinks_reductions_and_stills() -> None:
    names = ("0:video", "0:background", "1:backdrop", "1:change", "1:out")
    assert [box(name).shape for name in names] == ["source", "reduce", "still", "node", "sink"]


def test_a_graph_is_drawn_as_written_with_its_chains_step_by_step() -> None:
    drawing = draw_graph(loads(WRITTEN), "x")
    assert [(b.id, b.type, b.shape) for b in drawing.groups[0].boxes] == [
        ("video", "source", "source"),
        ("parts", "split", "node"),
        ("soft/0", "delay", "node"),
        ("soft", "invert", "node"),
        ("sum", "blend", "node"),
        ("out", "sink", "sink"),
    ]
    assert wires(drawing) == {
        ("video", "parts"),
        ("parts", "soft/0"),
        ("soft/0", "soft"),
        ("video", "sum"),
        ("soft", "sum"),
        ("sum", "out"),
    }


def test_the_number_of_a_chains_last_step_is_as_good_as_its_name() -> None:
    by_number = WRITTEN.replace("bottom: soft", "bottom: soft/1")
    assert draw_graph(loads(by_number), "x") == draw_graph(loads(WRITTEN), "x")


def test_inputs_of_a_graph_are_drawn_as_sources() -> None:
    text = "flowgraph: 1\ninputs: [now]\nnodes: {soft: {type: blur, in: now}}\noutputs: {image: soft}\n"
    drawing = draw_graph(loads(text), "x")
    assert drawing.groups[0].boxes[0] == Box("now", "now", "input", "source")
    assert wires(drawing) == {("now", "soft")}


@pytest.mark.parametrize(("right", "wrong"), [("in: parts", "in: prats"), ("type: blend", "type: blnd")])
def test_a_typo_is_no_drawing_but_an_error_with_its_place(right: str, wrong: str) -> None:
    with pytest.raises(GraphError, match="did you mean") as error:
        draw_graph(loads(WRITTEN.replace(right, wrong)), "x")
    assert error.value.place is not None


def test_graphviz_reads_the_dot_text_with_all_boxes_and_wires() -> None:
    graph = pygraphviz.AGraph(string=to_dot(PICTURE))
    assert set(graph.nodes()) == {box.id for group in PICTURE.groups for box in group.boxes}
    assert {(str(edge[0]), str(edge[1])) for edge in graph.edges()} == wires(PICTURE)
    assert len(graph.subgraphs()) == 2


HOSTILE = Drawing(
    'a <b> & "c"', "", (Group("", "", (Box('x"<&>', 'x"<&>', "t\\", "node"), Box("y", "y", "t", "sink"))),),
    (Wire('x"<&>', "y", '"<&>'),),
)  # fmt: skip


def test_names_with_the_signs_of_the_drawing_languages_survive() -> None:
    graph = pygraphviz.AGraph(string=to_dot(HOSTILE))
    assert set(graph.nodes()) == {'x"<&>', "y"}
    assert 'n0["x#quot;&lt;&amp;&gt;<br/>t\\"]' in to_mermaid(HOSTILE)


@pytest.mark.parametrize(("kind", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_drawings_are_rendered(kind: str, start: bytes) -> None:
    assert render(to_dot(PICTURE), kind).startswith(start)


def test_mermaid_has_a_subgraph_for_each_pass_and_dashed_stills() -> None:
    lines = to_mermaid(PICTURE).splitlines()
    assert lines[:4] == ["---", 'title: "Masks"', "---", "flowchart LR"]
    assert (
        sum(line.strip().startswith("subgraph") for line in lines)
        == sum(line == "  end" for line in lines)
        == 2
    )
    assert '  n1 -.->|"bgr24 640x360, 675.0 KiB"| n2' in lines
    assert lines[-1] == "  class n3,n4,n5 added"
