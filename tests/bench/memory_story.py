"""Measures where the memory of the OpenCV scripts of "Posy's Motion Amplification" goes.

    python tests/bench/memory_story.py [--size 1920x1080] [--frames 75] [--write FILE] [GRAPH ...]

Each script runs as printed, without its list of results, and as flowgraph's graph, on a drawn clip and on
one four times as long. What is printed is the peak of resident memory of the whole process. `--write` puts
the table into a file, between two marks.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench_clips import draw
from bench_report import put_into
from bench_runner import FLOWGRAPH, PEERS, call

MIB: Final = 1 << 20
LONGER: Final = 4
SCRIPTS: Final = {
    "motion_subtract": ("opencv_subtract.py", "a frame minus the one before"),
    "motion_mix": ("opencv_mix.py", "half of each, one inverted"),
    "motion_two_heads": ("opencv_two_heads.py", "the same, file opened twice"),
    "motion_ring": ("opencv_ring.py", "the same, ring of six, half size"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("graphs", nargs="*", metavar="GRAPH", default=[*SCRIPTS], help="all unless given")
    parser.add_argument("--size", default="1920x1080", help="size of the clips (1920x1080)")
    parser.add_argument("--frames", type=int, default=75, help="frames of the shorter one (75)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table into this file")
    given = parser.parse_args(words)
    with tempfile.TemporaryDirectory(prefix="flowgraph-memory-") as folder:
        lengths = (given.frames, LONGER * given.frames)
        clips = [draw(Path(folder) / f"{length}.mp4", given.size, length) for length in lengths]
        rows = [measured(graph, clips) for graph in given.graphs]
        lines = [*table(rows, lengths)]
    print(*lines, sep="\n")
    if given.write is not None:
        put_into(given.write, "\n".join(lines))
    return 0


@dataclass(frozen=True, slots=True)
class Row:
    """Peaks of resident memory in bytes, for each clip."""

    graph: str
    printed: tuple[int, ...]
    """The script as it was printed."""
    forgetting: tuple[int, ...]
    """The script without its list of results."""
    ours: tuple[int, ...]


def measured(graph: str, clips: Sequence[Path]) -> Row:
    """Run a script, the same without its list, and the graph."""
    script = PEERS / SCRIPTS[graph][0]
    ours = [*FLOWGRAPH, "run", graph, "--quiet", "-o", "null", "-i"]
    return Row(
        graph,
        tuple(call([sys.executable, script, clip]).peak for clip in clips),
        tuple(call([sys.executable, script, clip, "forget"]).peak for clip in clips),
        tuple(call([*ours, clip]).peak for clip in clips),
    )


def table(rows: Sequence[Row], lengths: Sequence[int]) -> Iterator[str]:
    """The lines of the table, a script in each."""
    yield f"| MiB, {_beside(lengths)} frames | script as printed | without its list | flowgraph |"
    yield "|---|---|---|---|"
    for row in rows:
        cells = (
            _beside([peak // MIB for peak in peaks]) for peaks in (row.printed, row.forgetting, row.ours)
        )
        yield f"| {SCRIPTS[row.graph][1]}: `{row.graph}` | {' | '.join(cells)} |"


def _beside(numbers: Sequence[int]) -> str:
    return " / ".join(f"{number:,}" for number in numbers)


if __name__ == "__main__":
    sys.exit(main())
