"""Pictures cut into small regions of one colour, and what is known of each region.

A region grows from a dip of the colour gradient (OpenCV's watershed), so its outline follows edges. The lines
between regions belong to none.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from flowgraph.frame import Plane

BYTES_PER_PIXEL = 72
"""What cutting and measuring take for each pixel, at most: OpenCV's queue, labels, and sums in float64."""


@dataclass(frozen=True, slots=True)
class Regions:
    """Which region each pixel is in, from 1, or 0 on a line and at the picture's edge.

    `count` is one more than the highest number; regions at the very edge may have no pixel left.
    """

    labels: Plane
    count: int
    lab: Plane


def cut(picture: Plane, step: int) -> Regions:
    """Cut a bgr24 picture into regions about `step` pixels wide."""
    lab = np.asarray(cv2.cvtColor(cv2.GaussianBlur(picture, (0, 0), 1), cv2.COLOR_BGR2LAB), np.uint8)
    slopes = cv2.morphologyEx(lab, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    slope = np.maximum(np.maximum(slopes[:, :, 0], slopes[:, :, 1]), slopes[:, :, 2])
    slope = np.asarray(cv2.GaussianBlur(slope, (0, 0), step / 4), np.uint8)
    lowest = cv2.erode(slope, np.ones((step | 1, step | 1), np.uint8))
    count, labels = cv2.connectedComponents(np.equal(slope, lowest).view(np.uint8))
    cv2.watershed(lab, labels)
    np.maximum(labels, 0, out=labels)
    return Regions(np.asarray(labels), count, lab)


def shares(regions: Regions, mask: Plane) -> Plane:
    """How much of each region is white in a mask, 0..1; nan of what has no pixel."""
    labels = regions.labels.ravel()
    white = np.bincount(labels, mask.ravel() > 127, minlength=regions.count)
    size = np.bincount(labels, minlength=regions.count).astype(np.float64)
    found: Plane = np.full(regions.count, np.nan)
    np.divide(white, size, out=found, where=size > 0)
    return found


def features(regions: Regions, stride: int) -> Plane:
    """Of each region: its centre in widths (2), log size, mean (3) and deviation (3) of L, a, b: float32.

    Only one row and column in `stride` is looked at.
    """
    labels = regions.labels[::stride, ::stride].astype(np.intp)
    height, width = labels.shape
    flat, count = labels.ravel(), regions.count
    size = np.bincount(flat, minlength=count)
    some = np.maximum(size, 1).astype(np.float64)
    x, y = np.arange(width, dtype=np.float64), np.arange(height, dtype=np.float64)
    found = np.empty((count, 9), np.float32)
    found[:, 0] = _sums(flat, np.broadcast_to(x, labels.shape), count) / some / width
    found[:, 1] = _sums(flat, np.broadcast_to(y[:, None], labels.shape), count) / some / width
    found[:, 2] = np.log(some)
    for channel in range(3):
        samples = regions.lab[::stride, ::stride, channel].astype(np.float64)
        mean = _sums(flat, samples, count) / some
        square = _sums(flat, np.square(samples, out=samples), count) / some
        found[:, 3 + channel] = mean
        # The sample deviation, as the article's; none for a single pixel.
        spread = np.maximum(square - mean * mean, 0) * (some / np.maximum(some - 1, 1))
        found[:, 6 + channel] = np.sqrt(spread)
    return found


def _sums(labels: Plane, values: Plane, count: int) -> Plane:
    return np.bincount(labels, values.ravel(), count)


def painted(regions: Regions, values: Plane) -> Plane:
    """A picture of a value 0..1 for each region, as 0..255; lines get the mean of what lies beside them."""
    table = np.rint(255 * values).astype(np.uint8)
    table[0] = 0
    picture = table[regions.labels]
    lines = np.equal(regions.labels, 0)
    beside = cv2.boxFilter(picture, cv2.CV_16U, (3, 3), normalize=False)
    known = cv2.boxFilter((~lines).view(np.uint8), cv2.CV_16U, (3, 3), normalize=False)
    np.floor_divide(beside, np.maximum(known, 1), out=picture, where=lines, casting="unsafe")
    return np.asarray(picture)
