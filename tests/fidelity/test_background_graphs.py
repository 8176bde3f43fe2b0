"""Plates, and masks against the mean and the median of all frames."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Compare, Pictures, flowgraph, imagemagick, pictures_of_files, watched


def median(frames: Pictures) -> Pictures:
    """The lower middle value of each sample."""
    middle: Pictures = np.sort(frames, axis=0)[(len(frames) - 1) // 2]
    return middle


@pytest.mark.compares("plate")
@pytest.mark.parametrize("every", [1, 3])
def test_a_plate_is_the_median_of_all_frames(
    every: int, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in [*clips[:2], *clips[5:]]:
        out = folder / f"{clip.name}.png"
        flowgraph("run", "plate", "-i", clip.path, "-o", out, *clip.limits, "-p", f"every={every}")
        theirs = median(watched(clip)[::every])[None]
        compare(
            f"plate, every {every}", clip.name, "sorted samples", pictures_of_files(folder, out.name), theirs
        )


@pytest.mark.compares("masks_mean_background", "masks_median_background")
@pytest.mark.parametrize("graph", ["masks_mean_background", "masks_median_background"])
def test_masks_against_a_background_of_all_frames_are_imagemagicks(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    clip = clips[0]
    flowgraph("run", graph, "-i", clip.path, "-o", "clean%03d.png", *clip.limits,
              "-p", "masks=mask%03d.png")  # fmt: skip
    frames = watched(clip)
    for k, frame in enumerate(frames):
        cv2.imwrite(f"t{k:03d}.ppm", frame)
    cv2.imwrite("background.ppm", median(frames))
    if graph == "masks_mean_background":
        imagemagick(*sorted(folder.glob("t*.ppm")), "-evaluate-sequence", "mean", "background.ppm")
    for k in range(0, len(frames), 4):
        imagemagick("background.ppm", f"t{k:03d}.ppm", "-compose", "difference", "-composite",
                    "-threshold", "5%", "-blur", "0x3", "-threshold", "20%", "-blur", "0x3",
                    f"theirs{k:03d}.ppm")  # fmt: skip
    ours = pictures_of_files(folder, "mask*.png")[::4]
    compare(graph, clip.name, "ImageMagick 6", ours, pictures_of_files(folder, "theirs*.ppm"))
