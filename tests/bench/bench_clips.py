"""Draws the clips that are raced on, and makes versions in other colours, containers and lengths."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import av
from bench_peers import ffmpeg
from bench_runner import FLOWGRAPH, call

TEXTURE: Final = "noise=c0s=30:c0f=p:c0_seed=1,gblur=sigma=0.8:planes=1,noise=c0s=5:c0f=t:c0_seed=2"
"""A pattern that stands still and fine grain that doesn't, both in luma: what a filmed wall looks like."""
_H264: Final = ("-c:v", "libx264", "-crf", "20", "-preset", "fast", "-pix_fmt", "yuv420p")
_MPEG4: Final = ("-c:v", "mpeg4", "-q:v", "3", "-g", "12", "-pix_fmt", "yuv420p")


def draw(path: Path, size: str, frames: int, encoder: tuple[str, ...] = _H264) -> Path:
    """Draw moving shapes over a texture."""
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
    target = [ffmpeg(), "-v", "error", "-y", "-i", "-", "-vf", TEXTURE, *encoder, str(path)]
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

VERSIONS: Final[Mapping[str, Colours]] = {
    colours.name: colours
    for colours in (
        Colours("1080p", "bt601", "tv", ("unknown", "unknown"), _BT601, frozenset({0, 1})),
        Colours("1080p BT.709", "bt709", "tv", ("bt709", "tv"), frozenset({1}), frozenset({0, 1})),
        Colours("1080p full range", "bt601", "pc", ("smpte170m", "pc"), frozenset({5, 6}), frozenset({2})),
    )
}


def make_version(clip: Path, colours: Colours, path: Path) -> Path:
    """A clip in other colours, tagged so.

    Raises:
        RuntimeError: the file doesn't carry the tags it should.
    """
    convert = f"scale=flags=bicubic+accurate_rnd:out_color_matrix={colours.matrix}:out_range={colours.range}"
    space, range_ = colours.tags
    filters = f"{convert},format=yuv420p,setparams=colorspace={space}:range={range_}"
    call([ffmpeg(), "-v", "error", "-y", "-i", clip, "-vf", filters, "-an", *_H264, path])
    tagged = tags_of(path)
    if tagged[0] not in colours.spaces or tagged[1] not in colours.ranges:
        raise RuntimeError(f"{path.name} should be {colours.name} but is tagged {tagged}")
    return path


def tags_of(path: Path) -> tuple[int, int]:
    """Colour space (H.273) and range (FFmpeg's number) of a file's first frame."""
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
        return int(frame.colorspace), int(frame.color_range)


def size_of(path: Path) -> str:
    """Width and height of a video, joined by an x."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return f"{stream.width}x{stream.height}"


def frames_of(path: Path) -> int:
    """How many frames a video has, by its packets."""
    with av.open(str(path)) as container:
        return sum(packet.size > 0 for packet in container.demux(video=0))


@dataclass(frozen=True, slots=True)
class Scale:
    """How large clips are: as they are measured, or just enough to see that everything runs."""

    large: str = "1920x1080"
    middle: str = "1280x720"
    frames: int = 250
    loops: int = 24
    """How often the long clip repeats the short one: ten minutes at ten frames a second."""


TINY: Final = Scale("640x360", "320x180", 10, 2)


@dataclass
class Clips:
    """The clips, each made when it is first asked for."""

    folder: Path
    scale: Scale
    own: Path | None = None
    """A clip of the user's, in place of the drawn one."""
    made: dict[str, tuple[Path, int]] = field(default_factory=dict[str, tuple[Path, int]])

    def get(self, name: str) -> tuple[Path, int]:
        """The clip and how many frames it has."""
        if name not in self.made:
            path = self._make(name)
            self.made[name] = path, 0 if path.suffix == ".raw" else frames_of(path)
        return self.made[name]

    def _make(self, name: str) -> Path:
        path = self.folder / "".join(c if c.isalnum() else "_" for c in name)
        if name in VERSIONS and name != "1080p":
            return make_version(self.get("1080p")[0], VERSIONS[name], path.with_name(f"{path.name}.mp4"))
        if name == "1080p" and self.own is not None:
            return self.own
        return _MAKERS[name](self, path)

    def draw(self, path: Path, size: str, frames: int, *encoder: str) -> Path:
        """A drawn clip, mp4 unless it is given a suffix."""
        return draw(
            path if path.suffix else path.with_name(f"{path.name}.mp4"), size, frames, encoder or _H264
        )

    def loop(self, name: str, times: int, path: Path, *options: str) -> Path:
        """A clip some times over, as it is: packets are copied."""
        clip = self.get(name)[0]
        call([ffmpeg(), "-v", "error", "-y", "-stream_loop", str(times - 1), "-i", clip, "-c", "copy",
              *options, path])  # fmt: skip
        return path


def _raw(clips: Clips, path: Path, name: str, pixel: str) -> Path:
    """Eight frames of a clip without a header, repeated where it is shorter."""
    made = path.with_suffix(".raw")
    call([ffmpeg(), "-v", "error", "-y", "-i", clips.get(name)[0], "-frames:v", "8", "-pix_fmt", pixel,
          "-f", "rawvideo", made])  # fmt: skip
    return made


def _picture(path: Path) -> Path:
    call([ffmpeg(), "-v", "error", "-y", "-f", "lavfi", "-i", "mandelbrot=size=1600x1200", "-frames:v", "1",
          path])  # fmt: skip
    return path


_MAKERS: Final[Mapping[str, Callable[[Clips, Path], Path]]] = {
    "1080p": lambda clips, path: clips.draw(path, clips.scale.large, clips.scale.frames),
    "720p": lambda clips, path: clips.draw(path, clips.scale.middle, clips.scale.frames),
    "518x496": lambda clips, path: clips.draw(
        path.with_suffix(".avi"), "518x496", clips.scale.frames, *_MPEG4
    ),
    "64x64": lambda clips, path: clips.draw(path, "64x64", clips.scale.frames),
    "1080p twice": lambda clips, path: clips.loop("1080p", 2, path.with_suffix(".mp4")),
    "1080p short": lambda clips, path: clips.loop("1080p", 1, path.with_suffix(".mp4"), "-frames:v", "60"),
    "1080p often key": lambda clips, path: clips.draw(
        path, clips.scale.large, clips.scale.frames, *_H264, "-crf", "28", "-g", "12", "-sc_threshold", "0"
    ),
    "1080p keyframes": lambda clips, path: clips.loop(
        "1080p often key", max(1, clips.scale.loops // 5 + 1), path.with_suffix(".mp4")
    ),
    "ten minutes": lambda clips, path: clips.loop("720p", clips.scale.loops, path.with_suffix(".mp4")),
    "ten minutes, no index": lambda clips, path: clips.loop(
        "720p", clips.scale.loops, path.with_suffix(".ts")
    ),
    "ten times 518x496": lambda clips, path: clips.loop("518x496", 10, path.with_suffix(".avi")),
    "picture": lambda clips, path: _picture(path.with_suffix(".jpg")),
    "rgb frames": lambda clips, path: _raw(clips, path, "1080p", "gbrp"),
    "yuv frames": lambda clips, path: _raw(clips, path, "1080p", "yuv420p"),
    "small frames": lambda clips, path: _raw(clips, path, "64x64", "gbrp"),
}
