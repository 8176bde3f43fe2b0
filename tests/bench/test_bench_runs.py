"""The benchmarks run, and what is timed is right."""

from __future__ import annotations

from pathlib import Path

import memory_story
import pytest
from bench_cases import CASES
from bench_clips import draw
from bench_measures import MEASURES
from bench_peers import HERE
from suite import QUALITY, main

APART = ("moviepy", "toolbox", "vapoursynth")
"""Peers that need an environment of their own."""
RACES = [*dict.fromkeys(case.name for case in CASES)]


def tiny(names: list[str], cache: Path) -> int:
    only = [word for name in names for word in ("--only", name)]
    return main(["--tiny", "--pairs", "1", "--no-install", "--cache", str(cache), *only])


# On smaller pictures outlines are everywhere, and there the quick way to RGB is not good enough.
@pytest.mark.parametrize("names", [[QUALITY], [*MEASURES], RACES[:1], RACES[1:3], RACES[3:]])
def test_every_benchmark_runs_and_what_it_times_is_right(
    names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert tiny(names, tmp_path) == 0
    printed = capsys.readouterr().out
    assert "FAIL" not in printed
    cases = [case for case in CASES if case.name in names]
    assert {case.section for case in cases if case.peer not in APART and case.section not in printed} == set()
    assert {peer for peer in APART if f"Not measured: {peer}, because" not in printed} == (
        {*APART} - {case.peer for case in cases}
    )


def test_every_script_of_a_peer_is_in_the_table() -> None:
    commands = " ".join(f"{case.ours} {case.theirs}" for case in CASES)
    assert [path.name for path in sorted(HERE.iterdir()) if path.name not in commands] == []


def test_a_script_takes_more_memory_for_a_longer_clip_for_its_list_alone(tmp_path: Path) -> None:
    lengths = (20, 120)
    clips = [draw(tmp_path / f"{length}.mp4", "640x360", length) for length in lengths]
    row = memory_story.measured("motion_mix", clips)
    # Half of what a hundred frames take.
    listed = 100 * 640 * 360 * 3 // 2
    assert row.printed[1] - row.printed[0] > listed
    assert row.forgetting[1] - row.forgetting[0] < listed
    assert row.ours[1] - row.ours[0] < listed


def test_an_unknown_name_is_refused_and_the_names_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "warp"]) == 2
    assert capsys.readouterr().out.startswith("no case is called warp; there are ffmpeg-null, ")
