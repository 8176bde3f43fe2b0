"""What is known of each node before it runs."""

from __future__ import annotations

from pathlib import Path

from tool_graphs import glow, glow_plan

from flowgraph.cli.drawing import draw_plan
from flowgraph.document.load import load
from flowgraph.errors import Place
from flowgraph_tools.facts import Stream, graph_facts, plan_facts
from flowgraph_tools.lines import Lines, lines_of

FACTS = plan_facts(glow_plan())
FILE = """flowgraph: 1
nodes:
  video: {type: testsrc, length: 12}
  # a comment
  soft:
    type: blur

    in: video
    # its last line is below
    sigma: 3

  # not part of it
  out: {in: soft, chain: [invert, {blur: {sigma: 2}}]}
"""


def test_ids_are_those_of_the_drawing_one_for_each_pass() -> None:
    drawn = {box.id for group in draw_plan(glow_plan(), "").groups for box in group.boxes}
    assert set(FACTS) == drawn
    assert {(FACTS[name].name, FACTS[name].pass_index) for name in ("0:video", "1:video")} == {
        ("video", 0),
        ("video", 1),
    }


def test_parameters_are_written_as_in_graph_files_and_say_which_are_defaults() -> None:
    found = {parameter.name: parameter for parameter in FACTS["1:soft"].parameters}
    assert found["sigma"].value == "3"
    assert not found["sigma"].default
    assert (found["kind"].value, found["kind"].default) == ("gaussian", True)
    assert "gaussian" in found["kind"].takes


def test_streams_tell_format_bytes_and_what_is_special() -> None:
    assert FACTS["1:light"].reads == (
        Stream("top", "soft", "bgr24 64x48", 9216, "takes bgr24 or gray or gbrp"),
        Stream(
            "bottom",
            "mean",
            "bgr24 64x48",
            9216,
            "one picture for the whole run, takes bgr24 or gray or gbrp",
        ),
    )
    assert FACTS["1:past"].reads[0].how == "with 2 frames before it"
    assert FACTS["1:change"].makes == (Stream("difference", "", "bgr24 64x48", 9216),)


def test_what_the_engine_added_says_why_and_has_no_parameters() -> None:
    added = FACTS["1:video>bgr24"]
    assert (added.added, added.parameters, added.lines) == ("'mean' computes in bgr24", (), None)


def test_reasons_tell_where_frames_come_from_and_where_they_go() -> None:
    assert FACTS["1:video"].why[0].startswith("'video' is read again: ")
    assert FACTS["1:light"].why[0] == "in the buffer of its input 'top'"


def test_memory_of_its_own_is_told_from_shared_buffers() -> None:
    mean = FACTS["0:mean"]
    assert mean.nbytes == sum(share.nbytes for share in mean.memory if not share.others) > 0
    assert any(share.others for share in FACTS["1:change"].memory)


def test_a_graph_as_written_has_its_parameters_and_what_it_reads() -> None:
    facts = graph_facts(glow())["change"]
    assert [stream.node for stream in facts.reads] == ["video", "past"]
    assert (facts.kind, graph_facts(glow())["mean"].kind) == ("node", "reduce")
    assert graph_facts(glow())["soft"].parameters[0].value == "3"


def test_lines_are_those_of_the_node_without_comments_that_follow(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(FILE)
    (_, soft, out) = load(file).nodes
    assert soft.place is not None
    assert lines_of(soft.place) == Lines(
        str(file),
        5,
        "soft:\n  type: blur\n\n  in: video\n  # its last line is below\n  sigma: 3",
    )
    assert out.chain[1].place is not None
    assert lines_of(out.chain[1].place).text == "out: {in: soft, chain: [invert, {blur: {sigma: 2}}]}"


def test_without_the_file_the_line_of_the_place_is_all() -> None:
    assert lines_of(Place("gone.yaml", 3, 3, text="  a: {type: blur}")).text == "  a: {type: blur}"
