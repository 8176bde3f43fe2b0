"""Strokes that the scenes share: points finer than pixels, tapered limbs."""

from __future__ import annotations

import math
from typing import Final

import cv2
import numpy as np

from flowgraph.frame import Format, Plane

Colour = tuple[int, int, int]
Point = tuple[float, float]

GOLDEN: Final = 2.399963
"""The golden angle: phases that are multiples of it make neighbouring seeds look unlike."""

BITS: Final = 4
"""Shapes are placed to 1/16 of a pixel, so that slow motion is smooth."""


def point(x: float, y: float) -> tuple[int, int]:
    """A place as OpenCV takes it."""
    return round(x * (1 << BITS)), round(y * (1 << BITS))


def disc(image: Plane, centre: Point, radius: float, colour: Colour) -> None:
    """A filled circle."""
    cv2.circle(image, point(*centre), round(radius * (1 << BITS)), colour, -1, cv2.LINE_AA, BITS)


def oval(image: Plane, centre: Point, axes: Point, degrees: float, colour: Colour) -> None:
    """A filled ellipse with the given half axes."""
    cv2.ellipse(image, point(*centre), point(*axes), degrees, 0, 360, colour, -1, cv2.LINE_AA, BITS)


def area(image: Plane, corners: list[Point], colour: Colour) -> None:
    """A filled convex polygon."""
    cv2.fillConvexPoly(image, np.array([point(*c) for c in corners], np.int32), colour, cv2.LINE_AA, BITS)


def limb(image: Plane, start: Point, end: Point, thick: Point, colour: Colour) -> None:
    """A limb that gets thinner from `start` to `end`; `thick` has its radius at both."""
    along = math.atan2(end[1] - start[1], end[0] - start[0]) + math.pi / 2
    x, y = math.cos(along), math.sin(along)
    first, last = thick
    sides = [(start, first), (end, last), (end, -last), (start, -first)]
    area(image, [(at[0] + r * x, at[1] + r * y) for at, r in sides], colour)
    disc(image, start, first, colour)
    disc(image, end, last, colour)


def turned(start: Point, length: float, degrees: float) -> Point:
    """The place at `length` from `start`; 0 degrees is straight down, 90 to the right."""
    angle = math.radians(degrees)
    return start[0] + length * math.sin(angle), start[1] + length * math.cos(angle)


def shaded(format: Format, top: Colour, bottom: Colour, grain: float, random: np.random.Generator) -> Plane:
    """A ground that fades from one colour above to another below, with fine grain, as 32-bit floats."""
    y = np.linspace(0, 1, format.height, dtype=np.float32)[:, None, None]
    first, last = np.array(top, np.float32), np.array(bottom, np.float32)
    noise = random.normal(0, grain, (format.height, format.width)).astype(np.float32)
    return first + (last - first) * y + noise[..., None]


def levels(ground: Plane) -> Plane:
    """Floats as 8-bit samples."""
    rounded: Plane = np.clip(np.rint(ground), 0, 255).astype(np.uint8)
    return rounded
