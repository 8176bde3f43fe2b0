"""History, heatmap and motion history against FFmpeg and the Musical Gestures Toolbox's formulas."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import (
    Clip,
    Compare,
    Pictures,
    filtered,
    flowgraph,
    pictures_of,
    pictures_of_files,
    watched,
)

from flowgraph.frame import Plane


def gray_of(frames: Pictures) -> list[Plane]:
    """OpenCV's gray of each frame, as float."""
    return [np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), float) for frame in frames]


@pytest.mark.compares("history")
def test_a_history_video_is_ffmpegs_tmix(clips: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in clips[:2]:
        out = folder / clip.name
        out.mkdir()
        flowgraph("run", "history", "-i", clip.path, "-o", out / "%03d.png", *clip.limits,
                  "-p", "rgb=accurate", "-p", "format=bgr24")  # fmt: skip
        theirs = filtered(clip, "format=gbrp,tmix=frames=10")
        compare("history", clip.name, "ffmpeg 5.1 tmix", pictures_of_files(out, "*.png"), theirs)


@pytest.mark.compares("motion_heatmap")
def test_a_heatmap_is_the_toolboxs(clips: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in [clips[0], *clips[5:6]]:
        flowgraph("run", "motion_heatmap", "-i", clip.path, "-o", "heat.png", *clip.limits)
        grays = gray_of(watched(clip))
        moved = sum(np.abs(new - old) for old, new in pairwise(grays))
        heat = (moved / np.max(moved)) ** 0.5
        index = np.minimum(255, heat * 256).astype(np.uint8)
        colours = cv2.applyColorMap(index, cv2.COLORMAP_INFERNO)
        alpha = (0.75 * heat)[:, :, None]
        scene = 0.4 * np.mean(grays, axis=0)[:, :, None]
        theirs = np.rint(scene * (1 - alpha) + colours * alpha).astype(np.uint8)[None]
        ours = pictures_of_files(folder, "heat.png")
        # Heat, cover and scene are rounded to 8 bits on the way.
        compare("motion_heatmap", clip.name, "MGT's formula", ours, theirs, most=4, share=0.03, beyond=1)


@pytest.mark.compares("motion_history")
def test_motion_history_is_the_toolboxs(clips: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in [clips[0], *clips[5:6]]:
        ours = pictures_of("motion_history", clip, "-p", "scene=0", "-p", "fade=8",
                           "--set", "specks.radius=0", "--set", "colours.map=bone")  # fmt: skip
        grays = gray_of(watched(clip))
        history, theirs = np.zeros_like(grays[0]), []
        for old, new in pairwise(grays):
            history = np.where(np.abs(new - old) >= 26, 1, np.maximum(0, history - 1 / 8))
            theirs.append(cv2.applyColorMap(np.rint(255 * history).astype(np.uint8), cv2.COLORMAP_BONE))
        compare("motion_history", clip.name, "MGT's formula", ours, np.asarray(theirs, np.uint8), most=1)
