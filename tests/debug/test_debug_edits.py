"""Parameters become controls with their bounds, and changes become lines of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from debug_graphs import Files, write_files
from debug_viewer import viewing

from flowgraph_tools.debug.parameters import Edit, as_options, as_yaml, text_of
from flowgraph_tools.debug.session import Session
from flowgraph_tools.debug.target import compile_target

CHAIN = """\
flowgraph: 1
params:
  input: {type: path}
  soft:  {type: float, default: 2}
nodes:
  video: {type: source, path: $input, format: bgr24}
  mask:
    in: video
    chain:
      - threshold: {level: 40%, per: luma}   # cut
      - blur: {sigma: $soft}
      - invert
  past:  {in: mask, chain: [{delay: 5}]}
  long:
    type: contrast
    in: past
    amount: 1.5
  out: {type: sink, in: long, path: out.mp4}
"""


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (Edit(3, "mask/0", "level", "12%"), "      - threshold: {level: 12%, per: luma}   # cut"),
        (
            Edit(3, "mask/0", "compare", ">="),
            "      - threshold: {level: 40%, per: luma, compare: >=}   # cut",
        ),
        (Edit(-1, "mask/1", "sigma", "7.5"), "      - blur: {sigma: 7.5}"),
        (Edit(-1, "past", "frames", "9"), "  past:  {in: mask, chain: [{delay: 9}]}"),
        (Edit(-1, "long", "amount", "2"), "    amount: 2"),
        (Edit(-1, "long", "brightness", "2"), "# long: brightness: 2"),
    ],
)
def test_an_edit_is_the_line_of_the_file_with_the_new_value(tmp_path: Path, edit: Edit, line: str) -> None:
    files = write_files(tmp_path, CHAIN)
    assert as_yaml(compile_target(files.target(), {}), [edit]) == line


def test_two_edits_of_one_line_stand_in_it_together(tmp_path: Path) -> None:
    files = write_files(tmp_path, CHAIN)
    edits = [Edit(3, "mask/0", "level", "12%"), Edit(3, "mask/0", "per", "channel")]
    last = Edit(8, "mask/0", "level", "5%")
    text = as_yaml(compile_target(files.target(), {}), [*edits, last])
    assert text == "      - threshold: {level: 5%, per: channel}   # cut"


def test_edits_are_options_that_replay_them() -> None:
    edits = [Edit(-1, "glow", "sigma", "3"), Edit(20, "mask", "level", "5%")]
    assert as_options(edits) == "--set glow.sigma=3 --set-at 20:mask.level=5%"


@pytest.mark.parametrize(
    ("value", "text"),
    [(5.0, "5"), (2.5, "2.5"), (True, "true"), (None, "null"), ("a b", "a b"), ((1, 2.5), "[1, 2.5]")],
)
def test_values_are_written_as_on_a_command_line(value: object, text: str) -> None:
    assert text_of(value) == text


def controls(files: Files, node: str) -> dict[str, dict[str, Any]]:
    with viewing(Session(files.target())) as viewer:
        return {each["name"]: each for each in viewer.ask("details", node=node)["parameters"]}


def test_controls_have_the_bounds_of_the_schema(tmp_path: Path) -> None:
    files = write_files(tmp_path, CHAIN)
    blur = controls(files, "mask/1")
    assert (blur["sigma"]["least"], blur["sigma"]["most"], blur["sigma"]["value"]) == (0.1, 300, "2")
    assert (blur["radius"]["whole"], blur["radius"]["most"]) == (True, 127)
    assert (blur["kind"]["only_words"], blur["kind"]["words"][0]) == (True, "gaussian")
    cut = controls(files, "mask/0")
    assert (cut["level"]["level"], cut["level"]["live"], cut["level"]["value"]) == (True, True, "40%")
    assert (cut["below"]["only_words"], cut["below"]["words"]) == (False, ["input"])


def test_an_edit_stays_when_the_file_is_saved_unless_the_file_changes_the_same(tmp_path: Path) -> None:
    files = write_files(tmp_path, CHAIN)
    with viewing(Session(files.target(), loop=True)) as viewer:
        viewer.ask("set", node="mask/1", param="sigma", value="7")
        viewer.ask("set", node="long", param="amount", value="3")
        viewer.until("graph", lambda g: g["version"] >= 2)
        version = viewer.last["graph"]["version"]
        files.graph.write_text(CHAIN.replace("amount: 1.5", "amount: 1.25"))
        viewer.until("graph", lambda g: g["version"] > version)
        state = viewer.until("state", lambda s: s["version"] > version)
        assert [(edit["node"], edit["value"]) for edit in state["edits"]] == [("mask/1", "7")]
