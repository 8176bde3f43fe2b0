"""What errors print, and their exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from flowgraph.cli import problems
from flowgraph.errors import GraphError, Place, RunError

PLACE = Place("ghost.yaml", 19, 17, 5, "    in: [video, ghots]")


@pytest.fixture(autouse=True)
def _no_tracebacks_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(problems.TRACEBACK, raising=False)


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (
            GraphError("no node 'ghots'", place=PLACE, hint="did you mean 'ghost'?"),
            2,
            "ghost.yaml:19:17: no node 'ghots'\n"
            "    in: [video, ghots]\n                ^^^^^ did you mean 'ghost'?\n",
        ),
        (RunError("out.mp4: the disk is full"), 1, "out.mp4: the disk is full\n"),
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (
            FileNotFoundError(2, "No such file or directory", "a.yaml"),
            1,
            "a.yaml: no such file or directory\n",
        ),
        (
            MemoryError(),
            1,
            "this machine has not enough memory\n    --max-memory sets a bound that flowgraph keeps\n",
        ),
        (
            KeyError("x"),
            1,
            "this is a bug in flowgraph: KeyError: 'x'\n"
            "    FLOWGRAPH_TRACEBACK=1 (or -v) shows where; please report it\n",
        ),
    ],
)
def test_each_error_is_one_message_and_a_status(
    error: BaseException, status: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert problems.report(error, ["run"]) == status
    assert capsys.readouterr().err == text


def test_a_missing_system_library_is_named_with_its_packages(capsys: pytest.CaptureFixture[str]) -> None:
    error = ImportError("libGL.so.1: cannot open shared object file: No such file or directory")
    assert problems.report(error, []) == 1
    assert capsys.readouterr().err == (
        "the system library libGL.so.1 is missing\n"
        "    on Debian and Ubuntu: apt-get install libgl1 libglib2.0-0; "
        "on Fedora: dnf install mesa-libGL glib2\n"
    )


def test_an_import_error_of_another_kind_is_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    assert problems.report(ImportError("cannot import name 'x'"), []) == 1
    assert "this is a bug" in capsys.readouterr().err


@pytest.mark.parametrize("args", [["-v", "run"], ["run", "--verbose"]])
def test_verbose_shows_the_traceback(args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    problems.report(KeyError("x"), args)
    assert "KeyError: 'x'" in capsys.readouterr().err.splitlines()[0]


def test_verbose_shows_no_traceback_of_an_error_that_is_no_bug(capsys: pytest.CaptureFixture[str]) -> None:
    problems.report(RunError("the disk is full"), ["run", "-v"])
    assert capsys.readouterr().err == "the disk is full\n"


def test_the_environment_variable_shows_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(problems.TRACEBACK, "1")
    try:
        raise RunError("the disk is full")
    except RunError as error:
        problems.report(error, [])
    assert "Traceback (most recent call last)" in capsys.readouterr().err


@pytest.fixture
def without_libgl(tmp_path: Path) -> dict[str, str]:
    """An environment in which OpenCV fails to load as it does where libGL is missing."""
    (tmp_path / "cv2.py").write_text(
        "raise ImportError('libGL.so.1: cannot open shared object file: No such file or directory')\n"
    )
    return {**os.environ, "PYTHONPATH": str(tmp_path)}


def test_a_run_without_libgl_says_what_to_install(without_libgl: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flowgraph", "run", "demo", "-o", "null"],
        env=without_libgl,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "the system library libGL.so.1 is missing"
    assert "apt-get install libgl1 libglib2.0-0" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_the_doctor_finds_what_is_missing(without_libgl: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flowgraph", "doctor"],
        env=without_libgl,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] == "missing: opencv-python"
    assert "missing  opencv-python  the system library libGL.so.1 is missing" in done.stdout
