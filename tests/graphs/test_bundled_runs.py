"""Every bundled graph gives the same bits on any number of threads, in bounded memory at any length."""

from __future__ import annotations

from pathlib import Path

import pytest
from bundled_runs import DRAWN, GRAPHS, run

from flowgraph.session import Options

READING = [name for name in GRAPHS if name not in DRAWN]


@pytest.mark.parametrize("name", GRAPHS)
def test_one_thread_or_many_give_the_same_bits(name: str, clip: Path, tmp_path: Path) -> None:
    serial = run(name, clip, tmp_path / "serial", Options(threads=1))
    assert serial.pictures
    for threads in (2, 4):
        threaded = run(name, clip, tmp_path / f"threads-{threads}", Options(threads=threads))
        assert threaded.pictures == serial.pictures


@pytest.mark.parametrize("name", GRAPHS)
def test_a_small_memory_limit_gives_the_same_bits(name: str, clip: Path, tmp_path: Path) -> None:
    ample = run(name, clip, tmp_path / "ample", Options(threads=4))
    least = run(name, clip, tmp_path / "least", Options(threads=1)).report.bound_bytes
    tight = run(name, clip, tmp_path / "tight", Options(threads=4, max_memory=least))
    assert tight.report.bound_bytes <= least
    assert tight.pictures == ample.pictures


@pytest.mark.parametrize("name", GRAPHS)
def test_the_pool_stays_within_the_bound(name: str, clip: Path, tmp_path: Path) -> None:
    for threads in (1, 4):
        report = run(name, clip, tmp_path / f"threads-{threads}", Options(threads=threads)).report
        assert report.peak_pool_bytes <= report.bound_bytes


@pytest.mark.parametrize("name", READING)
def test_a_clip_ten_times_as_long_takes_no_more_memory(
    name: str, clip: Path, long_clip: Path, tmp_path: Path
) -> None:
    short = run(name, clip, tmp_path / "short", Options(threads=1)).report
    long = run(name, long_clip, tmp_path / "long", Options(threads=1)).report
    assert long.frames > 5 * short.frames
    assert long.bound_bytes == short.bound_bytes
    assert long.peak_pool_bytes <= short.bound_bytes


@pytest.mark.parametrize("name", DRAWN)
def test_a_drawing_ten_times_as_long_takes_no_more_memory(name: str, clip: Path, tmp_path: Path) -> None:
    short, long = (
        run(name, clip, tmp_path / str(length), Options(threads=1), length=length).report
        for length in (12, 120)
    )
    assert (short.frames, long.frames) == (12, 120)
    assert long.bound_bytes == short.bound_bytes
    assert long.peak_pool_bytes <= short.bound_bytes
