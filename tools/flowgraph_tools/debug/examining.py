"""What an inspector tells of a frame: its samples at a point, their spread, and how two frames differ."""

from __future__ import annotations

import hashlib
from typing import Any

import cv2
import numpy as np

from flowgraph.frame import Frame, Plane
from flowgraph_tools.debug.pictures import scale_of, to_bgr

WAVEFORM = (256, 128)
"""Columns and levels of a waveform."""


def probe(frame: Frame, x: int, y: int) -> dict[str, Any]:
    """The samples of every plane at a pixel, as they are in memory, and the RGB that they show as.

    Raises:
        ValueError: the pixel is outside.
    """
    format = frame.format
    if not (0 <= x < format.width and 0 <= y < format.height):
        raise ValueError(f"pixel {x}, {y} is outside of {format.width}x{format.height}")
    planes = [
        [float(value) if plane.dtype.kind == "f" else int(value) for value in np.atleast_1d(at)]
        for plane, (_, right, down) in zip(frame.planes, format.layout.planes, strict=True)
        for at in [plane[y >> down, x >> right]]
    ]
    found: dict[str, Any] = {"x": x, "y": y, "planes": planes, "names": plane_names(frame)}
    if format.family != "data":
        blue, green, red = (int(value) for value in to_bgr(frame)[y, x])
        found["rgb"] = [red, green, blue]
    return found


def plane_names(frame: Frame) -> list[str]:
    """One letter or word for each sample of a pixel, plane by plane."""
    match frame.format.pixel:
        case "bgr24":
            return ["B", "G", "R"]
        case "bgra":
            return ["B", "G", "R", "A"]
        case "gbrp":
            return ["G", "B", "R"]
        case "table":
            return list(frame.format.columns)
        case _:
            return ["Y", "U", "V"] if frame.format.family == "yuv" else ["gray"]


def histogram(frame: Frame) -> dict[str, list[int]]:
    """How often each level 0..255 occurs: of the luma or gray plane, or of R, G and B."""
    if frame.format.family == "rgb":
        picture = to_bgr(frame)
        return {name: _counts(picture[..., i]) for i, name in ((2, "R"), (1, "G"), (0, "B"))}
    return {"Y" if frame.format.family == "yuv" else "gray": _counts(_luma(frame))}


def _counts(plane: Plane) -> list[int]:
    return [int(count) for count in np.bincount(plane.ravel(), minlength=256)]


def waveform(frame: Frame) -> Plane:
    """For each stretch of columns (across) how often each level occurs (up), as a gray picture."""
    luma = _luma(frame)
    columns, levels = WAVEFORM
    across = np.arange(luma.shape[1]) * columns // luma.shape[1]
    index = across[None, :] * levels + (luma >> 1)
    counts = np.bincount(index.ravel(), minlength=columns * levels).reshape(columns, levels).T[::-1]
    most = counts.max() or 1
    shown: Plane = np.rint(255 * np.sqrt(counts / most)).astype(np.uint8)
    return shown


def _luma(frame: Frame) -> Plane:
    """The levels of a frame, 0..255: its first plane for gray and YUV."""
    if frame.format.family == "yuv" or frame.format.pixel == "gray":
        return frame.planes[0]
    return cv2.cvtColor(to_bgr(frame), cv2.COLOR_BGR2GRAY)


def statistics(frame: Frame) -> dict[str, Any]:
    """The least, mean and most of each kind of sample, and a fingerprint of all bits."""
    planes = [plane[..., None] if plane.ndim == 2 else plane for plane in frame.planes]
    channels = [plane[..., i] for plane in planes for i in range(plane.shape[2])]
    names = plane_names(frame)
    rows = [[float(c.min()), float(c.mean()), float(c.max())] for c in channels]
    found: dict[str, Any] = {"names": names, "rows": rows, "bits": fingerprint(frame)}
    if frame.format.pixel == "grayf32le":
        found["scale"] = scale_of(frame.data)
    return found


def fingerprint(frame: Frame) -> str:
    """Twelve digits that two frames have in common only when all of their samples are equal."""
    digest = hashlib.blake2b(str(frame.format).encode(), digest_size=6)
    for plane in frame.planes:
        digest.update(np.ascontiguousarray(plane).data)
    return digest.hexdigest()


def difference(one: Frame, other: Frame) -> tuple[Plane, dict[str, Any]]:
    """Where two frames differ as they are seen, amplified to be visible, and by how much.

    Raises:
        ValueError: their sizes differ.
    """
    left, right = to_bgr(one), to_bgr(other)
    if left.shape != right.shape:
        raise ValueError(
            f"{one.format.width}x{one.format.height} and {other.format.width}x{other.format.height}"
            " can't be compared point by point"
        )
    apart = cv2.absdiff(left, right)
    most = int(apart.max())
    gain = 255 // most if most else 1
    differing = int(np.count_nonzero(apart.max(axis=2)))
    told = {"most": most, "mean": float(apart.mean()), "pixels": differing, "gain": gain}
    return cv2.convertScaleAbs(apart, alpha=gain), told
