"""Contact sheets and stroboscope pictures against the same made of all frames at once."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Compare, Pictures, flowgraph, pictures_of_files, watched


def middles(total: int, n: int) -> list[int]:
    """The frames in the middle of n equal parts."""
    return [(2 * k + 1) * total // (2 * n) for k in range(n)]


@pytest.mark.compares("contact_sheet")
def test_a_contact_sheet_holds_the_middles_of_equal_parts(
    clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in [clips[0], *clips[5:6]]:
        flowgraph("run", "contact_sheet", "-i", clip.path, "-o", "sheet.png", *clip.limits, "-p", "moments=6",
                  "-p", "columns=3", "-p", f"width={clip.width}")  # fmt: skip
        ours = pictures_of_files(folder, "sheet.png")[0]
        frames = watched(clip)
        # The label covers the lower part; above it the pictures are whole.
        seen = clip.height // 2
        cells: list[Pictures] = []
        for place in range(6):
            top, left = 4 + place // 3 * (clip.height + 4), 4 + place % 3 * (clip.width + 4)
            cells.append(ours[top : top + seen, left : left + clip.width])
        theirs = frames[middles(clip.frames, 6), :seen]
        compare("contact_sheet", clip.name, "OpenCV's frames", np.stack(cells), theirs)


@pytest.mark.compares("stroboscope")
def test_a_stroboscope_shows_the_moments_figures_on_the_median(
    clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in [clips[0], *clips[5:6]]:
        flowgraph("run", "stroboscope", "-i", clip.path, "-o", "strobe.png", *clip.limits, "-p", "moments=3")
        theirs = strobe(watched(clip), 3)
        ours = pictures_of_files(folder, "strobe.png")
        # Gaussians differ by 2 levels, which moves soft edges, and where figures touch decides between them.
        compare("stroboscope", clip.name, "formula, OpenCV's blur", ours, theirs[None],
                most=255, share=0.005, beyond=2)  # fmt: skip


def strobe(frames: Pictures, moments: int) -> Pictures:
    """Moments of what differs from the median of all frames, on that median; the clearest one is in front."""
    theirs = np.sort(frames, axis=0)[(len(frames) - 1) // 2].astype(float)
    scene, strongest = theirs.copy(), np.zeros(theirs.shape[:2], np.uint8)
    for k in middles(len(frames), moments):
        plain = np.rint(cv2.absdiff(frames[k], scene.astype(np.uint8)).astype(float).sum(axis=2) / 3)
        # 8% of 65536 on samples of 257 v.
        mask = np.where(plain * 257 > 0.08 * 65536, 255, 0).astype(np.uint8)
        soft = cv2.GaussianBlur(cv2.medianBlur(mask, 7), (0, 0), 1.5)
        here = soft >= strongest
        strongest[here] = soft[here]
        share = strongest[here][:, None] / 255
        theirs[here] = frames[k][here] * share + scene[here] * (1 - share)
    return np.rint(theirs).astype(np.uint8)
