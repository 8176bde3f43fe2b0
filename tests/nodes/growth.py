"""Measures in a fresh process how much memory calls take, that of libraries included. Linux only."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from flowgraph.frame import Frame

Case = tuple[Any, ...]

# Freed memory must go back to the system, or a later call would find it in the allocator.
_SETTINGS: Final = {"MALLOC_MMAP_THRESHOLD_": "32768", "MALLOC_TRIM_THRESHOLD_": "0"}


def grown(call: Callable[[], object]) -> int:
    """Bytes that a call adds to what is resident, at its peak."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _peak()
    call()
    return _peak() - before


def filled(frame: Frame) -> Frame:
    """A frame whose memory was touched, so that it is resident."""
    for plane in frame.planes:
        plane[...] = 7
    return frame


def over(slack: int, measure: Callable[..., int], cases: Sequence[Case]) -> list[Case]:
    """Those cases that `measure`, in a process of its own, gives more than `slack` bytes for.

    `measure` is a function of a test module, and a case is what it takes, as JSON can hold it.
    """
    given = json.dumps([Path(measure.__code__.co_filename).stem, measure.__name__, cases])
    settings = os.environ | _SETTINGS
    done = subprocess.run(
        [sys.executable, __file__, given], env=settings, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    found: list[int] = json.loads(done.stdout)
    return [(*case, bytes) for case, bytes in zip(cases, found, strict=True) if bytes > slack]


def _peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def _measured(module: str, name: str, cases: Sequence[Case]) -> list[int]:
    import cv2

    # How much OpenCV's threads take depends on the machine.
    cv2.setNumThreads(0)
    measure = getattr(import_module(module), name)
    return [measure(*case) for case in cases]


if __name__ == "__main__":
    print(json.dumps(_measured(*json.loads(sys.argv[1]))))
