"""Compares the plan's estimate for decoders and encoders with what bare decoding and encoding uses.

    python tests/memory/codec_estimate.py [--clip FILE] [--frames 150] [CODEC ...]

The estimate must be at least what bare coding uses, and at most twice that; exit status 1 if it isn't.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.video.stream import VideoStream
from measured_run import resident
from memory_runs import draw

from flowgraph.cli.find_graph import find_graph
from flowgraph.document.load import load
from flowgraph.media.codecs import CODECS
from flowgraph.session import compile

MIB = 1 << 20
CONTAINERS = {"mpeg4": "avi"}


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("codecs", nargs="*", metavar="CODEC", default=["h264", "hevc", "ffv1", "mpeg4"])
    parser.add_argument("--clip", type=Path, help="video to read; drawn unless given")
    parser.add_argument("--frames", type=int, default=150, help="frames to read (150)")
    parser.add_argument("--size", default="1920x1080", help="size of the drawn clip (1920x1080)")
    parser.add_argument("--bare", metavar="OUT", help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.bare:
        print(bare(given.clip, given.codecs[0], given.frames, Path(given.bare)))
        return 0
    print(f"{os.cpu_count()} cores; MiB\n")
    print("| codec | estimate | bare decode and encode | ratio | |\n|---|---|---|---|---|")
    failed = False
    with tempfile.TemporaryDirectory(prefix="flowgraph-memory-") as name:
        folder = Path(name)
        clip = given.clip or draw(folder / "clip.mp4", given.size, given.frames, 50)
        for codec in given.codecs:
            out = folder / f"out.{CONTAINERS.get(codec, 'mkv')}"
            words_ = [codec, "--clip", clip, "--frames", str(given.frames), "--bare", out]
            done = subprocess.run(
                [sys.executable, __file__, *words_], capture_output=True, text=True, check=True
            )
            used, planned = int(done.stdout), estimate(clip, codec, out)
            good = used <= planned <= 2 * used
            failed = failed or not good
            ratio = f"{planned / MIB:.0f} | {used / MIB:.0f} | {planned / used:.2f}"
            print(f"| {codec} | {ratio} | {'ok' if good else 'FAIL'} |", flush=True)
    return int(failed)


def estimate(clip: Path, codec: str, out: Path) -> int:
    """What a plan says that codecs take from one clip to one file."""
    values = {"input": str(clip), "output": str(out)}
    return compile(load(find_graph("motion_tmix")), values, {("out", "codec"): codec}).codec_bytes


def bare(clip: Path, name: str, frames: int, out: Path) -> int:
    """Bytes that decoding and encoding add at their peak, with nothing in between."""
    codec = CODECS[name]
    with av.open(str(clip)) as container:
        next(container.decode(video=0))
    Path("/proc/self/clear_refs").write_text("5")
    before = resident("VmRSS")
    with av.open(str(clip)) as source, av.open(str(out), "w") as target:
        video = source.streams.video[0]
        video.codec_context.thread_type = "AUTO"
        video.codec_context.thread_count = 2
        rate = video.average_rate or Fraction(25)
        stream = cast("VideoStream", target.add_stream(codec.encoder, rate))
        stream.width, stream.height, stream.pix_fmt = video.width, video.height, codec.pixels[0]
        stream.codec_context.thread_type = "AUTO"
        stream.codec_context.options = dict(codec.options)
        if codec.knob == "crf" and codec.quality is not None:
            stream.codec_context.options["crf"] = f"{codec.quality:g}"
        for number, frame in enumerate(source.decode(video)):
            if number == frames:
                break
            frame.pts, frame.time_base = number, 1 / rate
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return resident("VmHWM") - before


if __name__ == "__main__":
    sys.exit(main())
