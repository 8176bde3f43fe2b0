"""Quantity and centre of motion against the Musical Gestures Toolbox's formulas."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
from fidelity_tools import Clip, flowgraph, watched


def test_quantity_and_centre_are_sums_over_the_motion_pictures(clips: list[Clip], folder: Path) -> None:
    for clip in clips[:2]:
        flowgraph("run", "quantity_of_motion", "-i", clip.path, "-o", "m.csv", "-p", "plot=m.png",
                  *clip.limits, "--set", "motion.radius=0")  # fmt: skip
        with (folder / "m.csv").open(encoding="utf-8") as file:
            found = list(csv.DictReader(file))
        grays = [cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY) for frame in watched(clip)]
        assert len(found) == clip.frames - 1
        for row, (old, new) in zip(found, pairwise(grays), strict=True):
            motion = cv2.absdiff(new, old).astype(float)
            motion[motion < 13] = 0
            y, x = np.mgrid[0 : clip.height, 0 : clip.width]
            total = motion.sum()
            assert np.isclose(float(row["quantity"]) * 255, total, atol=1e-9)
            # The Toolbox counts from the lower edge of the picture; here a sample's place is its middle.
            assert np.isclose(float(row["centroid_x"]) * clip.width, (motion * x).sum() / total + 0.5)
            assert np.isclose((1 - float(row["centroid_y"])) * clip.height, (motion * y).sum() / total + 0.5)
