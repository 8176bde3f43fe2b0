"""The benchmark against FFmpeg runs, and what is timed there is right."""

from __future__ import annotations

import pytest
from compare_with_ffmpeg import main


def test_the_benchmark_runs_and_what_it_times_is_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--size", "64x48", "--frames", "10", "--pairs", "1"]) == 0
    printed = capsys.readouterr().out
    assert "bare decode" in printed
    assert "FAIL" not in printed
