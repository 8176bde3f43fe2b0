"""Which encoder writes what, into which container: tables, and the choice by a path's suffix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from flowgraph.errors import did_you_mean

Kind = Literal["video", "gif", "images", "table", "null"]


@dataclass(frozen=True, slots=True)
class Codec:
    """An encoder as users name it."""

    encoder: str
    quality: float | None = None
    """Default of `quality`, on the encoder's own scale."""
    knob: Literal["crf", "qscale", "quality", ""] = ""
    """The encoder's option that `quality` sets."""
    presets: tuple[str, ...] = ()
    pixels: tuple[str, ...] = ("yuv420p", "yuv422p", "yuv444p")
    """Pixel formats it takes; the first is the default."""
    even: bool = False
    """Whether sizes must be multiples of the chroma subsampling."""
    tags: bool = False
    """Whether its bitstream carries matrix and range."""
    ticks: int = 1_000_000
    """The largest denominator of its time base."""
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    tag: str = ""
    copies: bool = False
    """Whether it has a copy of each picture by the time that it has taken it."""


_SPEEDS = (
    *("ultrafast", "superfast", "veryfast", "faster", "fast"),
    *("medium", "slow", "slower", "veryslow", "placebo"),
)

CODECS: Final[Mapping[str, Codec]] = {
    "h264": Codec(
        "libx264",
        20,
        "crf",
        _SPEEDS,
        ("yuv420p", "yuv422p", "yuv444p"),
        even=True,
        tags=True,
        copies=True,
    ),
    "hevc": Codec(
        "libx265",
        24,
        "crf",
        _SPEEDS,
        ("yuv420p", "yuv422p", "yuv444p"),
        even=True,
        tags=True,
        options={"x265-params": "log-level=none"},
        tag="hvc1",
        copies=True,
    ),
    "av1": Codec(
        "libsvtav1", 32, "crf", tuple(map(str, range(14))), ("yuv420p",), even=True, tags=True, copies=True
    ),
    "vp9": Codec(
        "libvpx-vp9",
        31,
        "crf",
        (),
        ("yuv420p", "yuv422p", "yuv440p", "yuv444p"),
        tags=True,
        options={"deadline": "good", "cpu-used": "4", "row-mt": "1", "b": "0"},
        copies=True,
    ),
    "mpeg4": Codec("mpeg4", 3, "qscale", (), ("yuv420p",), ticks=60_000),
    "ffv1": Codec(
        "ffv1",
        pixels=("yuv420p", "yuv422p", "yuv444p", "yuv440p", "yuv411p", "yuv410p", "gray", "gray16le", "bgra"),
        options={"level": "3", "slicecrc": "1"},
    ),
    "mjpeg": Codec("mjpeg", 3, "qscale"),
    "rawvideo": Codec("rawvideo", pixels=("yuv420p", "yuv422p", "yuv444p", "gray", "bgr24")),
    "webp": Codec("libwebp_anim", 80, "quality", pixels=("bgra",), ticks=1000),
    "apng": Codec("apng", pixels=("rgb24",), ticks=60_000, options={"pred": "mixed"}),
    "gif": Codec("gif", pixels=("pal8",), ticks=100),
}

_SUFFIXES: Final[Mapping[str, tuple[str, str]]] = {
    ".mp4": ("mp4", "h264"),
    ".m4v": ("mp4", "h264"),
    ".mov": ("mov", "h264"),
    ".mkv": ("matroska", "h264"),
    ".webm": ("webm", "vp9"),
    ".avi": ("avi", "mpeg4"),
    ".nut": ("nut", "ffv1"),
    ".ts": ("mpegts", "h264"),
    ".y4m": ("yuv4mpegpipe", "rawvideo"),
    ".raw": ("rawvideo", "rawvideo"),
    ".webp": ("webp", "webp"),
    ".apng": ("apng", "apng"),
    ".gif": ("gif", "gif"),
}

_TAGGED_CONTAINERS = ("mp4", "mov", "matroska", "webm", "nut")

TABLE_SUFFIXES: Final = (".csv", ".jsonl")

IMAGE_SUFFIXES: Final = (
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"),
    *(".ppm", ".pgm", ".pnm", ".jp2", ".webp"),
)

FIRST_NUMBER: Final = 1
"""Sequences count from here, as ffmpeg does."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a sink's path and codec come down to."""

    kind: Kind
    container: str = ""
    name: str = ""
    """The codec as users name it."""

    @property
    def codec(self) -> Codec:
        """The codec's record."""
        return CODECS[self.name]

    def encodes(self, pixels: str) -> str:
        """The encoder's pixel format, given what the user asked for."""
        return self.codec.pixels[0] if pixels == "auto" else pixels

    def takes(self, pixels: str) -> str:
        """The engine's pixel format that the writer of this target wants."""
        return "bgr24" if self.name in ("gif", "webp", "apng") else self.encodes(pixels)

    @property
    def carries_aspect(self) -> bool:
        """Whether the file will say that its pixels aren't square."""
        codecs = ("h264", "hevc", "mpeg4")
        return self.name in codecs or self.container in ("mp4", "mov", "nut", "yuv4mpegpipe")

    @property
    def carries_colour(self) -> bool:
        """Whether the file will say which matrix its YUV is in."""
        return self.codec.tags or self.container in _TAGGED_CONTAINERS


def is_sequence(path: str) -> bool:
    """Whether a path is a pattern for numbered files."""
    return "%" in Path(path).name


def target_of(path: str, codec: str, still: bool = False) -> Target:
    """Choose kind, container and codec.

    Raises:
        ValueError: nothing can be written to such a path, or not with that codec.
    """
    if path == "null":
        return Target("null", "null", "rawvideo" if codec == "auto" else codec)
    standard = ".raw" if codec == "rawvideo" else ".y4m"
    suffix = standard if path == "-" else Path(path).suffix.lower()
    if suffix in TABLE_SUFFIXES:
        if codec != "auto":
            raise ValueError(f"{suffix} files hold numbers; leave codec out")
        return Target("table")
    images = suffix in IMAGE_SUFFIXES and (suffix != ".webp" or still or is_sequence(path))
    if images and codec == "auto":
        return Target("images")
    if suffix not in _SUFFIXES:
        known = (*_SUFFIXES, *IMAGE_SUFFIXES, *TABLE_SUFFIXES)
        hint = did_you_mean(suffix, known) or f"known are {' '.join(dict.fromkeys(known))}"
        raise ValueError(f"no kind of output ends in '{suffix or path}'; {hint}")
    container, default = _SUFFIXES[suffix]
    name = default if codec == "auto" else codec
    fixed = suffix in (".gif", ".webp", ".apng", ".y4m", ".raw")
    if fixed and name != default:
        raise ValueError(f"{suffix} files are always {default}; leave codec out")
    if not fixed and name in ("gif", "webp", "apng"):
        raise ValueError(f"{name} is written to a file that ends in .{name}")
    return Target("gif" if suffix == ".gif" else "video", container, name)


def first_file(path: str) -> Path:
    """The file that is written, or the first one of a sequence."""
    return Path(path % FIRST_NUMBER) if is_sequence(path) else Path(path)


def check_settings(
    target: Target, path: str, quality: float | None, preset: str, pixels: str, sound: str | None
) -> None:
    """Make sure that what is written has these settings, and a sequence a place for its number.

    Raises:
        ValueError: it hasn't; the message says what it has.
    """
    if "*" in path or (is_sequence(path) and not _takes_number(path)):
        raise ValueError(f"'{path}' has no place for a number; write it as name%03d.png")
    if sound and Path(sound).resolve() == Path(path).resolve():
        raise ValueError(f"{path} would be written over the file whose sound is read")
    if target.kind == "images":
        name = Path(path).suffix.lower()
        codec = Codec("", knob="quality" if name in (".jpg", ".jpeg", ".webp") else "", pixels=())
    elif target.kind == "table":
        name, codec = Path(path).suffix.lower(), Codec("", pixels=())
        if is_sequence(path):
            raise ValueError(f"'{path}': a table is one file for all frames; leave the number out")
    else:
        name, codec = target.name, target.codec
    presets, known = codec.presets, codec.pixels
    if quality is not None and not codec.knob:
        raise ValueError(f"{name} has no quality: it is {'a palette' if name == 'gif' else 'lossless'}")
    if preset and preset not in presets:
        raise ValueError(f"{name} has no preset '{preset}'; it takes {', '.join(presets) or 'none'}")
    if pixels != "auto" and pixels not in known:
        raise ValueError(
            f"{name} doesn't take {pixels}; it takes {', '.join(known) or 'what fits the stream'}"
        )


def _takes_number(path: str) -> bool:
    return path.count("%") == 1 and re.search(r"%(0\d+)?d", Path(path).name) is not None
