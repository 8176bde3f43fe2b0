"""Graphs that draw their own clip, against FFmpeg 5.1 and OpenCV on the pictures drawn."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import (
    Clip,
    Compare,
    Pictures,
    flowgraph,
    pictures_of_files,
    planes_of_file,
    planes_of_pictures,
    watched,
)

SIZE = ("-p", "size=160x120", "-p", "length=12")


@pytest.fixture
def drawn(folder: Path) -> Clip:
    """The clip that is drawn, without loss."""
    flowgraph("run", "make_clip", "-o", "clip.mkv", *SIZE, "--set", "out.codec=ffv1")
    return Clip("drawn", folder / "clip.mkv", 160, 120, 12)


@pytest.mark.compares("make_clip")
def test_a_drawn_clip_has_the_planes_that_ffmpeg_makes_of_its_pictures(
    drawn: Clip, folder: Path, compare: Compare
) -> None:
    flowgraph("run", "make_clip", "-o", "%03d.png", *SIZE, "--set", "video.format=bgr24")
    theirs = planes_of_pictures(drawn, pictures_of_files(folder, "*.png"))
    compare("make_clip", drawn.name, "ffmpeg 5.1, planes", planes_of_file(drawn.path), theirs)


@pytest.mark.compares("demo")
def test_the_demonstration_shows_the_clip_beside_its_bloom(
    drawn: Clip, folder: Path, compare: Compare
) -> None:
    flowgraph("run", "demo", "-o", "%03d.png", *SIZE)
    frames = watched(drawn)
    past = frames[np.maximum(0, np.arange(len(frames)) - 4)]
    motion = np.clip(2.0 * (frames.astype(int) - past), 0, 255).astype(np.float32)
    glow: list[Pictures] = [np.rint(cv2.GaussianBlur(frame, (41, 41), 5)) for frame in motion]
    bloom = np.minimum(255, frames + np.stack(glow)).astype(np.uint8)
    theirs = np.concatenate([frames, bloom], axis=2)
    # The blur works on halved pictures of 8 bits.
    compare("demo", drawn.name, "OpenCV, Gaussian", pictures_of_files(folder, "*.png"), theirs,
            most=2, share=0.01, beyond=1)  # fmt: skip
