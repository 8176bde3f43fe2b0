"""Quantity and centre of motion against the Musical Gestures Toolbox's formulas."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Note, Pictures, flowgraph, watched
from numpy.typing import NDArray

Samples64 = NDArray[np.float64]


@pytest.mark.compares("quantity_of_motion")
def test_quantity_and_centre_are_sums_over_the_motion_pictures(
    clips: list[Clip], folder: Path, note: Note
) -> None:
    for clip in [*clips[:2], *clips[5:6]]:
        flowgraph("run", "quantity_of_motion", "-i", clip.path, "-o", "m.csv", "-p", "plot=m.png",
                  *clip.limits, "--set", "motion.radius=0")  # fmt: skip
        with (folder / "m.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        columns = ("quantity", "centroid_x", "centroid_y", "area")
        ours = np.array([[float(row[column] or "nan") for column in columns] for row in rows])
        theirs = measured(watched(clip))
        assert ours.shape == theirs.shape
        note(
            "quantity_of_motion", clip.name, "MGT's formula", f"{np.nanmax(np.abs(ours - theirs)):.0e} apart"
        )
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def measured(frames: Pictures) -> Samples64:
    """Quantity, centre and area of each motion picture, as sums over all samples.

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
        if not total:
            found.append((0, np.nan, np.nan, 0))
            continue
        rows, columns = np.nonzero(motion)
        box = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
        centre = (motion * x).sum() / total / width, 1 - (motion * y).sum() / total / height
        found.append((total / 255, *centre, box / (height * width)))
    return np.array(found)
