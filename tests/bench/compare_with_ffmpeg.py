"""Races bundled graphs against a current FFmpeg that does the same, and checks what they write.

    python tests/bench/compare_with_ffmpeg.py [--clip FILE] [--pairs 5] [--frames N]

Whole processes are timed, in turns, from a 1080p h264 clip to nowhere; without --clip one is drawn. Then
every graph is run once more into ffv1, on an untagged, a BT.709 and a full-range version of the clip, and
compared with the same effect computed by libavfilter on exact RGB. Exit status 1 if a picture is not good
enough.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

import av
import cv2
from bench_cases import CASES, Case
from bench_clips import FLOWGRAPH, call, draw, ffmpeg
from bench_quality import CHECKED_FRAMES, LEAST_PSNR, MOST_ERROR, Quality, check_all

BARE_DECODE = """
import sys, av
with av.open(sys.argv[1]) as container:
    stream = container.streams.video[0]
    stream.codec_context.thread_type = "AUTO"
    for number, frame in enumerate(container.decode(stream), 1):
        if number == int(sys.argv[2]):
            break
"""

Command = Sequence[str | Path]


def main(words: Sequence[str] | None = None) -> int:
    """Race, check, print; the exit status."""
    given = _arguments(words)
    with tempfile.TemporaryDirectory(prefix="flowgraph-bench-") as name:
        folder = Path(name)
        clip = given.clip or draw(folder / "clip.mp4", given.size, given.frames)
        frames = min(given.frames, _frames(clip))
        print(_machine(clip, frames, given.pairs), flush=True)
        race(clip, frames, given.pairs)
        return judge(clip, folder, min(frames, CHECKED_FRAMES))


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clip", type=Path, help="video to read; drawn unless given")
    parser.add_argument("--pairs", type=int, default=5, help="pairs of runs for each graph (5)")
    parser.add_argument("--frames", type=int, default=250, help="frames to read (250)")
    parser.add_argument("--size", default="1920x1080", help="size of the drawn clip (1920x1080)")
    return parser.parse_args(words)


def _frames(clip: Path) -> int:
    with av.open(str(clip)) as container:
        return sum(packet.size > 0 for packet in container.demux(video=0))


def _machine(clip: Path, frames: int, pairs: int) -> str:
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        what = f"{stream.codec_context.name} {stream.width}x{stream.height}, {frames} frames"
    said = subprocess.run([ffmpeg(), "-version"], capture_output=True, text=True, check=True).stdout
    return (
        f"{what}; {pairs} pairs; {len(os.sched_getaffinity(0))} cores; Python {sys.version.split()[0]},"
        f" OpenCV {cv2.__version__}, PyAV {av.__version__}, {' '.join(said.split()[:3])}"
    )


def race(clip: Path, frames: int, pairs: int) -> None:
    """Time every case in pairs and print a table."""
    print("\n| graph | against | flowgraph s | frames/s | peer s | frames/s | ratio min | median | max |")
    print("|---|---|---|---|---|---|---|---|---|")
    for case in CASES:
        for name, filters in case.peers:
            times = pair_times(_ours(case, clip, frames), _theirs(filters, clip, frames), pairs)
            print(_row(case.graph, f"ffmpeg, {name}", times, frames), flush=True)
    floor: Command = [sys.executable, "-c", BARE_DECODE, clip, str(frames)]
    print(_row("motion_tmix", "bare decode", pair_times(_ours(CASES[0], clip, frames), floor, pairs), frames))


def _ours(case: Case, clip: Path, frames: int) -> Command:
    return [*FLOWGRAPH, "run", case.graph, "-i", clip, "-o", "null", "--quiet", "--frames", str(frames)]


def _theirs(filters: str, clip: Path, frames: int) -> Command:
    return [ffmpeg(), "-v", "error", "-nostdin", "-i", clip, "-frames:v", str(frames), "-an",
            "-filter_complex", f"[0:v]{filters}", "-f", "null", "-"]  # fmt: skip


def pair_times(first: Command, second: Command, pairs: int) -> list[tuple[float, float]]:
    """Seconds of both, run in turns A B A B, after one run of each that doesn't count."""
    return [(_seconds(first), _seconds(second)) for _ in range(pairs + 1)][1:]


def _seconds(command: Command) -> float:
    started = perf_counter()
    call(command)
    return perf_counter() - started


def _row(graph: str, against: str, times: list[tuple[float, float]], frames: int) -> str:
    ours, theirs = median(a for a, _ in times), median(b for _, b in times)
    ratios = [b / a for a, b in times]
    return (
        f"| {graph} | {against} | {ours:.2f} | {frames / ours:.0f} | {theirs:.2f} | {frames / theirs:.0f} |"
        f" {min(ratios):.2f} | {median(ratios):.2f} | {max(ratios):.2f} |"
    )


def judge(clip: Path, folder: Path, frames: int) -> int:
    """Compare what the cases write with the reference, and print a table; 1 if anything is not good."""
    wanted = f"at least {LEAST_PSNR:g} dB, mean at most {MOST_ERROR:g}"
    print(f"\nAgainst the RGB reference, {frames} frames: {wanted}.")
    print("\n| graph | version | matrix, range | plane | dB | mean | most | |")
    print("|---|---|---|---|---|---|---|---|")
    failed = False
    for quality in check_all(CASES, clip, folder, frames):
        failed = failed or not quality.good
        print("\n".join(_verdicts(quality)), flush=True)
    return int(failed)


def _verdicts(quality: Quality) -> list[str]:
    tags = f"{quality.tags[0]}, {quality.tags[1]} {'ok' if quality.right_tags else 'FAIL'}"
    return [
        f"| {quality.graph} | {quality.version} | {tags} | {d.plane} | {d.psnr:.1f} | {d.mean:.3f} |"
        f" {d.most} | {'ok' if d.good else 'FAIL'} |"
        for d in quality.planes
    ]


if __name__ == "__main__":
    sys.exit(main())
