"""Clips, comparisons, and the table of differences that is printed after the tests.

A test that puts bundled graphs into the table says so with the mark `compares`, and is held to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fidelity_clips import made_clips, rgb_clip, shared_clips
from fidelity_tools import Clip, Compare, Note, Pictures, Samples

_LINE = "{:<34} {:<11} {:<32} {:>4} {:>9} {:>6}"


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", "compares(*graphs): bundled graphs that the test has a row for")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Generator[None, None, None]:
    """Fail a test whose rows are not those of the graphs that it is marked with."""
    yield
    mark = item.get_closest_marker("compares")
    marked = set(mark.args if mark else ())
    if hasattr(item, "callspec") and "graph" in item.callspec.params:
        marked &= {item.callspec.params["graph"]}
    rows = [str(value) for name, value in item.user_properties if name == "fidelity"]
    compared = {match[0] for row in rows if (match := re.match(r"\w+", row))}
    assert compared == marked, "the mark `compares` names other graphs than the rows do"


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
        row = _LINE.format(effect, clip, reference, worst, f"{found:.1e}", f"{ratio:.1f}")
        record_property("fidelity", row)
        assert worst <= most, f"{where}: a sample is off by {worst}, allowed are {most}"
        assert found <= share, f"{where}: {found:.2e} of the samples differ, allowed are {share:.0e}"
        assert ratio >= psnr, f"{where}: {ratio:.1f} dB"

    return run


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Put a row into the table that is no difference of samples."""

    def run(effect: str, clip: str, reference: str, found: str) -> None:
        record_property("fidelity", f"{effect:<34} {clip:<11} {reference:<32} {found}")

    return run


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table."""
    rows = sorted(_rows(terminalreporter.stats))
    if rows:
        terminalreporter.section("fidelity")
        terminalreporter.line(_LINE.format("effect", "clip", "reference", "max", "share", "dB"))
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
