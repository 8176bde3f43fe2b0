"""Runs one graph in a process of its own and prints, as JSON, how much memory that took.

    python tests/memory/measured_run.py GRAPH VALUES OVERRIDES THREADS

VALUES is a JSON object of parameters, OVERRIDES one of node.parameter. Linux only: it reads /proc/self.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from flowgraph.cli.find_graph import find_graph
from flowgraph.document.load import load
from flowgraph.session import Options, compile, execute

STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run used, in bytes."""

    before: int
    """Resident after imports and probing."""
    peak: int
    """The most that was resident from then on."""
    bound: int
    codecs: int
    """The plan's estimate for decoders and encoders."""
    pool: int
    """What the buffer pools came to."""
    code: int
    """Pages of libraries that were touched for the first time: file cache, not memory that the run took."""
    frames: int

    @property
    def used(self) -> int:
        """What the run added at its peak."""
        return self.peak - self.before


def measure(name: str, values: dict[str, object], overrides: dict[str, object], threads: int) -> Measured:
    """Compile, note what is resident, run, and note the peak."""
    options = Options(threads=threads, quiet=True)
    pairs = {(key.partition(".")[0], key.partition(".")[2]): value for key, value in overrides.items()}
    plan = compile(load(find_graph(name)), values, pairs, options)
    # The kernel's high-water mark would remember imports and probing.
    Path("/proc/self/clear_refs").write_text("5")
    before, code = resident("VmRSS"), resident("RssFile")
    report = execute(plan, options=options)
    return Measured(
        before=before,
        peak=resident("VmHWM"),
        bound=plan.bound_bytes,
        codecs=plan.codec_bytes,
        pool=report.peak_pool_bytes,
        code=resident("RssFile") - code,
        frames=report.frames,
    )


def resident(line: str) -> int:
    """Bytes in a line of /proc/self/status: VmRSS is now, VmHWM the most so far, RssFile in mapped files."""
    for text in STATUS.read_text().splitlines():
        if text.startswith(f"{line}:"):
            return int(text.split()[1]) * 1024
    raise RuntimeError(f"{STATUS} has no line {line}")


if __name__ == "__main__":
    graph, values, overrides, threads = sys.argv[1:]
    print(json.dumps(asdict(measure(graph, json.loads(values), json.loads(overrides), int(threads)))))
