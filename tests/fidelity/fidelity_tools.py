"""Calls the real tools: FFmpeg 5.1, ImageMagick 6, and flowgraph's own command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from flowgraph.cli.main import main

Pictures = NDArray[np.uint8]
"""Frames as BGR: (frames, height, width, 3)."""
Samples = NDArray[np.uint8]
"""All samples of a video's planes, one after the other."""
Compare = Callable[..., None]
"""What the fixture `compare` gives."""
Note = Callable[[str, str, str, str], None]
"""What the fixture `note` gives: it takes effect, clip, reference and finding."""

FFMPEG: Final = "/usr/bin/ffmpeg"
CONVERT: Final = "/usr/bin/convert-im6.q16"


@dataclass(frozen=True, slots=True)
class Clip:
    """A video to compare on. `tail` is how FFmpeg 5.1 goes back from RGB to planes in the clip's own colours.

    Left alone it forgets what the clip was tagged with and writes BT.601, limited range.
    """

    name: str
    path: Path
    width: int
    height: int
    frames: int
    tail: str = "format=yuv420p"

    @property
    def odd(self) -> bool:
        """Whether FFmpeg 5.1 is no reference for going from RGB to planes and for its fast way to RGB.

        It makes the last chroma column of an odd width of what lies behind the row, and has no tables for odd
        heights.
        """
        return self.width % 2 == 1 or self.height % 2 == 1

    @property
    def samples(self) -> int:
        """Samples of a frame's planes, with chroma of half width and height, rounded up."""
        return self.width * self.height + 2 * (-(-self.width // 2) * -(-self.height // 2))

    @property
    def limits(self) -> list[str]:
        """What limits flowgraph to the frames compared."""
        return ["--frames", str(self.frames)]


def _run(command: Sequence[str | Path], given: bytes = b"") -> bytes:
    """The command's output; fails the test with what the tool complains about."""
    if not Path(command[0]).exists():
        raise AssertionError(f"{command[0]} is missing: apt-get install ffmpeg imagemagick")
    done = subprocess.run(command, input=given, capture_output=True, timeout=60)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, command))}\n{done.stderr.decode(errors='replace')}")
    return done.stdout


@cache
def _ffmpeg_version() -> str:
    return _run([FFMPEG, "-version"]).decode().partition(" Copyright")[0]


def ffmpeg(*args: str | Path, given: bytes = b"") -> bytes:
    """Run FFmpeg 5.1; other versions round and mix differently."""
    assert "version 5.1" in _ffmpeg_version(), f"{FFMPEG} is not 5.1 but {_ffmpeg_version()}"
    return _run([FFMPEG, "-v", "error", "-nostdin" if not given else "-y", *args], given)


def imagemagick(*args: str | Path) -> None:
    """Run ImageMagick 6 (Q16)."""
    _run([CONVERT, *args])


def flowgraph(*args: str | Path) -> None:
    """Run flowgraph's command line in this process; it must succeed."""
    try:
        status: Any = main([str(arg) for arg in args])
    except SystemExit as end:
        status = end.code
    assert not status, f"flowgraph {' '.join(map(str, args))} ended with {status}"


def pictures_of(graph: str, clip: Clip, *settings: str | Path) -> Pictures:
    """The pictures that a bundled graph makes of a clip, written in a folder of the working directory."""
    out = Path(mkdtemp(dir="."))
    flowgraph("run", graph, "-i", clip.path, "-o", out / "%03d.png", *clip.limits, *settings)
    return pictures_of_files(out, "*.png")


def decoded(clip: Clip, rgb: Literal["fast", "accurate"], *options: str) -> Pictures:
    """The clip's frames, converted by libswscale's tables (fast) or by its bicubic path (accurate)."""
    return filtered(clip, "format=gbrp" if rgb == "accurate" else "null", *options)


def watched(clip: Clip) -> Pictures:
    """The clip's frames as cv2.VideoCapture gives them."""
    capture = cv2.VideoCapture(str(clip.path))
    frames = [capture.read()[1] for _ in range(clip.frames)]
    capture.release()
    return np.stack([np.asarray(frame, np.uint8) for frame in frames])


def filtered(clip: Clip, graph: str, *options: str) -> Pictures:
    """What comes out of an FFmpeg filter graph, as packed RGB; from gbrp that is a mere shuffle."""
    raw = _filtered(clip, graph, options, ["-pix_fmt", "bgr24"])
    return np.frombuffer(raw, np.uint8).reshape(-1, clip.height, clip.width, 3)


def filtered_planes(clip: Clip, graph: str) -> Samples:
    """What comes out of an FFmpeg filter graph, in the clip's own kind of planes."""
    return np.frombuffer(_filtered(clip, f"{graph},{clip.tail}"), np.uint8)


def _filtered(clip: Clip, graph: str, options: Sequence[str] = (), output: Sequence[str] = ()) -> bytes:
    limited = f"trim=end_frame={clip.frames},{graph}"
    return ffmpeg(*options, "-i", clip.path, "-filter_complex", limited, "-fps_mode", "passthrough",
                  "-f", "rawvideo", *output, "-")  # fmt: skip


def planes_of_pictures(clip: Clip, pictures: Pictures) -> Samples:
    """The planes that FFmpeg 5.1 makes of RGB frames."""
    _, height, width, _ = pictures.shape
    raw = ffmpeg("-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}", "-i", "-", "-vf",
                 f"format=gbrp,{clip.tail}", "-f", "rawvideo", "-", given=pictures.tobytes())  # fmt: skip
    return np.frombuffer(raw, np.uint8)


def planes_of_file(path: Path, *limit: str) -> Samples:
    """The planes in a video file, as they are."""
    return np.frombuffer(
        ffmpeg("-i", path, *limit, "-fps_mode", "passthrough", "-f", "rawvideo", "-"), np.uint8
    )


def pictures_of_files(folder: Path, pattern: str) -> Pictures:
    """The numbered pictures in a folder, in order."""
    paths = sorted(folder.glob(pattern))
    assert paths, f"no {pattern} was written"
    pictures = [cv2.imread(str(path), cv2.IMREAD_COLOR) for path in paths]
    return np.stack([np.asarray(picture, np.uint8) for picture in pictures])
