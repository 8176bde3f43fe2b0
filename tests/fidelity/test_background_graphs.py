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
    for clip in [clips[0], *clips[5:6]]:
        out = folder / clip.name
        out.mkdir()
        flowgraph("run", graph, "-i", clip.path, "-o", out / "clean%03d.png", *clip.limits,
                  "-p", f"masks={out}/mask%03d.png")  # fmt: skip
        frames = watched(clip)
        for k, frame in enumerate(frames):
            cv2.imwrite(str(out / f"t{k:03d}.ppm"), frame)
        background = out / "background.ppm"
        cv2.imwrite(str(background), median(frames))
        if graph == "masks_mean_background":
            imagemagick(*sorted(out.glob("t*.ppm")), "-evaluate-sequence", "mean", background)
        for k in range(0, len(frames), 6):
            mask, picture = out / f"mask{k:03d}.ppm", out / f"t{k:03d}.ppm"
            imagemagick(background, picture, "-compose", "difference", "-composite", "-threshold", "5%",
                        "-blur", "0x3", "-threshold", "20%", "-blur", "0x3", mask)  # fmt: skip
            # Masks of the article are files of 8 bits.
            imagemagick(picture, mask, "-compose", "multiply", "-flatten",
                        out / f"clean{k:03d}.ppm")  # fmt: skip
        for kind in ("mask", "clean"):
            ours, theirs = pictures_of_files(out, f"{kind}*.png")[::6], pictures_of_files(out, f"{kind}*.ppm")
            compare(f"{graph}: {kind}", clip.name, "ImageMagick 6", ours, theirs)
