"""Many files through one graph: which are run, what is said, what is left when one fails or all stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import av
import pytest
from cli_plans import Call

from flowgraph.cli.batch import filled, inputs, is_batch
from flowgraph.errors import GraphError

BATCH = ("run", "motion_glow", "-i", "clips/*.mkv", "-o", "out/{name}.mkv", "--set", "out.codec=ffv1")


@pytest.fixture
def clips(folder: Path) -> Path:
    """Three clips in a folder of their own."""
    target = folder / "clips"
    target.mkdir()
    for name in ("a", "b", "c"):
        (target / f"{name}.mkv").write_bytes((folder / "clip.mkv").read_bytes())
    return target


def frames_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_each_input_is_run_by_itself(clips: Path, call: Call) -> None:
    code, out, err = call(*BATCH, "--jobs", "2")
    assert (code, out) == (0, "")
    assert [frames_of(Path(f"out/{name}.mkv")) for name in "abc"] == [20, 20, 20]
    assert sorted(line.split(":")[0] for line in err.splitlines()[:3]) == [f"out/{n}.mkv" for n in "abc"]
    assert err.splitlines()[3] == "3 files: 3 done, 0 there already, 0 failed"


def test_one_that_fails_stops_none_of_the_others(clips: Path, call: Call) -> None:
    (clips / "b.mkv").write_bytes(b"no video")
    code, _, err = call(*BATCH)
    assert code == 1
    assert sorted(path.name for path in Path("out").iterdir()) == ["a.mkv", "c.mkv"]
    assert "clips/b.mkv: failed" in err
    assert "clips/b.mkv is not a video that can be read" in err
    assert err.splitlines()[-1] == "3 files: 2 done, 0 there already, 1 failed"


def test_what_is_done_is_left_alone_until_its_input_changes(clips: Path, call: Call) -> None:
    assert call(*BATCH, "-q") == (0, "", "")
    made = {name: Path(f"out/{name}.mkv").stat().st_mtime_ns for name in "abc"}
    os.utime(clips / "b.mkv", ns=(made["b"] + 10**10, made["b"] + 10**10))
    os.utime("out/b.mkv", ns=(1, 1))
    code, out, _ = call(*BATCH, "--dry-run")
    assert code == 0
    assert out.splitlines() == [
        "clips/a.mkv -> out/a.mkv  (there already)",
        "clips/b.mkv -> out/b.mkv",
        "clips/c.mkv -> out/c.mkv  (there already)",
    ]
    code, _, err = call(*BATCH)
    assert err.splitlines()[-1] == "3 files: 1 done, 2 there already, 0 failed"
    now = {name: Path(f"out/{name}.mkv").stat().st_mtime_ns for name in "abc"}
    assert (now["a"], now["c"]) == (made["a"], made["c"])
    assert now["b"] != 1
    code, _, err = call(*BATCH, "--again")
    assert err.splitlines()[-1] == "3 files: 3 done, 0 there already, 0 failed"


def test_a_wrong_call_is_refused_before_anything_is_run(clips: Path, call: Call) -> None:
    code, _, err = call(*BATCH, "-p", "lagg=2")
    assert (code, Path("out").exists()) == (2, False)
    assert "did you mean 'lag'" in err


def test_two_inputs_of_one_name_are_refused(clips: Path, call: Call) -> None:
    (clips / "more").mkdir()
    (clips / "more" / "a.mkv").write_bytes(b"")
    code, _, err = call("run", "motion_glow", "-i", "clips/**/*.mkv", "-o", "out/{name}.mkv")
    assert code == 2
    assert err.splitlines()[0] == "clips/a.mkv and clips/more/a.mkv would both be written to out/a.mkv"
    code, out, _ = call(
        "run", "motion_glow", "-i", "clips/**/*.mkv", "-o", "{folder}_{name}.mkv", "--dry-run"
    )
    assert code == 0
    assert "clips/more/a.mkv -> more_a.mkv" in out.splitlines()


@pytest.mark.usefixtures("folder")
def test_a_pattern_without_a_file_is_refused(call: Call) -> None:
    code, _, err = call(*BATCH)
    assert (code, err.splitlines()[0]) == (2, "no file matches 'clips/*.mkv'")


def test_a_batch_that_is_stopped_keeps_what_was_done(clips: Path) -> None:
    """The first file is drawn without an end, so that the batch is still at it when it is stopped."""
    args = ["run", "endless.yaml", "-i", "x", "-o", "out/{name}.mkv"]
    graph = Path("endless.yaml")
    graph.write_text(
        "flowgraph: 1\nparams:\n  input: {type: str}\n  output: {type: path}\nnodes:\n"
        "  video: {type: testsrc, size: 64x48, length: 99999999}\n"
        "  out: {type: sink, in: video, path: $output, codec: ffv1}\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "flowgraph", *args], stderr=subprocess.PIPE, text=True, cwd=clips.parent
    )
    partial = Path("out/x.partial.mkv")
    while not (partial.exists() and partial.stat().st_size):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in err
    assert frames_of(partial) > 0


def test_names_are_put_into_texts_at_any_depth() -> None:
    assert filled((("mask", "{name}.png"), 3, None), "in/clip.mp4") == (("mask", "clip.png"), 3, None)
    assert filled("{folder}/{name}_{other}", "in/clip.mp4") == "in/clip_{other}"
    assert is_batch({"outputs": (), "params": (("mask", "{name}.png"),), "sets": ()})
    assert not is_batch({"outputs": ("out.mp4",), "params": (), "sets": ()})


def test_without_an_input_the_name_stands_for_nothing() -> None:
    with pytest.raises(GraphError, match="no input is given"):
        inputs(())
