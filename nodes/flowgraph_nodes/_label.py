"""Lines of text laid out in a picture and drawn onto it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np

from flowgraph.frame import Plane

_FONT = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, slots=True)
class Label:
    """Lines with the left end of each one's foot, in pixels."""

    lines: tuple[tuple[str, int, int], ...]
    box: tuple[int, int, int, int]
    """Left, top, right and bottom of what `cover` covers; may reach out of the picture."""
    scale: float
    thickness: int

    def cover(self, plane: Plane, colour: tuple[int, ...], opacity: float) -> None:
        """Mix the box with a colour, in place."""
        left, top, right, bottom = (max(0, edge) for edge in self.box)
        part = plane[top:bottom, left:right]
        if part.size:
            cv2.LUT(part, _mixed(colour, opacity), dst=part)

    def write(self, plane: Plane, colour: tuple[int, ...]) -> None:
        """Draw the letters, in place."""
        for text, x, y in self.lines:
            cv2.putText(plane, text, (x, y), _FONT, self.scale, colour, self.thickness, cv2.LINE_AA)


def place(lines: Sequence[str], size: int, margin: int, share: tuple[float, float], plane: Plane) -> Label:
    """Lay out lines of capital letters `size` pixels high, `margin` pixels from the plane's edges.

    `share` says how far to the right and down the label stands: 0, 0 is top left, 1, 1 bottom right.
    """
    thickness = max(1, size // 12)
    scale = size / _capital()
    widths = [cv2.getTextSize(line, _FONT, scale, thickness)[0][0] for line in lines]
    # Letters such as g reach a third of a capital's height below the line.
    step, below = round(size * 1.6), size // 3
    width, height = max(widths), size + step * (len(lines) - 1) + below
    left = margin + round((plane.shape[1] - 2 * margin - width) * share[0])
    top = margin + round((plane.shape[0] - 2 * margin - height) * share[1])
    edge = size // 3
    return Label(
        tuple(
            (line, left + round((width - wide) * share[0]), top + size + step * number)
            for number, (line, wide) in enumerate(zip(lines, widths, strict=True))
        ),
        (left - edge, top - edge, left + width + edge, top + height + edge),
        scale,
        thickness,
    )


@cache
def _capital() -> float:
    """Height of a capital letter at scale 1. OpenCV 4 and 5 have unlike fonts, and in 5
    getFontScaleFromHeight finds letters a quarter too small."""
    canvas = np.zeros((400, 400), np.uint8)
    cv2.putText(canvas, "H", (50, 350), _FONT, 8, 255, 1)
    rows = np.flatnonzero(canvas.max(axis=1))
    return float(rows[-1] - rows[0] + 1) / 8


@lru_cache(maxsize=32)
def _mixed(colour: tuple[int, ...], opacity: float) -> Plane:
    """For each sample and channel its mixture with the colour."""
    levels = np.arange(256)[None, :, None]
    table: Plane = np.rint(levels * (1 - opacity) + np.array(colour) * opacity).astype(np.uint8)
    return table if len(colour) > 1 else table[:, :, 0]
