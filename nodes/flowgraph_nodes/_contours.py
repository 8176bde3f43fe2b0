"""The largest outline in a mask, without one of every speck: all of them would take 150 bytes for a pixel."""

from __future__ import annotations

import cv2
import numpy as np

from flowgraph.frame import Plane

BYTES_PER_PIXEL = 72
"""OpenCV's equivalences and statistics of the parts of a mask, or the outline of one part."""

Box = tuple[int, int, int, int]


def largest_outline(mask: Plane, labels: Plane) -> Box:
    """The box (left, top, width, height) of the part of a mask whose outline encloses most; zeros of none.

    As the largest cv2.contourArea of the outer contours of cv2.findContours, the first one of equals: that is
    the part whose first sample comes last. `labels`, int32 of the mask's shape, is overwritten.
    """
    count, _, found, _ = cv2.connectedComponentsWithStats(mask, labels=labels, connectivity=8)
    boxes = np.asarray(found[:, :4], np.int64)
    if count < 2:
        return 0, 0, 0, 0
    # No outline encloses more than the box between the middles of its outermost samples.
    room = (boxes[:, 2] - 1) * (boxes[:, 3] - 1)
    room[0] = 0
    best, most = 0, 0.0
    for label in np.argsort(-room, kind="stable").tolist():
        if not room[label] or room[label] < most:
            break
        enclosed = _enclosed(labels, label, boxes[label])
        later = best and _first(labels, label, boxes[label]) > _first(labels, best, boxes[best])
        if enclosed > most or (enclosed == most and later):
            best, most = label, enclosed
    best = best or _last(labels, boxes)
    left, top, width, height = boxes[best].tolist()
    return left, top, width, height


def _enclosed(labels: Plane, label: int, box: Plane) -> float:
    left, top, width, height = box
    part = np.equal(labels[top : top + height, left : left + width], label).view(np.uint8)
    (outline, *_), _ = cv2.findContours(part, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return cv2.contourArea(outline)


def _first(labels: Plane, label: int, box: Plane) -> tuple[int, int]:
    """Row and column of a part's first sample."""
    top = int(box[1])
    return top, int(np.equal(labels[top], label).argmax())


def _last(labels: Plane, boxes: Plane) -> int:
    """The part whose first sample comes last."""
    top = boxes[1:, 1].max()
    begun = [int(label) + 1 for label in np.flatnonzero(boxes[1:, 1] == top)]
    return max(begun, key=lambda label: _first(labels, label, boxes[label]))
