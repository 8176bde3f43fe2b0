"""Standard output as one end of a pipe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np


def test_a_reader_that_has_seen_enough_ends_the_run_without_an_error() -> None:
    command = [sys.executable, "-m", "flowgraph", "run", "make_clip", "-o", "-", "-p", "length=2000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.read(100).startswith(b"YUV4MPEG2 W640 H360")
        running.stdout.close()
        said = running.stderr.read().decode()
        assert running.wait(60) == 0
    assert "Broken pipe" not in said
    assert "Traceback" not in said


def test_raw_pictures_go_in_and_out(tmp_path: Path) -> None:
    pictures = np.random.default_rng(1).integers(0, 256, (5, 11, 17, 3), np.uint8).tobytes()
    graph = tmp_path / "copy.yaml"
    graph.write_text(
        "flowgraph: 1\nnodes:\n"
        "  video: {type: source, path: '-', raw: bgr24 17x11, rate: 10}\n"
        "  up: {type: flip, in: video, direction: vertical}\n"
        "  out: {type: sink, in: up, path: '-', codec: rawvideo, pixel_format: bgr24}\n"
    )
    command = [sys.executable, "-m", "flowgraph", "run", str(graph)]
    ran = subprocess.run(command, input=pictures, capture_output=True, check=True)
    given = np.frombuffer(pictures, np.uint8).reshape(5, 11, 17, 3)
    assert ran.stdout == given[:, ::-1].tobytes()
    assert b"5 frames" in ran.stderr


def test_ffmpeg_on_both_sides_of_a_pipe(tmp_path: Path) -> None:
    make = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=64x48:rate=10:duration=2"]
    made = subprocess.run(
        [*make, "-f", "yuv4mpegpipe", "-pix_fmt", "yuv420p", "-"], capture_output=True, check=True
    )
    run = [sys.executable, "-m", "flowgraph", "run", "motion_mix", "-i", "-", "-o", "-"]
    ran = subprocess.run(run, input=made.stdout, capture_output=True, check=True)
    count = ["ffmpeg", "-v", "error", "-i", "-", "-f", "framehash", "-"]
    read = subprocess.run(count, input=ran.stdout, capture_output=True, check=True, text=False)
    assert sum(not line.startswith(b"#") for line in read.stdout.splitlines()) == 20


def test_raw_pictures_of_unknown_layout_are_refused_with_what_would_help(tmp_path: Path) -> None:
    (tmp_path / "a.raw").write_bytes(bytes(64 * 48 * 3))
    command = [sys.executable, "-m", "flowgraph", "run", "motion_mix", "-i", "a.raw", "-o", "null"]
    ran = subprocess.run(command, capture_output=True, cwd=tmp_path, text=True)
    assert ran.returncode == 2
    assert "raw: bgr24 640x360" in ran.stderr
    for wrong, said in (("bgr25 64x48", "no pixel format 'bgr25'"), ("64x48", "write bgr24 640x360")):
        ran = subprocess.run(
            [*command, "--set", f"video.raw={wrong}"], capture_output=True, cwd=tmp_path, text=True
        )
        assert ran.returncode == 2
        assert said in ran.stderr
