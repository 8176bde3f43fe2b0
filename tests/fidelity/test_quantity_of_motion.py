"""Quantity and centre of motion against the Musical Gestures Toolbox's formulas."""

from __future__ import annotations

import csv
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Note, Pictures, flowgraph, watched
from numpy.typing import NDArray

Samples64 = NDArray[np.float64]


COLUMNS = ("quantity", "centroid_x", "centroid_y", "left", "top", "width", "height", "area")


@pytest.mark.compares("quantity_of_motion")
@pytest.mark.parametrize("box", ["outline", "samples"])
def test_quantity_centre_and_box_are_those_of_the_motion_pictures(
    box: str, clips: list[Clip], folder: Path, note: Note
) -> None:
    for clip in [*clips[:2], *clips[5:6]]:
        flowgraph("run", "quantity_of_motion", "-i", clip.path, "-o", "m.csv", "-p", "plot=m.png",
                  "-p", f"box={box}", *clip.limits, "--set", "motion.radius=0")  # fmt: skip
        with (folder / "m.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        ours = np.array([[float(row[column] or "nan") for column in COLUMNS] for row in rows])
        theirs = measured(watched(clip), outline if box == "outline" else around)
        assert ours.shape == theirs.shape
        reference = "MGT's formula" if box == "outline" else "own sums"
        note("quantity_of_motion", clip.name, reference, f"{np.nanmax(np.abs(ours - theirs)):.0e} apart")
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def outline(motion: Samples64) -> tuple[int, ...]:
    """The Toolbox's area of motion: the box around the contour that encloses most."""
    mean, inverted = cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV
    dark = cv2.adaptiveThreshold(motion.astype(np.uint8), 255, mean, inverted, 51, 2)
    contours, _ = cv2.findContours(dark, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return tuple(cv2.boundingRect(max(contours, key=cv2.contourArea))) if contours else (0, 0, 0, 0)


def around(motion: Samples64) -> tuple[int, ...]:
    """The box around everything that moves."""
    rows, columns = np.nonzero(motion)
    if not len(rows):
        return (0, 0, 0, 0)
    return int(columns.min()), int(rows.min()), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1


def measured(frames: Pictures, box: Callable[[Samples64], tuple[int, ...]]) -> Samples64:
    """Quantity, centre, box and area of each motion picture, as sums over all samples.

    The Toolbox counts from the lower edge of the picture; here a sample's place is its middle.
    """
    height, width = frames.shape[1:3]
    y, x = np.mgrid[0:height, 0:width] + 0.5
    found: list[tuple[float, ...]] = []
    grays = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in frames]
    for old, new in pairwise(grays):
        motion = cv2.absdiff(new, old).astype(float)
        motion[motion < 13] = 0
        total = motion.sum()
        left, top, wide, high = box(motion)
        centre = (np.nan, np.nan)
        if total:
            centre = (motion * x).sum() / total / width, 1 - (motion * y).sum() / total / height
        found.append((total / 255, *centre, left, top, wide, high, wide * high / (height * width)))
    return np.array(found)
