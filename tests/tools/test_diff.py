"""`flowgraph diff` as a user calls it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tool_graphs import GLOW

from flowgraph.cli.main import main

CLIP = """
flowgraph: 1
nodes:
  video: {type: testsrc, size: 64x48, length: %d}
  level: {type: levels, in: video, out_black: %d}
  out: {type: sink, in: level, path: %s, codec: ffv1}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def diff(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[str]]:
    capsys.readouterr()
    status = main(["diff", *args])
    printed = capsys.readouterr()
    return status, (printed.out or printed.err).splitlines()


def clip(name: str, length: int = 8, offset: int = 0) -> str:
    Path("clip.yaml").write_text(CLIP % (length, offset, name))
    assert main(["run", "clip.yaml", "-q"]) == 0
    return name


def graph(name: str, old: str = "", new: str = "") -> str:
    Path(name).write_text(GLOW.replace(old, new))
    return name


def test_a_video_equals_itself(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = clip("a.mkv")
    assert diff(capsys, name, name) == (0, ["equal: 8 frames, yuv420p 64x48 unspecified limited"])


def test_of_two_videos_the_first_frame_and_the_size_of_the_difference_are_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = diff(capsys, clip("a.mkv"), clip("b.mkv", offset=10))
    assert status == 1
    assert lines[0] == "first difference: frame 0 (0.000 s)"
    assert "samples (" in lines[1]
    assert lines[2] == "  8 of 8 frames differ"


def test_a_video_that_is_longer_differs_where_the_other_ends(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = diff(capsys, clip("a.mkv"), clip("b.mkv", length=10))
    assert (status, lines) == (
        1,
        ["first difference: frame 8 (0.320 s)", "  only b.mkv has it", "  2 of 10 frames differ"],
    )


def test_of_two_graphs_the_first_node_and_frame_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = diff(capsys, graph("a.yaml"), graph("b.yaml", "sigma: 3", "sigma: 4"))
    assert status == 1
    assert lines[0] == "first difference: node 'soft' (blur), frame 1 (0.040 s)"
    assert lines[2] == "  11 of 12 frames differ"
    assert lines[3].startswith("  alike before it: video, ")
    assert lines[4].startswith("  also different: light, ")


def test_a_picture_made_of_a_whole_stream_is_compared_too(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = diff(capsys, graph("a.yaml"), graph("b.yaml", "mode: mean", "mode: darken"))
    assert (status, lines[0]) == (1, "first difference: node 'mean' (flatten), its one picture")


def test_equal_graphs_are_equal_whatever_their_only_sink_is_called(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = diff(capsys, graph("a.yaml"), graph("b.yaml", "out:", "end:"))
    assert status == 0
    assert lines[0].startswith("equal: all ")


def trace(name: str, *args: str) -> str:
    assert main(["run", graph("a.yaml"), "--trace", name, "-q", *args]) == 0
    return name


def test_of_traces_frames_that_both_recorded_are_compared(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = diff(capsys, trace("a.fgt"), trace("b.fgt", "--threads", "1"))
    assert (status, lines[0].partition(" frames")[0].rpartition(" ")[0]) == (0, "equal:")
    status, lines = diff(capsys, "a.fgt", trace("c.fgt", "--set", "soft.sigma=5"))
    assert status == 1
    assert lines[:2] == ["first difference: node 'soft' (blur), frame 1", "  11 of 12 frames differ"]


def test_graphs_write_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [graph(name, 'path: "null"', "path: out.mkv") for name in ("a.yaml", "b.yaml")]
    assert diff(capsys, *names)[0] == 0
    assert sorted(path.name for path in folder.iterdir()) == ["a.yaml", "b.yaml"]


def test_parameters_go_to_each_graph_that_has_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a = graph("a.yaml", "nodes:", "params:\n  wide: {type: float, default: 3}\nnodes:")
    b = graph("b.yaml")
    assert diff(capsys, a, b, "-p", "wide=8", "--set", "soft.sigma=5")[0] == 0
    assert diff(capsys, a, b, "--set", "mean.mode=darken", "-q") == (0, [])


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("a.fgt", "a.mkv"), "'a.fgt' is a trace, 'a.mkv' a file of pictures: that can't be compared"),
        (("a.fgt", "a.fgt"), "a.fgt: no such file"),
        (("a.yaml", "a.mkv"), "'a.yaml' is a graph, 'a.mkv' a file of pictures: that can't be compared"),
        (("a.mkv", "gone.mkv"), "no such file: a.mkv"),
        (("a.yaml", "a.yaml", "-p", "x=1"), "no parameter of either graph is called 'x'"),
        (("a.yaml", "a.yaml", "--set", "sfot.sigma=1"), "no node of either graph is called 'sfot'"),
        (("a.png", "a.png", "-p", "x=1"), "files have no parameters; -i, -p and --set are for graphs"),
        (("a.yaml", "other.yaml"), "'a.yaml' and 'other.yaml' have no node in common"),
    ],
)
def test_a_wrong_call_says_so_with_status_2(
    args: tuple[str, ...], message: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    graph("a.yaml")
    Path("other.yaml").write_text(
        "flowgraph: 1\nnodes:\n  clip: {type: testsrc, size: 64x48, length: 2}\n"
        "  one: {type: sink, in: clip, path: 'null'}\n  two: {type: sink, in: clip, path: 'null'}\n"
    )
    status, lines = diff(capsys, *args)
    assert (status, lines[0]) == (2, message)
