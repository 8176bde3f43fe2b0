"""Standard output as one end of a pipe."""

from __future__ import annotations

import subprocess
import sys


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
