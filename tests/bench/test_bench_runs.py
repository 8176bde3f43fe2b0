"""The benchmark against FFmpeg runs, and what is timed there is right."""

from __future__ import annotations

import pytest
from compare_with_ffmpeg import main


def test_the_benchmark_runs_and_what_it_times_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    # On smaller pictures outlines are everywhere, and there the quick way to RGB is not good enough.
    assert main(["--size", "640x360", "--frames", "10", "--pairs", "1"]) == 0
    printed = capsys.readouterr().out
    assert "bare decode" in printed
    assert "FAIL" not in printed
