"""Runs commands as whole processes and measures them: in turns, so that both see the same machine."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

from bench_records import Case, Race, Spent

FLOWGRAPH: Final = (sys.executable, "-m", "flowgraph")
PEERS: Final = Path(__file__).parent / "peers"
Command = Sequence[str | Path]


def call(command: Command, environment: Mapping[str, str] | None = None) -> Spent:
    """Run a command that must succeed, and measure it.

    Raises:
        RuntimeError: it failed; with what it complained about.
    """
    words = [str(word) for word in command]
    started = perf_counter()
    process = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | dict(environment or {}),
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = perf_counter() - started
    process.stderr.close()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = said.decode(errors="replace")[-2000:]
        raise RuntimeError(f"{shlex.join(words)}\nended with {process.returncode}: {tail}")
    return Spent(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


@dataclass(frozen=True, slots=True)
class Runner:
    """Fills templates of commands in, and runs them in a folder that is emptied before each."""

    scratch: Path
    words: Mapping[str, str]
    """What templates call programs, and their paths."""
    environment: Mapping[str, str] = field(default_factory=dict[str, str])

    def command(self, template: str, clip: Path, frames: int) -> list[str]:
        """The words of a command."""
        names = {"clip": str(clip), "out": str(self.scratch), "frames": str(frames), **self.words}
        return [
            part
            for word in shlex.split(template)
            for part in (FLOWGRAPH if word == "{flowgraph}" else (_filled(word, names),))
        ]

    def once(self, template: str, clip: Path, frames: int) -> Spent:
        """Run a command in an empty folder."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)
        return call(self.command(template, clip, frames), self.environment)

    def race(self, case: Case, clip: Path, frames: int, pairs: int, warm: bool) -> Race:
        """Run both in turns, A B A B, after one run of each that doesn't count where `warm` says so."""
        wanted = min(pairs, case.pairs or pairs)
        skipped = int(warm and case.pairs != 1)
        ran = [
            (self.once(case.ours, clip, frames), self.once(case.theirs, clip, frames))
            for _ in range(wanted + skipped)
        ]
        return Race(case, frames, tuple(ran[skipped:]))


def _filled(word: str, names: Mapping[str, str]) -> str:
    for name, value in names.items():
        word = word.replace(f"{{{name}}}", value)
    return word


def shown(template: str) -> str:
    """A command as people read it."""
    for name, value in {"peers": "tests/bench/peers", "toolbox": "python", "moviepy": "python"}.items():
        template = template.replace(f"{{{name}}}", value)
    for name in ("clip", "out", "frames", "large", "picture"):
        template = template.replace(f"{{{name}}}", {"large": "SIZE"}.get(name, name.upper()))
    return template.replace("{", "").replace("}", "")
