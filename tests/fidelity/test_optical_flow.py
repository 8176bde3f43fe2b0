"""Optical flow against OpenCV's own estimate, shown as its tutorials show it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Compare, Pictures, pictures_of, watched
from numpy.typing import NDArray

RGB = ("--set", "video.format=bgr24")


def flows(frames: Pictures) -> Iterator[NDArray[np.float32]]:
    """How far each point moved, to the right and down; the first frame did not move."""
    grays = [np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)) for frame in frames]
    yield np.zeros((*grays[0].shape, 2), np.float32)
    for old, new in pairwise(grays):
        # A new object knows nothing of the pairs before.
        method = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        yield np.asarray(method.calc(old, new, np.zeros((*old.shape, 2), np.float32)), np.float32)


@pytest.mark.compares("optical_flow")
def test_the_colour_wheel_shows_opencvs_flow(clips: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in [*clips[:1], *clips[5:]]:
        theirs: list[NDArray[np.uint8]] = []
        for moved in flows(watched(clip)):
            speed, angle = cv2.cartToPolar(moved[..., 0], moved[..., 1], angleInDegrees=True)
            full = np.ones_like(speed)
            light = np.minimum(speed / 6, 1)
            rgb = cv2.cvtColor(np.dstack([angle, full, light]).astype(np.float32), cv2.COLOR_HSV2BGR)
            theirs.append(np.rint(255 * rgb).astype(np.uint8))
        # Hue and brightness are whole steps of 256.
        compare("optical_flow", clip.name, "OpenCV's DIS, float HSV", pictures_of("optical_flow", clip, *RGB),
                np.stack(theirs), most=9, share=0.2, beyond=1)  # fmt: skip


@pytest.mark.compares("optical_flow_arrows")
def test_arrows_follow_opencvs_flow(clips: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in [*clips[:1], *clips[5:]]:
        frames = watched(clip)
        theirs = frames.copy()
        for picture, moved in zip(theirs, flows(frames), strict=True):
            for y in range(8, clip.height, 16):
                for x in range(8, clip.width, 16):
                    right, down = map(float, moved[y, x])
                    if np.hypot(right, down) >= 0.7:
                        end = (x + round(4 * right), y + round(4 * down))
                        cv2.arrowedLine(picture, (x, y), end, (0, 255, 255), 1, cv2.LINE_AA, tipLength=0.3)
        ours = pictures_of("optical_flow_arrows", clip, *RGB)
        compare("optical_flow_arrows", clip.name, "OpenCV's DIS, arrowedLine", ours, theirs)
