"""Measures flowgraph and its peers in turns on the same clips, checks the pictures, and prints tables.

    python tests/bench/suite.py [--pairs 3] [--only NAME] [--minutes 25] [--write docs/BENCHMARKS.md]

Whole processes are timed, A B A B; in each table the first pair doesn't count. Peers are looked for, and
environments made for those that need one; what can't run is said. Exit status 1 if a picture is not good
enough; a target that is missed is printed, not an error.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from time import monotonic

import bench_report as report
from bench_cases import CASES
from bench_clips import TINY, Clips, Scale, size_of
from bench_effects import CHECKED
from bench_measures import MEASURES
from bench_peers import CACHE, HERE, MissingError, Peer, Setting, find
from bench_quality import check_all
from bench_records import Case, Race
from bench_runner import Runner

QUALITY = "quality"


def main(words: Sequence[str] | None = None) -> int:
    """Measure, check, print; the exit status."""
    given = _arguments(words)
    names = _names()
    if unknown := set(given.only) - set(names):
        print(f"no case is called {', '.join(sorted(unknown))}; there are {', '.join(names)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="flowgraph-bench-") as folder:
        scale = TINY if given.tiny else Scale(frames=given.frames)
        suite = Suite(given, Clips(Path(folder), scale, given.clip), Path(folder) / "out")
        lines: list[str] = []
        for line in suite.lines(set(given.only) or set(names)):
            print(line, flush=True)
            lines.append(line)
    if given.write is not None:
        report.put_into(given.write, "\n".join(lines))
    return int(suite.failed)


def _names() -> list[str]:
    return [*dict.fromkeys(case.name for case in CASES), *MEASURES, QUALITY]


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=3, help="pairs of runs for each row (3)")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help=", ".join(_names()))
    parser.add_argument("--minutes", type=float, default=25, help="begin nothing after so long (25)")
    parser.add_argument("--frames", type=int, default=Scale().frames, help="frames of drawn clips (250)")
    parser.add_argument("--clip", type=Path, help="1080p video to read in place of the drawn one")
    parser.add_argument("--cache", type=Path, default=CACHE, help=f"environments of peers ({CACHE})")
    parser.add_argument("--no-install", action="store_true", help="make no environments")
    parser.add_argument("--tiny", action="store_true", help="tiny clips: only shows that everything runs")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this document")
    return parser.parse_args(words)


@dataclass
class Suite:
    """One run of all that was asked for."""

    given: argparse.Namespace
    clips: Clips
    scratch: Path
    failed: bool = False
    peers: dict[str, Peer] = field(default_factory=dict[str, Peer])
    missing: dict[str, str] = field(default_factory=dict[str, str])
    started: float = field(default_factory=monotonic)
    late: list[str] = field(default_factory=list[str])

    def lines(self, names: set[str]) -> Iterator[str]:
        """The report, line by line, as it is measured."""
        cases = [case for case in CASES if case.name in names]
        measures = [name for name in MEASURES if name in names]
        self._look([case.peer for case in cases] + [MEASURES[name][1] for name in measures])
        yield f"{report.machine(peer.version for peer in self.peers.values())}; {self.given.pairs} pairs."
        for name, reason in self.missing.items():
            yield f"\nNot measured: {name}, because {reason}."
        yield from self._figures(measures)
        if QUALITY in names:
            yield from self._quality()
        for section, group in groupby(cases, lambda case: case.section):
            yield from self._section(section, list(group))
        if self.late:
            yield f"\nNot measured, the time was over: {', '.join(self.late)}."

    def _look(self, wanted: Sequence[str]) -> None:
        for name in filter(None, dict.fromkeys(wanted)):
            try:
                self.peers[name] = find(name, Setting(self.given.cache, not self.given.no_install))
            except MissingError as why:
                self.missing[name] = str(why)

    def _runner(self, peer: str, **words: str) -> Runner:
        words |= {
            "python": sys.executable,
            "bash": shutil.which("bash") or "bash",
            "peers": str(HERE),
        }
        environment = self.peers[peer].environment if peer else {}
        return Runner(self.scratch, words | dict(self.peers[peer].words if peer else {}), environment)

    def _over(self, what: str) -> bool:
        """Whether the time is over; notes what is left out for it."""
        over = monotonic() - self.started > self.given.minutes * 60
        if over:
            self.late.append(what)
        return over

    def _section(self, title: str, cases: Sequence[Case]) -> Iterator[str]:
        there = [case for case in cases if case.peer not in self.missing]
        if not there:
            return
        yield f"\n### {title}\n"
        yield report.RACE_HEAD
        for number, case in enumerate(there):
            if not self._over(f"{case.what} ({case.against})"):
                try:
                    yield report.race_row(self._race(case, warm=number == 0 and self.given.pairs > 1))
                except RuntimeError as error:
                    self.failed = True
                    yield f"| {case.what} | {case.against} | {case.clip} | FAILED: {_one_line(error)} |"
        yield ""
        yield from report.commands(there)

    def _made(self) -> dict[str, Callable[[], str]]:
        """Words of commands that take some time to find."""
        return {
            "large": lambda: size_of(self.clips.get("1080p")[0]),
            "picture": lambda: str(self.clips.get("picture")[0]),
        }

    def _race(self, case: Case, warm: bool) -> Race:
        clip, frames = self.clips.get(case.clip)
        needed = {name: make for name, make in self._made().items() if f"{{{name}}}" in case.ours}
        runner = self._runner(case.peer, **{name: make() for name, make in needed.items()})
        return runner.race(case, clip, frames, self.given.pairs, warm)

    def _figures(self, names: Sequence[str]) -> Iterator[str]:
        if not names:
            return
        yield "\n### Single figures\n"
        yield report.FIGURE_HEAD
        for name in names:
            measure, peer = MEASURES[name]
            if peer not in self.missing and not self._over(name):
                yield from map(report.figure_row, measure(self.clips, self._runner(peer), self.given.pairs))

    def _quality(self) -> Iterator[str]:
        yield "\n### The pictures\n"
        yield report.QUALITY_HEAD
        self.scratch.mkdir(exist_ok=True)
        for quality in check_all(CHECKED, self.clips, self.scratch):
            self.failed = self.failed or not quality.good
            yield report.quality_row(quality)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).replace("|", "/").split())


if __name__ == "__main__":
    sys.exit(main())
