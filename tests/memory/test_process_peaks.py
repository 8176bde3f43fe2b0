"""Memory as the system counts it doesn't grow with a clip's length.

What a process holds differs a little from run to run; sweep.py measures it to the percent and against the
bound. Here the margin is too wide to fail by chance, and half of what it would take to keep every frame.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from memory_runs import GRAPHS, draw, run

SIZE = "256x192"
KEYFRAME_EVERY = 10
# Longer than any encoder here looks ahead.
SHORT = 60
LONG = 6 * SHORT
CHANCE_BYTES = 24 << 20
FRAME_BYTES = 256 * 192 * 3


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A clip, and one six times as long."""
    folder = tmp_path_factory.mktemp("clips")
    return (
        draw(folder / "short.mp4", SIZE, SHORT, KEYFRAME_EVERY),
        draw(folder / "long.mp4", SIZE, LONG, KEYFRAME_EVERY),
    )


@pytest.mark.parametrize("name", GRAPHS)
def test_a_longer_clip_takes_no_more(name: str, clips: tuple[Path, Path], tmp_path: Path) -> None:
    short = run(name, clips[0], tmp_path / "short", SHORT, SIZE)
    long = run(name, clips[1], tmp_path / "long", LONG, SIZE)
    assert short.pool <= short.bound
    assert long.pool <= long.bound
    assert long.bound == short.bound
    assert long.peak - short.peak <= CHANCE_BYTES < (LONG - SHORT) * FRAME_BYTES


def test_a_history_shows_in_the_measured_memory(clips: tuple[Path, Path], tmp_path: Path) -> None:
    few = run("motion_glow", clips[0], tmp_path / "few", SHORT, SIZE, **{"past.frames": 1})
    many = run("motion_glow", clips[0], tmp_path / "many", SHORT, SIZE, **{"past.frames": 50})
    held = 49 * FRAME_BYTES
    assert many.bound - few.bound > 0.9 * held
    assert many.peak - few.peak > held / 2
