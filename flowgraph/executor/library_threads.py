"""OpenCV's own threads, which are a setting of the whole process."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import cv2


@dataclass(slots=True)
class _Asked:
    """How many runs there are, and what was set before the first of them."""

    runs: int = 0
    before: int = 0


_asked = _Asked()
_lock = Lock()


@contextmanager
def one_opencv_thread() -> Generator[None]:
    """Tokens run side by side: OpenCV's own threads would only get in their way.

    Runs may overlap: the first one sets it, and the last one sets back what was there before.
    """
    with _lock:
        if not _asked.runs:
            _asked.before = cv2.getNumThreads()
            cv2.setNumThreads(1)
        _asked.runs += 1
    try:
        yield
    finally:
        with _lock:
            _asked.runs -= 1
            if not _asked.runs:
                cv2.setNumThreads(_asked.before)
