"""The node type `measure`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane, table
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Level
from flowgraph_nodes._contours import BYTES_PER_PIXEL, largest_outline

COLUMNS = ("time", "quantity", "centroid_x", "centroid_y", "left", "top", "width", "height", "area")
_AROUND, _DARKER = 51, 2


class Measure(Node):
    """Measure how much there is in a gray picture, and where: one row of numbers for each frame.

    time: seconds. quantity: the sum of all samples / 255, so pixels of full strength; of a picture of motion,
    the quantity of motion. centroid_x and centroid_y: their centre of gravity, from 0 at the left and at
    the bottom to 1 at the right and at the top; nothing where there is nothing. left, top, width, height: a
    box, in pixels from the left upper corner; area: its share of the picture. The box goes around all samples
    of at least `level`; with box: outline, around the largest outline among what is darker by 2 than the mean
    of the 51x51 samples around it, which is the area of motion of the Musical Gestures Toolbox.
    """

    level: Level = Field(default=Level(1), description="least sample that a box of samples goes around")
    box: Literal["samples", "outline"] = Field(default="samples", description="what the box goes around")

    image = Input("gray")
    row = Output("table")

    main = "level"
    example = "numbers: {type: measure, in: motion}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """A row of numbers."""
        return {"row": table(*COLUMNS)}

    def check(self) -> None:
        """An outline has a level of its own."""
        if self.box == "outline" and "level" in self.model_fields_set:
            raise ValueError("level says what a box of samples goes around; an outline doesn't look at it")

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """Which part each sample belongs to."""
        return {"labels": (formats["image"].shapes[0], "int32")} if self.box == "outline" else {}

    def temporaries(self, formats: Formats) -> int:
        """Sums of rows and columns; the mask, and the mean before it; parts and an outline."""
        format = formats["image"]
        outline = self.box == "outline"
        each = BYTES_PER_PIXEL + 2 if outline else 1
        return each * format.frame_bytes + 64 * (format.width + format.height) + outline * (2 << 20)

    def process(self, image: Frame, row: Frame, scratch: Mapping[str, Plane]) -> None:
        """Sum rows and columns."""
        plane = image.data
        height, width = plane.shape
        columns = np.asarray(cv2.reduce(plane, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)).reshape(-1)
        rows = np.asarray(cv2.reduce(plane, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)).reshape(-1)
        total = int(rows.sum(dtype=np.int64))
        x, y = _centre(columns, total), _centre(rows, total)
        left, top, wide, high = self._box(plane, scratch)
        area = wide * high / (width * height)
        # A sample's place is its middle.
        centre = ((x + 0.5) / width, 1 - (y + 0.5) / height)
        row.data[0] = (float(image.time), total / 255, *centre, left, top, wide, high, area)

    def _box(self, plane: Plane, scratch: Mapping[str, Plane]) -> Sequence[int]:
        if self.box == "outline":
            rule = (cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, _AROUND, _DARKER)
            return largest_outline(np.asarray(cv2.adaptiveThreshold(plane, 255, *rule)), scratch["labels"])
        _, mask = cv2.threshold(plane, max(0, round(self.level.of(255)) - 1), 255, cv2.THRESH_BINARY)
        return cv2.boundingRect(mask)


def _centre(sums: Plane, total: int) -> float:
    return float(np.dot(sums, np.arange(len(sums), dtype=np.float64))) / total if total else float("nan")
