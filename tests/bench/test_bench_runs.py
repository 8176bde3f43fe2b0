"""The benchmarks run, and what is timed is right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from bench_cases import CASES
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


def test_a_script_takes_more_memory_for_a_longer_clip_for_its_list_alone() -> None:
    # In a process of its own: what is started by a large one counts that one's memory as its own peak.
    story = [
        sys.executable,
        str(Path(__file__).with_name("memory_story.py")),
        "--size",
        "640x360",
        "--frames",
        "30",
        "motion_mix",
    ]
    ran = subprocess.run(story, capture_output=True, text=True, check=True)
    cells = ran.stdout.splitlines()[-1].split("|")[2:5]
    printed, forgetting, ours = ([int(part.replace(",", "")) for part in cell.split("/")] for cell in cells)
    # In MiB, half of what ninety frames take.
    listed = 90 * 640 * 360 * 3 // 2 >> 20
    assert printed[1] - printed[0] > listed
    assert forgetting[1] - forgetting[0] < listed
    assert ours[1] - ours[0] < listed


def test_an_unknown_name_is_refused_and_the_names_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "warp"]) == 2
    assert capsys.readouterr().out.startswith("no case is called warp; there are ffmpeg-null, ")
