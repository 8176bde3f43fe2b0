"""Looks at this machine: packages, FFmpeg's codecs, OpenCV, display, cores and memory."""

from __future__ import annotations

import importlib
import os
import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from flowgraph import __version__
from flowgraph.cli.human import size
from flowgraph.cli.problems import missing_library

State = Literal["good", "note", "missing"]

PACKAGES = {
    "numpy": "numpy",
    "opencv-python": "cv2",
    "av": "av",
    "networkx": "networkx",
    "pyyaml": "yaml",
    "msgpack": "msgpack",
    "pydantic": "pydantic",
    "rich": "rich",
    "click": "click",
    "pygraphviz": "pygraphviz",
}
"""Distribution to the module that it brings."""

CODECS = {
    "h264": ("h264", ("libx264", "libopenh264")),
    "hevc": ("hevc", ("libx265",)),
    "vp9": ("vp9", ("libvpx-vp9",)),
    "av1": ("av1", ("libsvtav1", "libaom-av1")),
    "mpeg4 (XVID)": ("mpeg4", ("mpeg4",)),
    "ffv1": ("ffv1", ("ffv1",)),
    "mjpeg": ("mjpeg", ("mjpeg",)),
    "gif": ("gif", ("gif",)),
    "webp": ("webp", ("libwebp_anim", "libwebp")),
    "apng": ("apng", ("apng",)),
}
"""Codec to its decoder and the encoders that can write it."""

LIBRARIES = ("libavcodec", "libavformat", "libavfilter", "libswscale")

NEEDED = ("h264", "ffv1", "gif")
"""Codecs without which the bundled graphs don't run as documented."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and how to get what is missing."""

    what: str
    found: str
    state: State = "good"
    remedy: str = ""


def examine() -> list[Finding]:
    """All findings, in the order in which they are shown."""
    found = [
        Finding("flowgraph", __version__),
        Finding("Python", f"{platform.python_version()} ({sys.executable})"),
        Finding("system", f"{platform.system()} {platform.release()} {platform.machine()}"),
        *(_package(name, module) for name, module in PACKAGES.items()),
    ]
    usable = {finding.what for finding in found if finding.state == "good"}
    if "av" in usable:
        found += _codecs()
    if "opencv-python" in usable:
        found.append(_display())
    if "numpy" in usable:
        found.append(_kernels())
    found.append(_cores())
    if usable >= PACKAGES.keys():
        # What the engine allows itself is the engine's to say, and without all packages it can't be imported.
        found.append(_memory())
    return found


def _package(name: str, module: str) -> Finding:
    try:
        importlib.import_module(module)
        return Finding(name, version(name))
    except PackageNotFoundError:
        # OpenCV also comes as opencv-python-headless and as a system package.
        return Finding(name, "not from pip, but can be imported")
    except ModuleNotFoundError:
        return Finding(name, "not installed", "missing", f"pip install {name}")
    except ImportError as error:
        line, _, hint = missing_library(error).partition("\n")
        return Finding(
            name, line or str(error), "missing", hint.strip() or f"pip install --force-reinstall {name}"
        )


def _codecs() -> Iterator[Finding]:
    import av

    named = [f"{name} {'.'.join(map(str, numbers[:2]))}" for name, numbers in av.library_versions.items()]
    yield Finding("FFmpeg", ", ".join(sorted(name for name in named if name.split()[0] in LIBRARIES)))
    for name, (decoder, encoders) in CODECS.items():
        writes = next((encoder for encoder in encoders if encoder in av.codecs_available), "")
        reads = decoder in av.codecs_available
        said = f"{'read' if reads else 'not read'}, {f'written by {writes}' if writes else 'not written'}"
        state: State = "good" if reads and writes else "missing" if name in NEEDED else "note"
        remedy = "pip install --force-reinstall av (its wheels bring it)" if state == "missing" else ""
        yield Finding(name, said, state, remedy)


def _display() -> Finding:
    import cv2

    match = re.search(r"GUI:\s*(\S+)", cv2.getBuildInformation())
    toolkit = match[1] if match else "NONE"
    if toolkit == "NONE":
        remedy = "a preview window needs opencv-python instead of opencv-python-headless"
        return Finding("display", "OpenCV is built without windows", "note", remedy)
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Finding("display", "none: no preview window here (all else works)", "note")
    return Finding("display", f"there, windows by {toolkit}")


def _kernels() -> Finding:
    from flowgraph import native

    reason = native.why_not()
    if not reason:
        return Finding("native code", f"in use; {native.SWITCH}=0 in the environment switches them off")
    remedy = "" if native.switched_off() else "with a C compiler (gcc), install flowgraph again"
    return Finding("native code", f"{reason}; runs are slower, with the same results", "note", remedy)


def _cores() -> Finding:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding("cores", str(allowed))


def _memory() -> Finding:
    from flowgraph.machine import allowed_bytes

    total, allowed = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"), allowed_bytes()
    limit = size(allowed * 10 // 8)
    where = f", of which the control group allows {limit}" if allowed < total * 8 // 10 else ""
    return Finding("memory", f"{size(total)}{where}; --max-memory is {size(allowed)} unless given")
