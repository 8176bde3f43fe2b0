"""Draws the clips that the effects are compared on: a still, grainy scene that two shapes move through."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from fidelity_tools import Clip, Pictures, ffmpeg

FRAMES: Final = 24
_H264: Final = ("-c:v", "libx264", "-g", "6", "-crf", "18", "-preset", "fast")
_SHARED: Final = Path(__file__).parents[3] / "shared" / "media"


def draw(width: int, height: int, seed: int, count: int = FRAMES) -> Pictures:
    """Frames whose first one shows the empty scene; every colour stays well inside the YUV gamut."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = (np.sin(columns / 17 + rows / 29), np.cos(rows / 13), np.sin((columns + rows) / 23))
    scene = np.stack([110 + 45 * wave for wave in waves], axis=2)
    grain = np.random.default_rng(seed).normal(0, 20, scene.shape).astype(np.float32)
    scene = np.clip(scene + cv2.GaussianBlur(grain, (0, 0), 1), 0, 255).astype(np.uint8)
    frames = np.stack([scene] * count)
    for k in range(1, count):
        centre = (
            int(width * (0.2 + 0.6 * (7 * k % count) / count)),
            int(height * (0.5 + 0.3 * np.sin(k / 3))),
        )
        cv2.circle(frames[k], centre, height // 5, (60, 70, 190), -1, cv2.LINE_AA)
        left = (width - 5 * k) % width
        cv2.rectangle(frames[k], (left, height // 6), (left + width // 6, height // 3), (190, 150, 80), -1)
    return frames


def made_clips(folder: Path) -> list[Clip]:
    """Clips of several codecs, sizes, matrices and ranges, with a keyframe every six frames."""
    mpeg4 = ["-c:v", "mpeg4", "-q:v", "3", "-g", "6"]
    bt709 = ["-vf", "scale=out_color_matrix=bt709", *_H264, "-pix_fmt", "yuv420p", "-colorspace", "bt709",
             "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]  # fmt: skip
    return [
        _encode(folder / "mpeg4.avi", 134, 98, 1, mpeg4),
        _encode(folder / "odd.avi", 133, 97, 2, mpeg4),
        _encode(folder / "h264.mp4", 160, 120, 3, [*_H264, "-pix_fmt", "yuv420p"]),
        _encode(folder / "bt709.mp4", 160, 120, 4, bt709,
                "scale=out_color_matrix=bt709:flags=bicubic,format=yuv420p"),
        _encode(folder / "full.mp4", 150, 110, 5,
                ["-vf", "scale=out_range=full", *_H264, "-pix_fmt", "yuvj420p"], "format=yuvj420p"),
    ]  # fmt: skip


def soft_clip(folder: Path) -> Clip:
    """A clip whose colours have no hard edges and no grain."""
    return _encode(folder / "soft.mp4", 160, 120, 6, ["-vf", "gblur=sigma=3", *_H264, "-pix_fmt", "yuv420p"])


def shared_clips() -> list[Clip]:
    """The first frames of filmed clips, where their folder is at hand."""
    found = [
        Clip("dancer.avi", _SHARED / "dancer.avi", 518, 496, 14),
        Clip("vtest.avi", _SHARED / "vtest.avi", 768, 576, 8),
    ]
    return [clip for clip in found if clip.path.exists()]


def rgb_clip(folder: Path) -> tuple[Clip, Pictures]:
    """A clip of RGB frames without loss, and those frames."""
    pictures = draw(134, 98, 7)
    return _encode(folder / "rgb.mkv", 134, 98, 7, ["-c:v", "ffv1", "-pix_fmt", "bgr0", "-g", "1"]), pictures


def _encode(
    path: Path, width: int, height: int, seed: int, codec: list[str], tail: str = "format=yuv420p"
) -> Clip:
    frames = draw(width, height, seed)
    ffmpeg("-f", "rawvideo", "-pix_fmt", "bgr24", "-s", f"{width}x{height}", "-r", "25", "-i", "-",
           *codec, path, given=frames.tobytes())  # fmt: skip
    return Clip(path.name, path, width, height, len(frames), tail)
