"""Runs from the command line: outputs, what is said about them, interruption."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import av
import cv2
import pytest
from cli_plans import Call

from flowgraph.cli.commands.run import node_table
from flowgraph.cli.progress import progress_bar, status
from flowgraph.session import NodeStats, Progress, Report

FLOWGRAPH = [sys.executable, "-m", "flowgraph"]


def frames_of(path: Path) -> int:
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


@pytest.mark.usefixtures("folder")
def test_a_run_writes_the_video_and_says_what_it_wrote(call: Call) -> None:
    code, out, err = call("run", "motion_glow", "-i", "clip.mkv", "-o", "glow.mkv", "-p", "lag=2")
    assert (code, out) == (0, "")
    assert frames_of(Path("glow.mkv")) == 20
    lines = err.splitlines()
    assert "glow.mkv" in lines[0] and "20 frames" in lines[0]
    assert re.fullmatch(r"20 frames in .* s \(.* frames/s\), .* of at most .* used", lines[-1])


@pytest.mark.usefixtures("folder")
def test_a_quiet_run_says_nothing(call: Call) -> None:
    assert call("run", "motion_glow", "-i", "clip.mkv", "-o", "null", "-q") == (0, "", "")


@pytest.mark.usefixtures("folder")
def test_a_verbose_run_prints_the_plan_and_the_time_per_node(call: Call) -> None:
    code, out, err = call("run", "motion_glow", "-i", "clip.mkv", "-o", "null", "-v")
    assert (code, out) == (0, "")
    assert "memory: the most that frames" in err
    assert any(line.split()[:2] == ["node", "type"] for line in err.splitlines())


@pytest.mark.usefixtures("folder")
def test_limits_and_overrides_reach_the_nodes(call: Call) -> None:
    given = ("--frames", "5", "--from", "0:00.2", "--set", "out.codec=ffv1", "--threads", "1")
    code, _, _ = call("run", "motion_glow", "-i", "clip.mkv", "-o", "glow.mkv", *given)
    assert code == 0
    with av.open("glow.mkv") as container:
        assert container.streams.video[0].codec_context.name == "ffv1"
    assert frames_of(Path("glow.mkv")) == 5


MIXER = ("run", "mixer", "-i", "clip.mkv", "-p", "input2=clip.mkv")


@pytest.mark.usefixtures("folder")
def test_a_live_parameter_changes_from_its_frame_on(call: Call) -> None:
    for name, *given in (
        ("label.mkv", "--set-at", "5:inset.alpha=0.5", "--set-at", "7:inset.alpha=1"),
        ("plain.mkv",),
    ):
        code, _, _ = call(*MIXER, "-o", name, "--set", "out.codec=ffv1", *given)
        assert code == 0
    changed, plain = (
        [frame.to_ndarray() for frame in av.open(name).decode(video=0)] for name in ("label.mkv", "plain.mkv")
    )
    unlike = [k for k, (a, b) in enumerate(zip(changed, plain, strict=True)) if (a != b).any()]
    assert unlike == [5, 6]


@pytest.mark.usefixtures("folder")
def test_a_change_may_carry_a_unit(call: Call) -> None:
    Path("mask.yaml").write_text(
        "flowgraph: 1\nnodes:\n  video: {type: source, path: clip.mkv}\n"
        "  mask: {type: threshold, in: video}\n  out: {type: sink, in: mask, path: 'null'}\n"
    )
    code, _, err = call("run", "mask.yaml", "--set-at", "2:mask.level=30%")
    assert code == 0, err


@pytest.mark.usefixtures("folder")
def test_a_change_that_never_came_is_told(call: Call) -> None:
    code, _, err = call(*MIXER, "-o", "null", "--set-at", "99:scene.choice=2", "--set-at", "3:scene.choice=2")
    assert code == 0
    assert "note: scene.choice did not change: frame 99 never came" in err
    assert "frame 3 never came" not in err


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("3:scen.choice=2", "did you mean 'scene'"),
        ("3:scene.choice=3", "choice is 1..2"),
        ("3:scene.fade=3", "'fade' can't change during a run; live parameters: choice"),
        ("scene.choice=3", "INDEX:NODE.PARAM=VALUE"),
    ],
)
def test_a_wrong_change_is_refused_before_anything_is_written(call: Call, given: str, told: str) -> None:
    code, _, err = call(*MIXER, "-o", "mixed.mkv", "--set-at", given)
    assert code == 2
    assert told in err
    assert not Path("mixed.mkv").exists()


@pytest.mark.usefixtures("folder")
def test_nothing_but_y4m_goes_to_standard_output() -> None:
    done = subprocess.run(
        [*FLOWGRAPH, "run", "motion_glow", "-i", "clip.mkv", "-o", "-", "-v"], capture_output=True, check=True
    )
    head, _, body = done.stdout.partition(b"\n")
    assert head.startswith(b"YUV4MPEG2 W64 H48 ")
    assert len(body) == 20 * (len(b"FRAME\n") + 64 * 48 * 3 // 2)
    assert b"20 frames in" in done.stderr


@pytest.mark.usefixtures("folder")
def test_a_dry_run_prints_the_plan_and_writes_nothing(call: Call) -> None:
    code, out, _ = call("run", "motion_glow", "-i", "clip.mkv", "-o", "glow.mkv", "--dry-run")
    assert code == 0 and out.startswith("Motion glow\n1 pass, ")
    assert not Path("glow.mkv").exists()


@pytest.mark.usefixtures("folder")
def test_the_plan_is_there_for_people_and_for_programs(call: Call) -> None:
    code, out, _ = call("plan", "average_image", "-i", "clip.mkv", "--json")
    assert code == 0
    assert json.loads(out)["sources"]["video"]["frames"] == 20
    assert call("plan", "average_image", "-i", "clip.mkv")[1].startswith("Average image\n")


@pytest.mark.usefixtures("folder")
def test_one_frame_of_one_node_becomes_a_picture(call: Call) -> None:
    code, _, err = call(
        "frame", "motion_glow", "-i", "clip.mkv", "--node", "glow", "--at", "7", "-o", "f.png"
    )
    assert code == 0 and err.startswith("f.png: frame 7 of 'glow' at 0.280 s")
    picture = cv2.imread("f.png")
    assert picture is not None and picture.shape == (48, 64, 3)


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--node", "glwo", "-o", "f.png"), "did you mean 'glow'"),
        (("--node", "glow", "--at", "20", "-o", "f.png"), "no frame 20"),
        (("--node", "glow", "-o", "f.what"), "no image format is known by '.what'"),
        (("--node", "glow", "-o", "f"), "no image format is known by ''"),
    ],
)
def test_a_frame_that_can_not_be_made_is_refused(given: tuple[str, ...], message: str, call: Call) -> None:
    code, _, err = call("frame", "motion_glow", "-i", "clip.mkv", *given)
    assert code == 2 and message in err and "Traceback" not in err


@pytest.mark.usefixtures("folder")
def test_a_bench_gives_speed_time_per_node_and_memory(call: Call) -> None:
    code, out, err = call("bench", "motion_glow", "-i", "clip.mkv", "--repeat", "2")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert re.match(r"motion_glow: .* frames/s; 20 frames, runs of .* s, .* s$", lines[0])
    assert lines[1].split() == ["node", "type", "frames", "ms/frame", "share", "memory"]
    assert sum(line.startswith("  shared: ") for line in lines) >= 3
    assert lines[-3].startswith("frames in the pool: ")
    assert lines[-1] == "nothing was encoded: -o FILE measures that too"
    assert not Path("motion_glow.mp4").exists()


@pytest.mark.usefixtures("folder")
def test_the_memory_of_nodes_adds_up_to_the_bound_and_none_that_holds_a_frame_has_none(call: Call) -> None:
    _, out, _ = call("bench", "motion_glow", "-i", "clip.mkv", "--repeat", "1", "--threads", "2")
    rows = [line.split() for line in out.splitlines()[2:11]]
    unit = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}
    taken = {row[0]: 0.0 if row[-1] == "-" else float(row[-2]) * unit[row[-1]] for row in rows}
    assert {name for name, nbytes in taken.items() if not nbytes} == {"past"}  # it only passes frames on
    bound = re.search(r"^at most (.*) (.*): the column memory$", out, re.MULTILINE)
    assert bound is not None
    assert sum(taken.values()) == pytest.approx(float(bound[1]) * unit[bound[2]], rel=0.05)


@pytest.mark.usefixtures("folder")
def test_a_drawing_of_a_real_plan_has_formats(call: Call) -> None:
    code, out, _ = call("show", "motion_glow", "-i", "clip.mkv", "-o", "-", "--format", "mermaid")
    assert code == 0 and "bgr24 64x48" in out


@pytest.mark.usefixtures("folder")
def test_a_drawing_without_its_video_shows_the_graph_as_written(call: Call) -> None:
    code, _, err = call("show", "motion_glow", "-o", "glow.svg")
    assert code == 0
    assert err.splitlines()[0] == "drawn as written: without 'input' formats and bytes are not known"
    assert "</svg>" in Path("glow.svg").read_text()


@pytest.mark.usefixtures("folder")
def test_the_template_runs_as_it_is(call: Call) -> None:
    assert call("new", "mine.yaml")[0] == 0
    given = ("-o", "null", "--set", "video.size=64x48", "--frames", "5")
    assert call("run", "mine.yaml", *given)[0] == 0


ENDLESS = """
flowgraph: 1
nodes:
  video: {type: testsrc, size: 320x240, length: 100000}
  file: {type: sink, in: video, path: film.mp4}
  pipe: {type: sink, in: video, path: "-"}
"""


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_keeps_a_playable_partial_file(number: signal.Signals) -> None:
    Path("endless.yaml").write_text(ENDLESS)
    process = subprocess.Popen(
        [*FLOWGRAPH, "run", "endless.yaml"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None
        # So many bytes of the pipe say that some frames went into the file as well.
        process.stdout.read(40 * 320 * 240 * 3 // 2)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"film.partial.mp4" in err and b"Traceback" not in err
    assert not Path("film.mp4").exists()
    assert frames_of(Path("film.partial.mp4")) > 10


@pytest.mark.usefixtures("folder")
def test_a_watched_graph_runs_again_when_it_is_saved() -> None:
    text = "flowgraph: 1\nnodes:\n  video: {type: testsrc, size: 64x48, length: %d}\n"
    sink = "  out: {type: sink, in: video, path: 'null'}\n"
    graph = Path("watched.yaml")
    graph.write_text(text % 3 + sink)
    process = subprocess.Popen(
        [*FLOWGRAPH, "run", "watched.yaml", "--watch"], stderr=subprocess.PIPE, text=True
    )
    said: list[str] = []

    def read_until(start: str) -> str:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if line.startswith(start):
                return line
        raise AssertionError("".join(said))

    with process:
        guard = threading.Timer(60, process.kill)
        guard.start()
        read_until("3 frames in ")
        read_until("waiting for ")
        graph.write_text(text % 11)
        assert "no sink" in read_until("watched.yaml:")
        read_until("waiting for ")
        graph.write_text(text % 12 + sink)
        read_until("12 frames in ")
        read_until("waiting for ")
        process.send_signal(signal.SIGINT)
        process.wait()
        guard.cancel()
    assert process.returncode == 130
    assert "Traceback" not in "".join(said)


def test_the_bar_tells_frames_rate_time_left_and_memory() -> None:
    made = Progress(0, 1, 250, 1000, 10.0, 3 << 20)
    assert status(made, 12 << 20) == "250 of 1,000 frames  25 frames/s  30.0 s left  3.0 MiB of 12.0 MiB"
    unknown = Progress(0, 1, 30, None, 10.0, 0)
    assert status(unknown, 1024) == "30 frames  3 frames/s  0 B of 1.0 KiB"


def test_there_is_no_bar_where_standard_error_is_no_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_bar(1024, quiet=False) as show:
        assert show is None
    assert capfd.readouterr().err == ""


def test_the_node_table_names_the_slowest_first() -> None:
    nodes = (NodeStats("a", "blur", 10, 0.1, 0), NodeStats("b", "mix", 10, 0.3, 2048))
    report = Report(10, 0.5, nodes, 0, 0, (), ())
    assert [line.split() for line in node_table(report)[1:]] == [
        ["b", "mix", "10", "30.00", "75%", "2.0", "KiB"],
        ["a", "blur", "10", "10.00", "25%", "-"],
    ]
