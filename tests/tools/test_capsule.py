"""Capsules: what is kept of a failure, and that it comes again from that alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowgraph.cli.main import main
from flowgraph.document.load import loads
from flowgraph.media.recorded import RecordedReader
from flowgraph.session import Options, compile
from flowgraph.sums import frame_sum
from flowgraph_tools.record import catch_frame

GRAPH = """
flowgraph: 1
nodes:
  video: {type: testsrc, size: 64x48, length: 12}
  mean: {type: flatten, in: video, mode: mean}
  past: {type: delay, in: soft, frames: 2}
  soft: {type: blur, in: video, sigma: 1}
  bad: {NODE}
  out: {type: sink, in: bad, path: PATH, codec: ffv1}
"""
NODES = str(Path(__file__).with_name("sour_nodes.py"))


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)


def fail(capsys: pytest.CaptureFixture[str], node: str, *args: str, path: str = "out.mkv") -> list[str]:
    """Run the graph with a node that fails; gives what was said."""
    Path("a.yaml").write_text(GRAPH.replace("{NODE}", "{type: " + node + "}").replace("PATH", path))
    capsys.readouterr()
    assert main(["run", "a.yaml", "-q", "--nodes", NODES, *args]) == 1
    return capsys.readouterr().err.splitlines()


def again(capsys: pytest.CaptureFixture[str], folder: str, *args: str) -> str:
    """What the node says when the capsule is run."""
    assert main(["run", folder, "-q", "--nodes", NODES, *args]) == 1
    first = capsys.readouterr().err.splitlines()[0]
    return cause(first)


def cause(line: str) -> str:
    return line.partition("Error: ")[2].partition("; what was written")[0]


PURE = "pure, in: [soft, past, mean], at: 5"


def test_a_failure_is_kept_beside_the_output_and_comes_again(capsys: pytest.CaptureFixture[str]) -> None:
    said = fail(capsys, PURE)
    assert said[-1] == f"the failure alone: flowgraph run out.capsule --nodes {NODES}"
    assert again(capsys, "out.capsule") == cause(said[0])
    assert again(capsys, "out.capsule/graph.yaml") == cause(said[0])
    assert sorted(path.name for path in Path("out.capsule").iterdir()) == [
        "failure.txt",
        "graph.yaml",
        "images_1.frames",
        "images_2.frames",
        "images_3.frames",
        "versions.txt",
    ]


def test_a_capsule_has_the_very_frames_the_traceback_and_the_versions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fail(capsys, PURE)
    text = GRAPH.replace("{NODE}", "{type: pure, in: [soft, past, mean], at: 99}").replace("PATH", "'null'")
    plan = compile(loads(text, nodes=[NODES]), overrides={("out", "codec"): "auto"})
    for name, node, index in (("images_1", "soft", 5), ("images_2", "soft", 3)):
        reader = RecordedReader(Path("out.capsule") / f"{name}.frames")
        kept, wanted = reader.read(), catch_frame(plan, Options(), node, index)
        assert kept is not None and wanted is not None
        assert (kept.index, frame_sum([kept])) == (5, frame_sum([wanted]))
        assert reader.read() is None
        reader.close()
    assert "raise ArithmeticError" in Path("out.capsule/failure.txt").read_text()
    assert "numpy: " in Path("out.capsule/versions.txt").read_text()


@pytest.mark.parametrize(("at", "frames"), [(5, 4), (1, 2), (0, 1)])
def test_a_window_is_kept_with_its_past(at: int, frames: int, capsys: pytest.CaptureFixture[str]) -> None:
    said = fail(capsys, f"pure, in: [soft, past], back: 3, at: {at}")
    assert again(capsys, "out.capsule") == cause(said[0])
    reader = RecordedReader(Path("out.capsule/images_1.frames"))
    assert [index for index, _ in reader.stamps()] == list(range(at + 1 - frames, at + 1))
    reader.close()


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize(
    "node",
    ["running, in: soft", "running, in: soft, early: true", "whole, in: soft", "whole, in: soft, late: true"],
)
def test_with_a_folder_named_state_and_streams_are_made_again(
    node: str, threads: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = fail(capsys, node, "--capsule", "kept", "--threads", threads)
    assert said[-1] == f"the failure alone: flowgraph run kept --nodes {NODES}"
    assert again(capsys, "kept") == cause(said[0])


def test_without_being_asked_nothing_is_run_again(capsys: pytest.CaptureFixture[str]) -> None:
    said = fail(capsys, "running, in: soft")
    assert said[-1] == "'flowgraph run ... --capsule DIR' keeps what 'bad' was given"
    assert not Path("out.capsule").exists()


def test_a_broken_rule_comes_again_with_check(capsys: pytest.CaptureFixture[str]) -> None:
    said = fail(capsys, "rude, in: soft", "--check")
    assert said[-1] == f"the failure alone: flowgraph run out.capsule --nodes {NODES} --check"
    assert again(capsys, "out.capsule", "--check") == cause(said[0])


def test_parameters_are_those_of_the_moment(capsys: pytest.CaptureFixture[str]) -> None:
    said = fail(capsys, PURE, "--set-at", "4:bad.name=changed")
    assert cause(said[0]).startswith("changed: ")
    assert again(capsys, "out.capsule") == cause(said[0])


def test_without_a_file_that_is_written_there_is_no_capsule_unless_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = fail(capsys, PURE, "--set", "out.codec=auto", path="'null'")
    assert said[-1].strip() == "^^^"
    assert [path.name for path in Path().iterdir()] == ["a.yaml"]
    fail(capsys, PURE, "--set", "out.codec=auto", "--capsule", "here", path="'null'")
    assert Path("here/graph.yaml").is_file()


def test_a_folder_that_is_no_capsule_is_left_alone_and_a_capsule_is_replaced(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("out.capsule").mkdir()
    Path("out.capsule/mine.txt").write_text("mine")
    assert fail(capsys, PURE)[-1].strip() == "^^^"
    assert (
        fail(capsys, PURE, "--capsule", "out.capsule")[-1]
        == "no capsule: out.capsule is there already, and is none"
    )
    assert [path.name for path in Path("out.capsule").iterdir()] == ["mine.txt"]
    fail(capsys, PURE, "--capsule", "kept")
    fail(capsys, "pure, in: soft, at: 2", "--capsule", "kept")
    assert sorted(path.name for path in Path("kept").glob("*.frames")) == ["images.frames"]


def test_a_capsule_that_can_not_be_written_hides_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").write_text("no folder")
    said = fail(capsys, PURE, "--capsule", "file/kept")
    assert "ArithmeticError" in said[0]
    assert said[-1].startswith("no capsule: ")
