"""Prints how much memory every bundled graph takes, for a clip and for one ten times as long.

    python tests/memory/sweep.py [--size 320x240] [--frames 60] [GRAPH ...]

Exit status 1 if a run used more than its plan says, or the longer clip took more.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from measured_run import Measured
from memory_runs import GRAPHS, MOST_GROWTH, SLACK, draw, run

MIB = 1 << 20


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("graphs", nargs="*", metavar="GRAPH", default=[*GRAPHS], help="all unless given")
    parser.add_argument("--size", default="320x240", help="size of the drawn clips (320x240)")
    parser.add_argument("--frames", type=int, default=60, help="frames of the shorter clip (60)")
    given = parser.parse_args(words)
    print(
        "MiB: bound and codecs as planned; used = peak less what was resident before, of which code pages\n"
    )
    print("| graph | bound | codecs | used | code | used, 10x | peak | peak, 10x | ratio | |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="flowgraph-memory-") as name:
        folder = Path(name)
        short = draw(folder / "short.mp4", given.size, given.frames, 10)
        long = draw(folder / "long.mp4", given.size, 10 * given.frames, 10)
        failed = False
        for graph in given.graphs:
            a = run(graph, short, folder / "a", given.frames, given.size)
            b = run(graph, long, folder / "b", 10 * given.frames, given.size)
            found = faults(a, b)
            failed = failed or bool(found)
            print(_row(graph, a, b, found), flush=True)
    return int(failed)


def faults(short: Measured, long: Measured) -> list[str]:
    """What is wrong with a pair of runs."""
    within = all(m.used - m.code <= m.bound + m.codecs for m in (short, long))
    same = long.peak <= short.peak * MOST_GROWTH + SLACK
    return ([] if within else ["OVER"]) + ([] if same else ["GROWS"])


def _row(graph: str, a: Measured, b: Measured, found: list[str]) -> str:
    planned = f"{a.bound / MIB:.1f} | {a.codecs / MIB:.1f}"
    used = f"{a.used / MIB:.1f} | {a.code / MIB:.1f} | {b.used / MIB:.1f}"
    peaks = f"{a.peak / MIB:.1f} | {b.peak / MIB:.1f} | {b.peak / a.peak:.3f}"
    return f"| {graph} | {planned} | {used} | {peaks} | {' '.join(found) or 'ok'} |"


if __name__ == "__main__":
    sys.exit(main())
