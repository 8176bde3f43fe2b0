"""What belongs to a thing that was outlined once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._regions import BYTES_PER_PIXEL, cut, features, painted, shares

# A region's size and deviations say less than its place and colour.
_WEIGHTS = np.array([0.1, 1.5, 1.5, 1.5, 0.25, 0.25, 0.25], np.float32)
_SOFTNESS = 0.1
_SAMPLES_ACROSS = 6
"""Samples across a region are enough to know its features."""
_MOST = 4096


@dataclass(slots=True)
class _Learnt:
    """Features of the first picture's regions, brought to one scale, and how much of each was outlined."""

    examples: Plane
    outlined: Plane
    mean: Plane
    scale: Plane

    def scaled(self, found: Plane) -> Plane:
        """Features on the scale of the examples."""
        return np.asarray((found - self.mean) * self.scale, np.float32)


class RegionClasses(Node):
    """Learn from the first frame and a mask of it what a thing looks like, and find it in every frame.

    Each picture is cut into small regions by watershed; of each it takes centre, size, mean and deviation of
    L, a, b. A region is as white as the `neighbours` most alike of the first frame's regions (exact search,
    weighed by likeness). It knows nothing of time: see coherence.
    """

    across: int = Field(
        default=68, ge=4, le=1000, description="regions are no smaller than the width divided by this"
    )
    neighbours: int = Field(default=5, ge=1, le=50, description="how many examples are asked")
    place: float = Field(
        default=1.5, ge=0, le=20, description="how much the place counts, beside 1.5 for colour"
    )

    image = Input("bgr24")
    mask = Input("gray", size=image)
    share = Output("gray")

    main: ClassVar[str] = "across"
    example: ClassVar[str] = "flag: {type: region_classes, in: {image: video, mask: outlined}}"

    def temporaries(self, formats: Formats) -> int:
        """Regions with their sums, and the distances asked for."""
        return (BYTES_PER_PIXEL + 4 * self.neighbours) * formats["share"].frame_bytes + (1 << 20)

    def state_bytes(self, formats: Formats) -> int:
        """Nine features and a share for each example."""
        return _MOST * 10 * 4 + 4096

    def start(self, formats: Formats) -> list[_Learnt]:
        """Nothing learnt yet."""
        return []

    def process(self, learnt: list[_Learnt], image: Frame, mask: Frame, share: Frame) -> None:
        """Cut, measure, and ask the examples."""
        step = max(3, round(image.format.width / self.across))
        regions = cut(image.data, step)
        found = features(regions, max(1, step // _SAMPLES_ACROSS))
        if not learnt:
            learnt.append(self._learn(found, shares(regions, mask.data)))
        known = learnt[0]
        most = min(self.neighbours, len(known.examples))
        distance, index = cv2.batchDistance(
            known.scaled(found), known.examples, cv2.CV_32F, None, None, cv2.NORM_L2, most
        )
        weight = 1 / (np.asarray(distance) + _SOFTNESS)
        values = (np.take(known.outlined, np.asarray(index, np.intp)) * weight).sum(axis=1) / weight.sum(
            axis=1
        )
        np.copyto(share.data, painted(regions, values))

    def _learn(self, found: Plane, outlined: Plane) -> _Learnt:
        used = ~np.isnan(outlined)
        used[0] = False
        found, outlined = found[used], outlined[used]
        if not 0 < np.count_nonzero(outlined > 0.5) < len(outlined):
            raise ValueError("the mask must be white on the thing in the first frame, and black elsewhere")
        chosen = np.linspace(0, len(found) - 1, min(len(found), _MOST)).round().astype(int)
        weights = np.array([self.place, self.place, *_WEIGHTS], np.float32)
        known = _Learnt(
            found[chosen],
            outlined[chosen].astype(np.float32),
            found.mean(axis=0),
            weights / (found.std(axis=0) + np.float32(1e-6)),
        )
        known.examples = known.scaled(known.examples)
        return known
