"""Memory as the system counts it: within what the plan says, and the same for a longer clip."""

from __future__ import annotations

from pathlib import Path

import pytest
from memory_runs import GRAPHS, MOST_GROWTH, SLACK, draw, run

SIZE = "256x192"
KEYFRAME_EVERY = 10
# Longer than any encoder here looks ahead.
SHORT = 60


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A clip, and one ten times as long."""
    folder = tmp_path_factory.mktemp("clips")
    return (
        draw(folder / "short.mp4", SIZE, SHORT, KEYFRAME_EVERY),
        draw(folder / "long.mp4", SIZE, 10 * SHORT, KEYFRAME_EVERY),
    )


@pytest.mark.parametrize("name", GRAPHS)
def test_a_run_keeps_within_its_plan_and_ten_times_the_length_takes_no_more(
    name: str, clips: tuple[Path, Path], tmp_path: Path
) -> None:
    short = run(name, clips[0], tmp_path / "short", SHORT, SIZE)
    long = run(name, clips[1], tmp_path / "long", 10 * SHORT, SIZE)
    assert long.frames == 10 * short.frames
    for measured in (short, long):
        assert measured.pool <= measured.bound
        assert measured.used - measured.code <= measured.bound + measured.codecs
    assert long.peak <= short.peak * MOST_GROWTH + SLACK


def test_a_history_shows_in_the_measured_memory(clips: tuple[Path, Path], tmp_path: Path) -> None:
    few = run("motion_glow", clips[0], tmp_path / "few", SHORT, SIZE, **{"past.frames": 1})
    many = run("motion_glow", clips[0], tmp_path / "many", SHORT, SIZE, **{"past.frames": 50})
    held = 49 * 256 * 192 * 3
    assert many.bound - few.bound > 0.9 * held
    assert many.peak - few.peak > 0.9 * held - SLACK
