"""A window on the screen, through OpenCV."""

from __future__ import annotations

import os
import socket
import sys
from fractions import Fraction
from pathlib import Path
from time import monotonic

import cv2

from flowgraph.errors import RunError, StopRun
from flowgraph.frame import Frame

_QUIT = (ord("q"), ord("Q"), 27)


def display_problem() -> str:
    """Why no window can be opened here; "" where one can, as far as that can be told beforehand.

    OpenCV's own window library ends the whole process where there is no display, so it has to be asked for
    before.
    """
    gui = next((line for line in cv2.getBuildInformation().splitlines() if " GUI:" in line), "")
    if gui.endswith("NONE"):
        return "this OpenCV has no windows; install opencv-python in place of opencv-python-headless"
    if not sys.platform.startswith("linux"):
        return ""
    display = os.environ.get("DISPLAY", "")
    if not display:
        return "there is no display: DISPLAY is not set (over ssh, use ssh -X, or write to a file)"
    return "" if _reachable(display) else f"there is no display at DISPLAY={display}"


def _reachable(display: str) -> bool:
    host, _, rest = display.rpartition(":")
    number = rest.partition(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix"):
        return Path(f"/tmp/.X11-unix/X{number}").exists()
    try:
        socket.create_connection((host, 6000 + int(number)), timeout=2).close()
    except OSError:
        return False
    return True


class Window:
    """Shows frames, at their own pace if asked to. A still stays until a key is pressed."""

    def __init__(self, title: str, pace: bool, still: bool) -> None:
        """Open the window.

        Raises:
            RunError: there is no display.
        """
        problem = display_problem()
        if problem:
            raise RunError(f"no preview: {problem}")
        self._title = title
        self._pace = pace
        self._still = still
        self._begun: tuple[float, Fraction] | None = None
        self._count = 0
        try:
            cv2.namedWindow(title, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO)
        except cv2.error as error:
            raise RunError(f"no preview: {error.err}") from error

    def write(self, frame: Frame) -> None:
        """Show a frame, and wait until its time has come.

        Raises:
            StopRun: the window was closed.
        """
        if self._begun is None:
            cv2.resizeWindow(self._title, frame.format.width, frame.format.height)
            self._begun = (monotonic(), frame.time)
        cv2.imshow(self._title, frame.data)
        self._count += 1
        started, first = self._begun
        ahead_s = float(frame.time - first) - (monotonic() - started) if self._pace else 0.0
        key = cv2.waitKey(0 if self._still else max(1, round(ahead_s * 1000)))
        gone = cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1
        if key & 0xFF in _QUIT or gone:
            raise StopRun

    def close(self) -> str:
        """Close the window."""
        self.abort()
        return f"preview: {self._count} frames"

    def abort(self) -> Path | None:
        """Close the window."""
        if cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) >= 1:
            cv2.destroyWindow(self._title)
        return None
