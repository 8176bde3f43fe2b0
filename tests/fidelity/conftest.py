"""Clips, comparisons, and the table of differences that is printed after the tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fidelity_clips import made_clips, rgb_clip, shared_clips
from fidelity_tools import Clip, Compare, Pictures, Samples


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[Clip]:
    """All clips to compare on."""
    return [*made_clips(tmp_path_factory.mktemp("clips")), *shared_clips()]


@pytest.fixture(scope="session")
def lossless(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clip, Pictures]:
    """A clip of RGB frames without loss, and those frames."""
    return rgb_clip(tmp_path_factory.mktemp("lossless"))


@pytest.fixture
def compare(record_property: Callable[[str, object], None]) -> Compare:
    """Compare samples with those of a reference, and put the difference into the table."""

    def run(
        effect: str,
        clip: str,
        reference: str,
        ours: Samples | Pictures,
        theirs: Samples | Pictures,
        *,
        most: int = 0,
        share: float = 0.0,
        beyond: int = 0,
        psnr: float = 0.0,
    ) -> None:
        """No sample differs by more than `most`, at most `share` of them by more than `beyond`."""
        where = f"{effect} on {clip} against {reference}"
        assert ours.shape == theirs.shape, f"{where}: {ours.shape} instead of {theirs.shape}"
        levels = np.abs(ours.astype(np.int16) - theirs).ravel()
        worst, found = int(levels.max()), float((levels > beyond).mean())
        square = float(np.square(levels.astype(np.float64)).mean())
        ratio = 10 * np.log10(255**2 / square) if square else np.inf
        row = f"{effect:<26} {clip:<13} {reference:<34} {worst:>4} {found:>9.1e} {ratio:>6.1f}"
        record_property("fidelity", row)
        assert worst <= most, f"{where}: a sample is off by {worst}, allowed are {most}"
        assert found <= share, f"{where}: {found:.2e} of the samples differ, allowed are {share:.0e}"
        assert ratio >= psnr, f"{where}: {ratio:.1f} dB"

    return run


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table."""
    rows = sorted(_rows(terminalreporter.stats))
    if rows:
        terminalreporter.section("fidelity")
        terminalreporter.line(
            f"{'effect':<26} {'clip':<13} {'reference':<34} {'max':>4} {'share':>9} {'dB':>6}"
        )
        for row in rows:
            terminalreporter.line(row)


def _rows(stats: dict[str, list[Any]]) -> Iterator[str]:
    for outcome in ("passed", "failed"):
        for report in stats.get(outcome, []):
            yield from (str(value) for name, value in report.user_properties if name == "fidelity")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
