"""A virtual camera: what video calls take for a camera, through the package pyvirtualcam."""

from __future__ import annotations

from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Frame
from flowgraph.node import SinkInfo

PIXELS: Final = {"bgr24": "BGR", "gray": "GRAY", "yuv420p": "I420"}
"""The engine's pixel formats that a virtual camera takes, and its own names for them."""

_UNKNOWN_RATE = Fraction(30)


class CameraWriter:
    """Shows frames to other programs at the stream's rate."""

    def __init__(self, device: str, pace: bool, info: SinkInfo) -> None:
        """Open the camera.

        Raises:
            GraphError: the package pyvirtualcam isn't installed.
            RunError: there is no such device, or it can't show such pictures.
        """
        try:
            pyvirtualcam: Any = import_module("pyvirtualcam")
        except ImportError as error:
            raise GraphError(
                "a virtual camera needs the package pyvirtualcam",
                hint="pip install 'flowgraph-engine[camera]'",
            ) from error
        format = info.format
        try:
            self._camera: Any = pyvirtualcam.Camera(
                format.width, format.height, float(info.rate or _UNKNOWN_RATE),
                fmt=pyvirtualcam.PixelFormat[PIXELS[format.pixel]], device=device or None,
            )  # fmt: skip
        except (RuntimeError, ValueError) as error:
            said = str(error).partition(". ")[0]
            raise RunError(
                f"no virtual camera: {said}",
                hint="on Linux: sudo modprobe v4l2loopback (from v4l2loopback-dkms); elsewhere install OBS",
            ) from error
        self._pace = pace
        self._count = 0

    def write(self, frame: Frame) -> None:
        """Show one frame; wait until its time where the camera keeps the pace."""
        planes = frame.planes
        picture = planes[0] if len(planes) == 1 else np.concatenate([plane.reshape(-1) for plane in planes])
        self._camera.send(np.ascontiguousarray(picture))
        if self._pace:
            self._camera.sleep_until_next_frame()
        self._count += 1

    def close(self) -> str:
        """Close the camera."""
        self._camera.close()
        return f"{self._camera.device}: {self._count} frames shown"

    def abort(self) -> Path | None:
        """Close the camera; there is nothing to keep."""
        self._camera.close()
        return None
