"""A small drawn clip, and a caller of the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_plans import Call

from flowgraph.cli.main import main


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty frames of 64x48."""
    path = tmp_path_factory.mktemp("cli") / "clip.mkv"
    given = ("-p", "size=64x48", "-p", "length=20", "--set", "out.codec=ffv1")
    assert main(["run", "make_clip", "-o", str(path), "-q", *given]) == 0
    return path


@pytest.fixture
def folder(tmp_path: Path, drawn: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory that holds the clip as clip.mkv."""
    (tmp_path / "clip.mkv").write_bytes(drawn.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def call(capfd: pytest.CaptureFixture[str]) -> Call:
    """Run one command line: its exit status, what it printed, and what it said on standard error."""

    def run(*args: str) -> tuple[int, str, str]:
        status = main(args)
        printed = capfd.readouterr()
        return status, printed.out, printed.err

    return run
