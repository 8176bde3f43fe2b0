"""The node type `measure`."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane, table
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Level

COLUMNS = ("time", "quantity", "centroid_x", "centroid_y", "left", "top", "width", "height", "area")


class Measure(Node):
    """Measure how much there is in a gray picture, and where: one row of numbers for each frame.

    time: seconds. quantity: the sum of all samples / 255, so pixels of full strength; of a picture of motion,
    the quantity of motion. centroid_x and centroid_y: their centre of gravity, from 0 at the left and at
    the bottom to 1 at the right and at the top; nothing where there is nothing. left, top, width, height: the
    box around all samples of at least `level`, in pixels from the left upper corner; area: its share of the
    picture.
    """

    level: Level = Field(default=Level(1), description="least sample that the box goes around")

    image = Input("gray")
    row = Output("table")

    main = "level"
    example = "numbers: {type: measure, in: motion}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """A row of numbers."""
        return {"row": table(*COLUMNS)}

    def temporaries(self, formats: Formats) -> int:
        """Sums of rows and columns, and the mask of what the box goes around."""
        format = formats["image"]
        return format.frame_bytes + 64 * (format.width + format.height)

    def process(self, image: Frame, row: Frame) -> None:
        """Sum rows and columns."""
        plane = image.data
        height, width = plane.shape
        columns = np.asarray(cv2.reduce(plane, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)).reshape(-1)
        rows = np.asarray(cv2.reduce(plane, 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)).reshape(-1)
        total = int(rows.sum(dtype=np.int64))
        x, y = _centre(columns, total), _centre(rows, total)
        _, mask = cv2.threshold(plane, max(0, round(self.level.of(255)) - 1), 255, cv2.THRESH_BINARY)
        left, top, wide, high = cv2.boundingRect(mask)
        area = wide * high / (width * height)
        # A sample's place is its middle.
        centre = ((x + 0.5) / width, 1 - (y + 0.5) / height)
        row.data[0] = (float(image.time), total / 255, *centre, left, top, wide, high, area)


def _centre(sums: Plane, total: int) -> float:
    return float(np.dot(sums, np.arange(len(sums), dtype=np.float64))) / total if total else float("nan")
