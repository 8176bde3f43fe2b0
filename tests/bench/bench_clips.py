"""Draws the clip that is raced on, and makes versions of a clip in other colours."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import imageio_ffmpeg

FLOWGRAPH: Final = (sys.executable, "-m", "flowgraph")
TEXTURE: Final = "noise=c0s=30:c0f=p:c0_seed=1,gblur=sigma=0.8:planes=1,noise=c0s=5:c0f=t:c0_seed=2"
"""A pattern that stands still and fine grain that doesn't, both in luma: what a filmed wall looks like."""


def ffmpeg() -> str:
    """The current FFmpeg that the imageio-ffmpeg package carries."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def call(command: Sequence[str | Path]) -> None:
    """Run a command that must succeed.

    Raises:
        RuntimeError: it failed; with what it complained about.
    """
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(map(str, command))}\nended with {done.returncode}: {done.stderr[-2000:]}"
        )


def draw(path: Path, size: str, frames: int) -> Path:
    """Draw moving shapes over a texture, as h264."""
    source = [
        *FLOWGRAPH,
        "run",
        "make_clip",
        "-o",
        "-",
        "--quiet",
        "-p",
        f"size={size}",
        "-p",
        f"length={frames}",
    ]
    target = [ffmpeg(), "-v", "error", "-y", "-i", "-", "-vf", TEXTURE, "-c:v", "libx264", "-crf", "20",
              "-preset", "fast", "-pix_fmt", "yuv420p", str(path)]  # fmt: skip
    with subprocess.Popen(source, stdout=subprocess.PIPE) as drawing:
        done = subprocess.run(target, stdin=drawing.stdout, capture_output=True, text=True)
    if done.returncode or drawing.returncode:
        raise RuntimeError(f"the clip could not be drawn: {done.stderr[-2000:]}")
    return path


@dataclass(frozen=True, slots=True)
class Colours:
    """A version of a clip, by what its planes are in and what the file says about it."""

    name: str
    matrix: str
    """libswscale's name of the matrix."""
    range: str
    """libswscale's name of the range."""
    tags: tuple[str, str]
    """What `setparams` writes into the file: colour space and range."""
    spaces: frozenset[int]
    """Numbers of the colour spaces (H.273) that an output may carry."""
    ranges: frozenset[int]
    """Numbers of the ranges (FFmpeg's) that an output may carry."""


UNSPECIFIED: Final = 2
_BT601: Final = frozenset({UNSPECIFIED, 5, 6})

VERSIONS: Final = (
    Colours("untagged", "bt601", "tv", ("unknown", "unknown"), _BT601, frozenset({0, 1})),
    Colours("BT.709", "bt709", "tv", ("bt709", "tv"), frozenset({1}), frozenset({0, 1})),
    Colours("full range", "bt601", "pc", ("smpte170m", "pc"), frozenset({5, 6}), frozenset({2})),
)


def make_version(clip: Path, colours: Colours, path: Path, frames: int) -> Path:
    """The first frames of a clip in other colours, tagged so.

    Raises:
        RuntimeError: the file doesn't carry the tags it should.
    """
    convert = f"scale=flags=bicubic+accurate_rnd:out_color_matrix={colours.matrix}:out_range={colours.range}"
    space, range_ = colours.tags
    filters = f"{convert},format=yuv420p,setparams=colorspace={space}:range={range_}"
    call([ffmpeg(), "-v", "error", "-y", "-i", clip, "-frames:v", str(frames), "-vf", filters, "-an",
          "-c:v", "libx264", "-crf", "16", "-preset", "fast", path])  # fmt: skip
    tagged = tags_of(path)
    if tagged[0] not in colours.spaces or tagged[1] not in colours.ranges:
        raise RuntimeError(f"{path.name} should be {colours.name} but is tagged {tagged}")
    return path


def tags_of(path: Path) -> tuple[int, int]:
    """Colour space (H.273) and range (FFmpeg's number) of a file's first frame."""
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        return int(frame.colorspace), int(frame.color_range)
