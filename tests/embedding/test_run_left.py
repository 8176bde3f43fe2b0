"""However a program leaves a run, nothing is left behind: no thread, no open file, no half-told error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import av
import pytest
from collect import COLLECTED, READERS, Collect, Literals, values, wire
from odd_nodes import Raises
from opened import CLIP, VALUES, descriptors, engine_threads, first_samples, opened, wait_for_threads

from flowgraph.document.load import loads
from flowgraph.errors import GraphError, RunError
from flowgraph.executor.state import Interrupted
from flowgraph.graph import Graph

threaded = pytest.mark.parametrize("threads", [1, 2, 4])
OUT = wire("out", Collect(), image="v")


@threaded
def test_closing_halfway_stops_the_run_and_keeps_what_was_written(threads: int) -> None:
    with opened(CLIP, OUT, outputs=["v"], threads=threads) as run:
        for frame in run["v"]:
            if frame.index == 9:
                break
    assert engine_threads() == []
    assert COLLECTED["out"].ended == "aborted"
    assert values() == list(range(len(values())))
    assert READERS[0].closed
    assert run.report is None


@threaded
def test_what_the_program_raises_comes_through_and_stops_the_run(threads: int) -> None:
    with (
        pytest.raises(ZeroDivisionError, match="in the program"),
        opened(CLIP, OUT, outputs=["v"], threads=threads) as run,
    ):
        for _ in run["v"]:
            raise ZeroDivisionError("in the program")
    assert engine_threads() == []
    assert COLLECTED["out"].ended == "aborted"


@threaded
def test_a_run_that_nobody_holds_any_more_ends(threads: int) -> None:
    frames = opened(CLIP, OUT, outputs=["v"], threads=threads)["v"]
    assert next(frames).index == 0
    del frames
    wait_for_threads()
    assert COLLECTED["out"].ended == "aborted"
    assert READERS[0].closed


def test_frames_outlive_the_run_that_lent_them() -> None:
    with opened(CLIP, outputs=["v"]) as run:
        picture = next(run["v"]).data
    del run
    wait_for_threads()
    assert (picture == 0).all()


@threaded
def test_frames_that_came_before_a_failure_are_read_before_it_is_told(threads: int) -> None:
    nodes = (CLIP, wire("r", Raises(at=30), image="v"), wire("out", Collect(), image="r"))
    found: list[int] = []
    with (
        pytest.raises(RunError, match=r"node 'r' \(raises\) failed at frame 30"),
        opened(*nodes, outputs=["r"], threads=threads) as run,
    ):
        for frame in run["r"]:
            found.append(int(frame.data[0, 0]))
    assert found == list(range(len(found)))
    assert len(found) <= 30
    assert COLLECTED["out"].ended == "aborted"


def test_a_failure_that_was_told_is_not_told_again() -> None:
    with opened(CLIP, wire("r", Raises(at=0), image="v"), outputs=["r"]) as run:
        with pytest.raises(RunError, match="failed at frame 0"):
            next(run["r"])
        with pytest.raises(RunError, match="failed at frame 0"):
            run.wait()


def test_a_failure_that_no_reader_heard_of_is_told_at_the_end() -> None:
    nodes = (CLIP, wire("out", Collect(bad="close"), image="v"))
    with pytest.raises(RunError, match="sink 'out' failed while it was closed"):  # noqa: SIM117 what is read is apart
        with opened(*nodes, outputs=["v"]) as run:
            for frame in run["v"]:
                if frame.index == 59:
                    break
            run.wait()


@threaded
def test_a_source_that_breaks_gives_its_frames_and_then_the_error(threads: int) -> None:
    clip = wire("v", Literals(values=VALUES, break_at=20))
    found: list[int] = []
    with (
        pytest.raises(RunError, match="the medium broke"),
        opened(clip, outputs=["v"], threads=threads) as run,
    ):
        for frame in run["v"]:
            found.append(frame.index)
    assert found == list(range(20))


def test_a_cancelled_run_tells_its_reader() -> None:
    with opened(CLIP, OUT, outputs=["v"]) as run:
        frames = run["v"]
        next(frames)
        run.control.cancel()
        with pytest.raises(Interrupted, match="interrupted at frame"):
            list(frames)


def test_a_closed_run_says_so_and_may_be_closed_again() -> None:
    with opened(CLIP, outputs=["v"]) as run:
        frames = run["v"]
        next(frames)
    run.close()
    with pytest.raises(GraphError, match="the run was closed"):
        next(frames)
    with pytest.raises(GraphError, match="the run was closed"):
        run.start()


def test_a_finished_stream_stays_finished() -> None:
    with opened(CLIP, outputs=["v"]) as run:
        frames = run["v"]
        assert first_samples(frames) == list(VALUES)
        assert list(frames) == []
    assert list(frames) == []


def test_a_run_that_never_began_leaves_no_trace() -> None:
    with opened(CLIP, OUT, outputs=["v"]):
        pass
    assert (engine_threads(), COLLECTED) == ([], {})


def test_a_run_without_outputs_is_waited_for() -> None:
    with opened(CLIP, OUT) as run:
        assert run.wait().frames == 60
    assert values() == list(VALUES)


def graph() -> Graph:
    return loads(
        "flowgraph: 1\nparams:\n  output: {type: path}\n"
        "nodes:\n  v: {type: testsrc, size: 64x48, length: 200}\n"
        "  out: {type: sink, in: v, path: $output, codec: ffv1}\n",
        "small.yaml",
    )


def test_an_output_file_is_kept_as_partial_and_no_descriptor_stays_open(tmp_path: Path) -> None:
    before = descriptors()
    with graph().open({"output": str(tmp_path / "a.mkv")}, outputs=["v"]) as run:
        for frame in run["v"]:
            if frame.index == 100:
                break
    assert [path.name for path in tmp_path.iterdir()] == ["a.partial.mkv"]
    with av.open(str(tmp_path / "a.partial.mkv")) as file:
        assert len(list(file.decode(video=0))) >= 50
    assert descriptors() == before


def test_an_output_file_is_complete_when_the_block_is_left_at_the_end(tmp_path: Path) -> None:
    with graph().open({"output": str(tmp_path / "a.mkv")}, outputs=["v"]) as run:
        assert sum(1 for _ in run["v"]) == 200
    assert [path.name for path in tmp_path.iterdir()] == ["a.mkv"]


PROGRAM = """
from pathlib import Path
import flowgraph
graph = flowgraph.load(Path("small.yaml"))
frames = graph.open({"output": "a.mkv"}, outputs=["v"])["v"]
for _ in range(20):
    next(frames)
"""


def test_a_program_that_ends_in_mid_stream_leaves_a_file_that_plays(tmp_path: Path) -> None:
    """Nobody closes anything: the interpreter's end does."""
    (tmp_path / "small.yaml").write_text(
        "flowgraph: 1\nparams:\n  output: {type: path}\n"
        "nodes:\n  v: {type: testsrc, size: 64x48, length: 5000}\n"
        "  out: {type: sink, in: v, path: $output, codec: ffv1}\n"
    )
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    with av.open(str(tmp_path / "a.partial.mkv")) as file:
        assert len(list(file.decode(video=0))) >= 10
