"""What a source's path means: a file, a sequence of images, standard input, a device or an address."""

from __future__ import annotations

import errno
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

import av
from av.container.input import InputContainer
from av.error import FFmpegError

from flowgraph.errors import GraphError, did_you_mean
from flowgraph.media.whole import missing_bytes

Kind = Literal["file", "image", "sequence", "pipe", "device", "address"]

IMAGES: Final = frozenset(
    {
        ".png",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".tif",
        ".tiff",
        ".bmp",
        ".dib",
        ".webp",
        ".ppm",
        ".pgm",
        ".pbm",
        ".pnm",
        ".jp2",
        ".sr",
        ".ras",
        ".hdr",
        ".exr",
    }
)
"""Suffixes of files that hold one picture."""

_DEVICES: Final = frozenset(
    {
        "v4l2",
        "video4linux2",
        "avfoundation",
        "dshow",
        "gdigrab",
        "x11grab",
        "kmsgrab",
        "fbdev",
        "decklink",
        "lavfi",
    }
)
_LIVE: Final = frozenset({"rtsp", "rtsps", "rtmp", "rtmps", "rtp", "udp", "srt", "tcp", "sdp"})
_OPEN_S, _READ_S = 15.0, 30.0


@dataclass(frozen=True, slots=True)
class Location:
    """Where frames come from, and how FFmpeg is told."""

    kind: Kind
    name: str
    """What is opened: a file name, a device, an address."""
    format: str | None = None
    live: bool = False
    options: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def path(self) -> Path | None:
        """The file, where there is one."""
        return Path(self.name) if self.kind in ("file", "image") else None

    @property
    def title(self) -> str:
        """What people call it."""
        return "standard input" if self.kind == "pipe" else self.name

    @property
    def rereadable(self) -> bool:
        """Whether opening it again gives the same frames."""
        return not self.live and self.kind != "pipe"


@dataclass(frozen=True, slots=True)
class RawVideo:
    """What must be told of pictures that come without a header, one behind the other."""

    pixel: str
    size: str

    @classmethod
    def parse(cls, text: str) -> RawVideo:
        """Read a pixel format of FFmpeg and a size, as `bgr24 640x360`.

        Raises:
            ValueError: it is something else.
        """
        match = re.fullmatch(r"\s*([a-z0-9]+)\s+([1-9]\d{0,4}x[1-9]\d{0,4})\s*", text)
        if match is None:
            raise ValueError(f"'{text}' is no pixel format and size; write bgr24 640x360")
        try:
            av.VideoFormat(match[1])
        except ValueError:
            raise ValueError(f"FFmpeg knows no pixel format '{match[1]}'") from None
        return cls(match[1], match[2])

    def location(self, path: str, rate: Fraction | None) -> Location:
        """Raw pictures in a file, or on standard input; 25 a second unless told otherwise."""
        options = {"pixel_format": self.pixel, "video_size": self.size, "framerate": str(rate or 25)}
        kind: Kind = "pipe" if path == "-" else "file"
        return Location(kind, "pipe:0" if path == "-" else path, "rawvideo", options=options)


def locate(path: str) -> Location:
    """Read a source's path.

    `-` is standard input; `v4l2:/dev/video0` a device by FFmpeg's name; `rtsp://...` an address; a name with
    `*` or `%03d` a sequence of images; anything else a file.
    """
    if path == "-":
        return Location("pipe", "pipe:0")
    if match := re.match(r"([a-z][a-z0-9+]+)://", path):
        scheme = match[1]
        if scheme == "file":
            return locate(path.removeprefix("file://"))
        options = {"rtsp_transport": "tcp"} if scheme.startswith("rtsp") else {}
        return Location("address", path, live=scheme in _LIVE, options=options)
    device, _, rest = path.partition(":")
    if rest and device in _DEVICES:
        return Location("device", rest, format=device, live=device != "lavfi")
    if not Path(path).exists() and (re.search(r"%0?\d*d", path) or "*" in path):
        return Location("sequence", path)
    still = Path(path).suffix.lower() in IMAGES and not _is_animation(Path(path))
    return Location("image" if still else "file", path)


def _is_animation(path: Path) -> bool:
    """Whether a WebP file holds more than one picture."""
    if path.suffix.lower() != ".webp" or not path.is_file():
        return False
    with path.open("rb") as file:
        return b"ANIM" in file.read(64)


def open_input(location: Location) -> InputContainer:
    """Open a video.

    Raises:
        GraphError: it isn't there, isn't a video, or can't be read; the message names it.
    """
    name = location.name
    if location.path is not None:
        check_file(location.path)
    timeout = (_OPEN_S, _READ_S) if location.kind == "address" else None
    try:
        return av.open(name, "r", location.format, dict(location.options), timeout=timeout)
    except FFmpegError as error:
        raise GraphError(_refusal(location, error), hint=_remedy(location, error)) from error


def check_file(path: Path) -> None:
    """Say what is wrong with a file that is to be read.

    Raises:
        GraphError: it isn't there, is a folder, is empty or may not be read.
    """
    try:
        if path.is_dir():
            raise GraphError(
                f"{path} is a folder, not a video", hint="for a folder of images: 'folder/*.png'"
            )
        with path.open("rb") as file:
            regular = path.is_file()
            if regular and not file.read(1):
                raise GraphError(f"{path} is empty")
    except FileNotFoundError:
        raise GraphError(f"no such file: {path}", hint=_nearby(path)) from None
    except PermissionError:
        raise GraphError(f"{path} may not be read: permission denied") from None
    except OSError as error:
        raise GraphError(f"{path} can't be read: {error.strerror}") from None


def _nearby(path: Path) -> str:
    folder = path.parent
    return did_you_mean(path.name, (p.name for p in folder.iterdir())) if folder.is_dir() else ""


def _refusal(location: Location, error: FFmpegError) -> str:
    if location.kind in ("device", "address"):
        return f"{location.name} can't be opened: {error.strerror}"
    return f"{location.title} is not a video that can be read ({error.strerror})"


def _remedy(location: Location, error: FFmpegError) -> str:
    if error.errno == errno.EACCES:
        return "is the user allowed to use the device?"
    lacking = missing_bytes(location.path) if location.path else 0
    return f"it is cut short: {lacking:,} bytes are missing at its end" if lacking else ""
