"""The programs that flowgraph is compared with: where they are, or why they can't run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import imageio_ffmpeg

HERE: Final = Path(__file__).parent / "peers"
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "flowgraph-bench"


class MissingError(Exception):
    """A peer can't run; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program that is there."""

    version: str
    words: Mapping[str, str]
    """What templates of commands call it, and its path."""
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Setting:
    """Where environments of peers are kept, and whether they may be made."""

    cache: Path
    install: bool


def find(name: str, setting: Setting) -> Peer:
    """Look a peer up, and make its environment where that may be done.

    Raises:
        MissingError: it is not to be had.
    """
    return _FINDERS[name](setting)


def ffmpeg() -> str:
    """The current FFmpeg that the imageio-ffmpeg package carries."""
    return str(imageio_ffmpeg.get_ffmpeg_exe())


def _ffmpeg(setting: Setting) -> Peer:
    return Peer(_said(ffmpeg(), "-version").partition(" Copyright")[0], {"ffmpeg": ffmpeg()}, {})


def _imagemagick(setting: Setting) -> Peer:
    _needs("ffmpeg")
    _needs("convert")
    said = _said("convert", "-version")
    if "ImageMagick" not in said:
        raise MissingError("'convert' is not ImageMagick's: apt-get install imagemagick")
    versions = f"{_said('ffmpeg', '-version').partition(' Copyright')[0]}, {' '.join(said.split()[1:3])}"
    return Peer(versions, {}, {})


def _toolbox(setting: Setting) -> Peer:
    _needs("ffmpeg")
    python = environment(setting, "toolbox", ("musicalgestures==1.32.0",), ())
    return Peer("musicalgestures 1.32.0", {"toolbox": str(python)}, {"MPLBACKEND": "agg"})


def _moviepy(setting: Setting) -> Peer:
    python = environment(setting, "moviepy", ("moviepy==2.2.1",), ())
    return Peer("MoviePy 2.2.1", {"moviepy": str(python)}, {})


def _vapoursynth(setting: Setting) -> Peer:
    python = environment(setting, "vapoursynth", ("vapoursynth==81", "numpy"), ("3.13", "3.12", "3.14"))
    settings = {"XDG_CONFIG_HOME": str(setting.cache / "vapoursynth-config")}
    subprocess.run(
        [python.with_name("vapoursynth"), "config"],
        check=True,
        capture_output=True,
        env=os.environ | settings,
    )
    return Peer("VapourSynth R81", {"vspipe": str(python.with_name("vspipe"))}, settings)


_FINDERS: Final[Mapping[str, Callable[[Setting], Peer]]] = {
    "ffmpeg": _ffmpeg,
    "imagemagick": _imagemagick,
    "toolbox": _toolbox,
    "moviepy": _moviepy,
    "vapoursynth": _vapoursynth,
}


def _needs(program: str) -> None:
    if shutil.which(program) is None:
        raise MissingError(f"there is no '{program}' here: apt-get install ffmpeg imagemagick")


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def environment(setting: Setting, name: str, packages: tuple[str, ...], versions: tuple[str, ...]) -> Path:
    """The Python of a virtual environment with some packages; made once.

    Raises:
        MissingError: it isn't there and may not be made, no Python is new enough, or pip failed.
    """
    folder = setting.cache / name
    python, done = folder / "bin" / "python", folder / "complete"
    if done.exists() and done.read_text() == "\n".join(packages):
        return python
    if not setting.install:
        raise MissingError(f"no environment with {packages[0]} in {folder}, and --no-install was given")
    print(f"making an environment with {', '.join(packages)} in {folder}", file=sys.stderr, flush=True)
    if versions:
        subprocess.run([interpreter(versions), "-m", "venv", "--clear", folder], check=True)
    else:
        venv.create(folder, clear=True, with_pip=True)
    install = subprocess.run(
        [python, "-m", "pip", "install", "-q", *packages], capture_output=True, text=True
    )
    if install.returncode:
        raise MissingError(f"pip could not install {packages[0]}: {install.stderr.strip().splitlines()[-1]}")
    done.write_text("\n".join(packages))
    return python


@cache
def interpreter(versions: tuple[str, ...]) -> Path:
    """A Python of one of these versions: this one, one in PATH, or one that pyenv keeps.

    Raises:
        MissingError: there is none.
    """
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in versions:
        if version == own:
            return Path(sys.executable)
        found = [shutil.which(f"python{version}"), *sorted(kept.glob(f"{version}.*/bin/python"))]
        for path in filter(None, found):
            # pyenv's shims are there for versions that are not switched on, and then fail.
            if subprocess.run([path, "-c", "import venv"], capture_output=True).returncode == 0:
                return Path(path)
    raise MissingError(f"it needs Python {' or '.join(versions)}, and there is none in PATH")
