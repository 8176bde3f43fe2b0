"""The parts of a mask that count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import row_bands
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Level


class Components(Node):
    """Keep the largest connected parts of a mask, and fill their holes.

    Samples above `level` belong to a part; those that touch at an edge or a corner are connected. The mask
    that comes out is black and white. Of parts of one size, the upper one counts as larger.
    """

    most: int = Field(default=0, ge=0, description="how many parts are kept, the largest first; 0: all")
    least: int = Field(default=1, ge=1, description="pixels that a part must have")
    holes: int = Field(default=0, ge=0, description="holes of up to so many pixels are filled")
    level: Level = Field(default=Level(50, percent=True), description="what is above it belongs to a part")

    image = Input("gray")
    parts = Output("gray")

    main: ClassVar[str] = "most"
    example: ClassVar[str] = "figure: {type: components, in: mask, most: 1}"
    live_parameters: ClassVar[tuple[str, ...]] = ("most", "least", "holes", "level")

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """A label for each sample."""
        return {"labels": (formats["image"].shapes[0], "int32")}

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's equivalences, statistics of up to a label for two samples, and tables of these."""
        return 32 * formats["image"].frame_bytes + (1 << 21)

    def process(self, image: Frame, parts: Frame, scratch: Mapping[str, Plane]) -> None:
        """Label, choose, look up; then the same with the black parts."""
        out, labels = parts.data, scratch["labels"]
        cv2.threshold(image.data, int(self.level.of(255)), 255, cv2.THRESH_BINARY, dst=out)
        if self.most or self.least > 1:
            areas = _areas(out, labels, 8)
            kept = areas >= self.least
            if self.most:
                kept[np.argsort(-areas, kind="stable")[self.most :]] = False
            _look_up(np.concatenate(([False], kept)), labels, out)
        if self.holes:
            cv2.bitwise_not(out, dst=out)
            areas = _areas(out, labels, 4)
            _look_up(np.concatenate(([True], areas <= self.holes)), labels, out)


def _areas(mask: Plane, labels: Plane, connectivity: int) -> Plane:
    """Label the white parts from 1; gives their sizes."""
    count, _ = cv2.connectedComponents(mask, labels=labels, connectivity=connectivity)
    # OpenCV's own statistics take ten times as long as the labels.
    areas: Plane = np.zeros(count, np.intp)
    for rows, _ in row_bands(mask.shape):
        areas += np.bincount(labels[rows].ravel(), minlength=count)
    return areas[1:]


def _look_up(white: Plane, labels: Plane, out: Plane) -> None:
    table = np.where(white, np.uint8(255), np.uint8(0))
    for rows, _ in row_bands(out.shape):
        np.take(table, labels[rows], out=out[rows], mode="clip")
