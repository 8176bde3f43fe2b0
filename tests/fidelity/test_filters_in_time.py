"""Filters in time against FFmpeg 5.1 and against sums over all frames so far."""

from __future__ import annotations

from math import hypot
from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Compare, Pictures, filtered, pictures_of, watched
from numpy.typing import NDArray

Values = NDArray[np.float64]


@pytest.fixture
def compared(clips: list[Clip]) -> list[Clip]:
    """A drawn clip, one of odd size, and a filmed one."""
    return [*clips[:2], *clips[5:6]]


def weights(count: int, time: float) -> Values:
    """How much each frame (column) counts in each one smoothed (row).

    y[n] = y[n-1] + (x[n] - y[n-1]) / (T + 1), written out: the share of frame k is
    a (1 - a)^(n - k), that of the first one all that is left.
    """
    share = 1 / (time + 1)
    age = np.arange(count)[:, None] - np.arange(count)
    found: Values = np.where(age >= 0, share * (1 - share) ** np.maximum(age, 0), 0)
    found[:, 0] = (1 - share) ** np.arange(count)
    return found


def rounded(values: Values) -> Pictures:
    """Samples of pictures."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


# Float32 decides otherwise about a few sums that lie half-way.
HALVES = {"most": 1, "share": 1e-3}


@pytest.mark.compares("low_pass")
def test_a_low_pass_is_a_tmix_with_weights_that_fade(
    compared: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in compared:
        fading = " ".join(f"{weight:.9g}" for weight in weights(clip.frames, 10)[-1])
        theirs = filtered(clip, f"format=gbrp,tmix=frames={clip.frames}:weights={fading}:scale=1")
        ours = pictures_of("low_pass", clip, "-p", "time=10", "--set", "video.rgb=accurate")
        compare("low_pass", clip.name, "ffmpeg 5.1 tmix", ours, theirs, **HALVES)


CASES = {
    "high_pass": (["-p", "time=10", "-p", "gain=1.5"], 0, 10, 1.5),
    "band_pass": (["-p", "fast=2", "-p", "slow=20", "-p", "gain=3"], 2, 20, 3),
}


@pytest.mark.compares(*CASES)
@pytest.mark.parametrize("graph", CASES)
def test_what_passes_is_the_difference_of_two_sums_over_all_frames_so_far(
    graph: str, compared: list[Clip], folder: Path, compare: Compare
) -> None:
    settings, fast, slow, gain = CASES[graph]
    for clip in compared:
        frames = watched(clip)
        band = weights(clip.frames, fast) - weights(clip.frames, slow)
        theirs = rounded(128 + gain * np.tensordot(band, frames, 1))
        compare(graph, clip.name, "sums in float64", pictures_of(graph, clip, *settings), theirs, **HALVES)


@pytest.mark.compares("motion_magnify")
def test_magnified_motion_is_that_of_linear_eulerian_magnification(
    compared: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in compared:
        ours = pictures_of("motion_magnify", clip, "-p", "gain=8", "-p", "fast=1", "-p", "slow=12")
        theirs = magnified(watched(clip), gain=8, fast=1, slow=12, wavelength=48)
        compare("motion_magnify", clip.name, "Wu et al. 2012, float64", ours, theirs, **HALVES)


def magnified(frames: Pictures, gain: float, fast: float, slow: float, wavelength: float) -> Pictures:
    """Wu et al., Eulerian Video Magnification for Revealing Subtle Changes in the World (2012), with OpenCV.

    Section 3.2: a band of wavelength l takes a gain a of at most l / (8 d) - 1, where d is such that
    `wavelength` takes just `gain`; the coarsest band is a third of the diagonal. As in the authors'
    program, the finest band is left out, and so is what the pyramid leaves.
    """
    bands: list[Values] = []
    level = frames.astype(np.float64)
    while len(bands) < 5 and min(level.shape[1:3]) >= 16:
        smaller = [np.asarray(cv2.pyrDown(frame), np.float64) for frame in level]
        size = (level.shape[2], level.shape[1])
        fine = (frame - cv2.pyrUp(small, dstsize=size) for frame, small in zip(level, smaller, strict=True))
        bands.append(np.stack(list(fine)))
        level = np.stack(smaller)
    passed = weights(len(frames), fast) - weights(len(frames), slow)
    longest = hypot(*frames.shape[1:3]) / 3
    added = np.zeros_like(level)
    for number, band in reversed(list(enumerate(bands))):
        size = (band.shape[2], band.shape[1])
        most = longest / 2 ** (len(bands) - 1 - number) / wavelength * (1 + gain) - 1
        factor = 0 if number == 0 else min(gain, max(0, most))
        added = np.stack([np.asarray(cv2.pyrUp(frame, dstsize=size), np.float64) for frame in added])
        added += factor * np.tensordot(passed, band, 1)
    return rounded(frames + added)
