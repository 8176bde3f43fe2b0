"""Wrong graphs and calls: one located message that a person can act on, the right status, no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cli_plans import Call

HEAD = "flowgraph: 1\nparams:\n  input: {type: path}\nnodes:\n  video: {type: source, path: $input}\n"
OUT = "  out: {type: sink, in: a, path: 'null'}\n"
"""Line 7 of a graph whose line 6 is node `a`."""

GRAPHS = {
    "a typo in a node": ("  a: {type: blur, in: vidoe}\n" + OUT, "g.yaml:6:23: ", "did you mean 'video'"),
    "a typo in a type": ("  a: {type: blurr, in: video}\n" + OUT, "g.yaml:6:13: ", "did you mean 'blur'"),
    "a typo in a parameter": (
        "  a: {type: blur, in: video, sigmma: 3}\n" + OUT,
        "g.yaml:6:30: ",
        "did you mean 'sigma'",
    ),
    "a value of the wrong type": (
        "  a: {type: blur, in: video, sigma: wide}\n" + OUT,
        "g.yaml:6:37: ",
        "it takes: number",
    ),
    "a value out of bounds": (
        "  a: {type: blur, in: video, sigma: -3}\n" + OUT,
        "g.yaml:6:37: ",
        "can't be -3",
    ),
    "a word that is no choice": (
        "  a: {type: blend, in: [video, video], mode: ad}\n" + OUT,
        "g.yaml:6:46: ",
        "can't be 'ad'",
    ),
    "a cycle": (
        "  a: {type: mix, in: [video, b]}\n  b: {type: invert, in: a}\n" + OUT,
        "g.yaml:6:3: ",
        "a -> b -> a",
    ),
    "an input that reads nothing": ("  a: {type: blur}\n" + OUT, "g.yaml:6:3: ", "write 'in: NODE'"),
    "no sink": ("  a: {type: blur, in: video}\n", "g.yaml:1:1: ", "no sink"),
    "an unknown output": ("  a: {type: blur, in: video.mask}\n" + OUT, "g.yaml:6:23: ", "no output 'mask'"),
    "an unknown input": (
        "  a: {type: blend, in: {topp: video, bottom: video}}\n" + OUT,
        "g.yaml:6:25: ",
        "did you mean 'top'",
    ),
    "pictures of two sizes": (
        "  a: {type: mix, in: [video, small]}\n"
        + OUT
        + "  small: {type: resize, in: video, width: 32, height: 24}\n",
        "g.yaml:6:3: ",
        "64x48",
    ),
    "streams on two clocks": (
        "  a: {type: mix, in: [video, half]}\n" + OUT + "  half: {type: every, in: video, n: 2}\n",
        "g.yaml:6:3: ",
        "type: hold",
    ),
    "two sources without align": (
        "  a: {type: mix, in: [video, other]}\n" + OUT + "  other: {type: testsrc, size: 64x48}\n",
        "g.yaml:6:3: ",
        "type: align",
    ),
    "a box outside of the picture": (
        "  a: {type: crop, in: video, x: 100, width: 10, height: 10}\n" + OUT,
        "g.yaml:6:3: ",
        "64x48",
    ),
    "weights that sum to zero": (
        "  a: {type: tmix, in: video, frames: 3, weights: [-1, 0, 1]}\n" + OUT,
        "g.yaml:6:",
        "scale",
    ),
    "an unknown key": (
        "  a: {type: blur, in: video}\n" + OUT + "nodse: {}\n",
        "g.yaml:8:1: ",
        "did you mean 'nodes'",
    ),
    "a key given twice": ("  a: {type: blur, in: video}\n" + OUT + OUT, "g.yaml:8:3: ", "line 7"),
    "a tab in the indentation": (
        "\ta: {type: blur, in: video}\n" + OUT,
        "g.yaml:6:1: ",
        "indent with spaces",
    ),
    "a bracket that is never closed": ("  a: {type: blur, in: video\n" + OUT, "g.yaml:6:6: ", "never closed"),
    "an unknown parameter of the graph": (
        "  a: {type: blur, in: video, sigma: $sigma}\n" + OUT,
        "g.yaml:6:37: ",
        "the parameters are: input",
    ),
    "an output without a folder": (
        "  out: {type: sink, in: video, path: nowhere/a.mp4}\n",
        "g.yaml:6:3: ",
        "there is no folder nowhere",
    ),
    "an output of no known kind": ("  out: {type: sink, in: video, path: a.xyz}\n", "g.yaml:6:3: ", "'.xyz'"),
    "a codec that isn't known": (
        "  out: {type: sink, in: video, path: a.mkv, codec: ffv2}\n",
        "g.yaml:6:52: ",
        "did you mean 'ffv1'",
    ),
    "an output that is the input": (
        "  out: {type: sink, in: video, path: clip.mkv}\n",
        "g.yaml:6:3: ",
        "which source 'video' reads",
    ),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.usefixtures("folder")
def test_a_wrong_graph_is_refused_where_it_is_wrong(name: str, call: Call) -> None:
    nodes, place, right = GRAPHS[name]
    Path("g.yaml").write_text(HEAD + nodes)
    status, out, err = call("run", "g.yaml", "-i", "clip.mkv")
    assert (status, out) == (2, ""), err
    assert err.startswith(place)
    assert right in err
    assert "Traceback" not in err and len(err.splitlines()) <= 3


CALLS = {
    "no such bundled graph": (("motion_blom",), "did you mean 'motion_bloom'"),
    "no such file": (("motion_glow", "-i", "clop.mkv"), "clop.mkv"),
    "not a video": (("motion_glow", "-i", "text.mp4"), "text.mp4 is not a video"),
    "a folder": (("motion_glow", "-i", "."), "is a folder"),
    "no input": (("motion_glow",), "give it as -i FILE"),
    "an unknown parameter": (("motion_glow", "-i", "clip.mkv", "-p", "lga=3"), "did you mean 'lag'"),
    "a parameter of the wrong type": (("motion_glow", "-i", "clip.mkv", "-p", "lag=few"), "'lag'"),
    "a parameter out of bounds": (("motion_glow", "-i", "clip.mkv", "-p", "lag=0"), "at least 1"),
    "an input given twice": (("motion_glow", "-i", "clip.mkv", "-i", "b.mkv"), "is given twice"),
    "an override of no node": (
        ("motion_glow", "-i", "clip.mkv", "--set", "glwo.sigma=3"),
        "did you mean 'glow'",
    ),
    "an override of no parameter": (
        ("motion_glow", "-i", "clip.mkv", "--set", "glow.sgma=3"),
        "did you mean 'sigma'",
    ),
    "too little memory": (("motion_glow", "-i", "clip.mkv", "--max-memory", "10KiB"), "--max-memory"),
    "an end before the start": (
        ("motion_glow", "-i", "clip.mkv", "--from", "5", "--to", "2"),
        "--to 2 s is not after",
    ),
    "an output that exists": (
        ("motion_glow", "-i", "clip.mkv", "-o", "there.mkv", "--no-clobber"),
        "exists already",
    ),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.usefixtures("folder")
def test_a_wrong_call_is_refused(name: str, call: Call) -> None:
    args, right = CALLS[name]
    Path("text.mp4").write_text("this is no video\n" * 100)
    Path("there.mkv").write_text("precious")
    status, out, err = call("run", *args)
    assert (status, out) == (2, ""), err
    assert right in err
    assert "Traceback" not in err and len(err.splitlines()) <= 3
    assert Path("there.mkv").read_text() == "precious"


@pytest.mark.usefixtures("folder")
def test_a_truncated_video_gives_what_could_be_read_and_status_1(call: Call) -> None:
    whole = Path("clip.mkv").read_bytes()
    Path("cut.mkv").write_bytes(whole[: len(whole) // 2])
    status, _, err = call("run", "motion_glow", "-i", "cut.mkv", "-o", "a.mkv")
    assert status == 1
    assert "cut.mkv stops at 0:00" in err and "a.partial.mkv" in err
    assert Path("a.partial.mkv").exists() and not Path("a.mkv").exists()


@pytest.mark.usefixtures("folder")
def test_a_full_disk_is_a_failed_run_that_names_the_output() -> None:
    # A limit on the size of files stands for the full disk: no privileges are needed to set it.
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000));"
        "from flowgraph.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    args = ["run", "demo", "-o", "full.mkv", "-p", "size=64x48", "--set", "out.codec=ffv1"]
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "full.mkv can't be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not Path("full.mkv").exists()


@pytest.mark.usefixtures("folder")
def test_a_full_device_behind_standard_output_is_a_failed_run() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "flowgraph", "run", "motion_glow", "-i", "clip.mkv", "-o", "-"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_strict_check_takes_warnings_for_errors(folder: Path, call: Call) -> None:
    graph = HEAD + "  spare: {type: invert, in: video}\n  out: {type: sink, in: video, path: 'null'}\n"
    (folder / "g.yaml").write_text(graph)
    status, out, err = call("check", "g.yaml", "-i", "clip.mkv")
    assert status == 0 and out.startswith("g.yaml: good; 1 pass")
    assert err.startswith("warning: g.yaml:6:3: ") and "spare" in err
    assert call("check", "g.yaml", "-i", "clip.mkv", "--strict")[0] == 2
