"""Motiongrams and videograms against the Musical Gestures Toolbox's formulas on FFmpeg's pictures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Compare, Pictures, decoded, filtered, flowgraph, pictures_of, watched

from flowgraph.frame import Plane


def read(path: Path) -> Pictures:
    """One picture as a stream of one."""
    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR), np.uint8)[None]


def gram(lines: list[Plane], equalize: bool) -> Plane:
    """The Toolbox's picture of lines, time downwards."""
    return developed(np.stack([np.zeros_like(lines[0]), *lines]), equalize)


def developed(whole: Plane, equalize: bool) -> Plane:
    """Lines from black to white."""
    scaled: Plane = ((whole - whole.min()) / ((whole.max() - whole.min()) or 1) * 255).astype(np.uint8)
    if equalize:
        hsv = cv2.cvtColor(scaled, cv2.COLOR_RGB2HSV)
        hsv[:, :, 2] = cv2.equalizeHist(hsv[:, :, 2])
        scaled = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB), np.uint8)
    return scaled


@pytest.mark.compares("motiongrams")
@pytest.mark.parametrize("equalize", [False, True])
def test_motiongrams_are_the_toolboxs(
    equalize: bool, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in clips[:2]:
        flowgraph("run", "motiongrams", "-i", clip.path, "-o", "y.png", "-p", "sideways=x.png", *clip.limits,
                  "-p", "rgb=accurate", "-p", f"equalize={str(equalize).lower()}")  # fmt: skip
        moved = filtered(clip, "format=gbrp,tblend=all_mode=difference")
        motion = np.where(moved >= 13, moved, 0)
        down = gram([np.rint(frame.mean(axis=0)) for frame in motion], equalize)
        right = gram([np.rint(frame.mean(axis=1)) for frame in motion], equalize).swapaxes(0, 1)
        name = "motiongrams, equalized" if equalize else "motiongrams"
        compare(f"{name}: x", clip.name, "MGT's formula", read(folder / "x.png"), down[None])
        compare(f"{name}: y", clip.name, "MGT's formula", read(folder / "y.png"), right[None])


@pytest.mark.compares("motiongrams_live")
@pytest.mark.parametrize("width", [100, 16])
def test_a_growing_motiongram_is_that_of_the_frames_so_far(
    width: int, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in [clips[0], *clips[5:6]]:
        ours = pictures_of("motiongrams_live", clip, "--set", "video.format=bgr24", "-p", f"width={width}")
        size = (width, max(1, round(clip.height * width / clip.width)))
        frames = [cv2.resize(frame, size, interpolation=cv2.INTER_AREA) for frame in watched(clip)]
        lines: list[Plane] = []
        theirs: list[Plane] = []
        for old, new in pairwise(frames):
            moved = cv2.absdiff(new, old)
            lines.append(np.rint(np.where(moved >= 13, moved, 0).mean(axis=1)))
            # Where there are more lines than columns, those of two frames become one, then of four, ...
            times = np.arange(1, len(lines) + 1)
            while times[-1] - times[0] >= width:
                times //= 2
            kept = [np.mean(np.stack(lines)[times == time], axis=0) for time in np.unique(times)]
            grown = np.zeros_like(new)
            grown[:, : len(kept)] = developed(np.stack(kept), equalize=True).swapaxes(0, 1)
            theirs.append(np.concatenate([new, grown]))
        compare(f"motiongrams_live, {width} columns", clip.name, "MGT's formula", ours, np.stack(theirs))


@pytest.mark.compares("videograms")
def test_slits_are_ffmpegs_normalized_columns_and_rows(
    clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in clips[:2]:
        flowgraph("run", "videograms", "-i", clip.path, "-o", "y.png", "-p", "sideways=x.png", *clip.limits,
                  "-p", "rgb=accurate", "-p", "of=slit")  # fmt: skip
        column, row = clip.width // 2, clip.height // 2
        tall = Clip(clip.name, clip.path, 1, clip.height, clip.frames)
        flat = Clip(clip.name, clip.path, clip.width, 1, clip.frames)
        columns = filtered(tall, f"format=gbrp,crop=1:ih:{column}:0,normalize")
        rows = filtered(flat, f"format=gbrp,crop=iw:1:0:{row},normalize")
        right = columns[:, :, 0].swapaxes(0, 1)
        compare("videograms: slit y", clip.name, "ffmpeg 5.1", read(folder / "y.png"), right[None])
        compare("videograms: slit x", clip.name, "ffmpeg 5.1", read(folder / "x.png"), rows[:, 0][None])


@pytest.mark.compares("videograms")
def test_videograms_are_exact_means(clips: list[Clip], folder: Path, compare: Compare) -> None:
    clip = clips[0]
    flowgraph("run", "videograms", "-i", clip.path, "-o", "y.png", "-p", "sideways=x.png", *clip.limits,
              "-p", "stretch=none")  # fmt: skip
    frames = decoded(clip, "fast").astype(np.float64)
    right = np.rint(frames.mean(axis=2)).astype(np.uint8).swapaxes(0, 1)
    down = np.rint(frames.mean(axis=1)).astype(np.uint8)
    compare("videograms: mean y", clip.name, "exact mean", read(folder / "y.png"), right[None])
    compare("videograms: mean x", clip.name, "exact mean", read(folder / "x.png"), down[None])
