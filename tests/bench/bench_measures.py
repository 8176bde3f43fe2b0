"""What is measured by other means than a race of two commands."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import bench_threads
import cv2
import numpy as np
import overhead
from bench_clips import Clips
from bench_quality import psnr
from bench_records import Figure, Target, at_least, at_most
from bench_runner import FLOWGRAPH, Runner, call

HEAVY: Final = ("cv2", "av", "networkx", "pydantic", "numpy", "matplotlib", "starlette")
_IMPORTED: Final = (
    "import sys; from flowgraph.cli.main import main\n"
    "try: main(['--help'])\n"
    "except SystemExit: pass\n"
    f"print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
)
_READ: Final = (
    "import sys; from flowgraph.cli.main import main\n"
    "import cv2, av, networkx, flowgraph.session, flowgraph_nodes.flatten\n"
    "read = lambda: int(open('/proc/self/io').read().split()[1])\n"
    "before = read()\n"
    "try: main(sys.argv[1:])\n"
    "except SystemExit: pass\n"
    "print(read() - before)"
)

Measure = Callable[[Clips, Runner, int], list[Figure]]


def _figure(what: str, values: Sequence[float], target: Target | None = None, note: str = "") -> Figure:
    return Figure(what, min(values), median(values), max(values), target, note)


def first_frame(clips: Clips, runner: Runner, pairs: int) -> list[Figure]:
    """Seconds from the command to the first whole frame in the pipe it writes to."""
    clip, _ = clips.get("720p")
    seconds = [
        _until_frame([*FLOWGRAPH, "run", "motion_mix", "-i", str(clip), "-o", "-"]) for _ in range(pairs)
    ]
    return [_figure("start-up: from the command to the first frame, s", seconds, at_most(0.6))]


def _until_frame(command: Sequence[str]) -> float:
    started = perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        head, seconds = b"", 0.0
        while b"FRAME\n" not in head and (more := os.read(process.stdout.fileno(), 1 << 16)):
            head += more
            seconds = perf_counter() - started
        # Whoever reads no further ends the run.
        process.stdout.close()
    if b"FRAME\n" not in head:
        raise RuntimeError(f"{' '.join(command)} wrote no frame")
    return seconds


def help_text(clips: Clips, runner: Runner, pairs: int) -> list[Figure]:
    """Seconds of `flowgraph --help`, and what it imports."""
    seconds = [call([*FLOWGRAPH, "--help"]).wall for _ in range(pairs)]
    said = subprocess.run([sys.executable, "-c", _IMPORTED], capture_output=True, text=True, check=True)
    heavy = said.stderr.split()
    note = f"imports {', '.join(heavy)}" if heavy else f"imports none of {', '.join(HEAVY)}"
    return [_figure("flowgraph --help, s", seconds, at_most(0.2), note)]


def keyframe_bytes(clips: Clips, runner: Runner, pairs: int) -> list[Figure]:
    """What share of the file is read where only keyframes are wanted."""
    found: list[Figure] = []
    for name in ("ten minutes", "ten minutes, no index"):
        clip, _ = clips.get(name)
        command = [
            sys.executable,
            "-c",
            _READ,
            "run",
            "keyframe_display",
            "-i",
            str(clip),
            "-o",
            "null",
            "-q",
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        share = int(said.stdout.split()[-1]) / clip.stat().st_size
        found.append(_figure(f"keyframe_display of '{name}': bytes read, share of the file", [share]))
    return found


def engine(clips: Clips, runner: Runner, pairs: int) -> list[Figure]:
    """What the engine itself costs for each firing of a node."""
    firing = overhead.measure(100, 1000 if clips.scale.frames > 10 else 50, repeat=2 + pairs)
    note = f"the run {firing.run:.2f}, a loop of the same OpenCV calls {firing.loop:.2f}"
    what = "the engine, 100 cheap nodes at 64x64, serial: microseconds for each firing"
    return [_figure(what, [firing.engine], at_most(3), note)]


def threads(clips: Clips, runner: Runner, pairs: int) -> list[Figure]:
    """How much of what two bare threads gain two workers gain."""
    frames = 200 if clips.scale.frames > 10 else 4
    gains = [bench_threads.gains(clips.scale.middle, frames) for _ in range(pairs)]
    note = (
        f"two workers {median(ours for ours, _ in gains):.2f} times one,"
        f" two bare threads {median(bare for _, bare in gains):.2f}"
    )
    what = "two threads against one, GaussianBlur on testsrc: share of what bare threads gain"
    return [_figure(what, [ours / bare for ours, bare in gains], at_least(0.93), note)]


def growth(clips: Clips, runner: Runner, pairs: int) -> list[Figure]:
    """A clip and the same ten times over: CPU time a frame, and peak memory."""
    template = "{flowgraph} run motion_bloom -i {clip} -o {out}/ours.mp4 --quiet --set out.preset=veryfast"
    seconds: list[float] = []
    peaks: list[float] = []
    for _ in range(pairs):
        short, few = clips.get("518x496")
        long, many = clips.get("ten times 518x496")
        once, often = runner.once(template, short, few), runner.once(template, long, many)
        seconds.append(often.cpu / once.cpu * few / many)
        peaks.append(often.peak / once.peak)
    what = "motion_bloom into x264, ten times the length"
    return [
        _figure(f"{what}: CPU time a frame, times that of the short one", seconds, at_most(1.02)),
        _figure(f"{what}: peak memory, times that of the short one", peaks, at_most(1.02)),
    ]


def masks(clips: Clips, runner: Runner, pairs: int) -> list[Figure]:
    """How near the files of masks_adaptive_background are to ImageMagick's."""
    clip, frames = clips.get("518x496")
    ours = "{flowgraph} run masks_adaptive_background -i {clip} -o {out}/clean%03d.jpg"
    ours += " -p masks={out}/mask%03d.tiff --set out.quality=92 --quiet"
    runner.once(ours, clip, frames)
    made = {kind: _pictures(runner.scratch, pattern) for kind, pattern in _OURS.items()}
    runner.once("{bash} {peers}/masks.sh {clip} {out}", clip, frames)
    found: list[Figure] = []
    for kind, pattern in _THEIRS.items():
        pairs_of = zip(made[kind], _pictures(runner.scratch, pattern), strict=True)
        decibels = [min(99.0, psnr(float(np.square(a.astype(float) - b).mean()))) for a, b in pairs_of]
        found.append(_figure(f"{kind} against ImageMagick's files, dB", decibels, at_least(45)))
    return found


_OURS: Final = {"masks": "mask*.tiff", "clean pictures": "clean*.jpg"}
_THEIRS: Final = {"masks": "t*-mask.tiff", "clean pictures": "t*-clean.jpg"}


def _pictures(folder: Path, pattern: str) -> list[np.ndarray]:
    return [np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR)) for path in sorted(folder.glob(pattern))]


MEASURES: Final[Mapping[str, tuple[Measure, str]]] = {
    "start-up": (first_frame, ""),
    "help": (help_text, ""),
    "engine": (engine, ""),
    "threads": (threads, ""),
    "growth": (growth, ""),
    "keyframe-bytes": (keyframe_bytes, ""),
    "mask-quality": (masks, "imagemagick"),
}
"""By name: what measures it, and the peer that it needs."""
