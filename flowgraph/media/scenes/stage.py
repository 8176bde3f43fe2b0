"""The scene `stage`: a bright empty studio; a dancer in dark clothes comes, crosses it, and goes."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

import cv2
import numpy as np

from flowgraph.frame import Format, Plane
from flowgraph.media.scenes.dancer import Costume, dance
from flowgraph.media.scenes.strokes import BITS, Point, area, disc, levels, limb, point, shaded

_SHADOW: Final = (150, 160, 164)
_COSTUMES: Final = (
    Costume((60, 30, 160), (130, 80, 50), _SHADOW),
    Costume((110, 80, 20), (45, 40, 45), _SHADOW),
    Costume((40, 95, 45), (50, 35, 60), _SHADOW),
    Costume((25, 90, 180), (85, 50, 25), _SHADOW),
)


def ground(format: Format, random: np.random.Generator) -> Plane:
    """A pale wall and floor, a lamp's light, two cameras on tripods and a cable."""
    width, height = format.width, format.height
    wall = shaded(format, (222, 224, 220), (196, 205, 208), 1.5, random)
    y, x = np.ogrid[0:height, 0:width]
    floor = y > 0.74 * height
    wall += np.where(floor, -34 + 40 * (y / height - 0.74), 0)[..., None].astype(np.float32)
    far = ((x / width - 0.5) ** 2 + (y / height - 0.4) ** 2).astype(np.float32)
    wall -= 60 * far[..., None]
    image = levels(wall)
    unit = height / 36
    for share in (0.17, 0.87):
        _tripod(image, (width * share, 0.755 * height), unit)
    cable = [point(width * (k / 40), height * (0.79 + 0.012 * math.sin(k / 3.1))) for k in range(41)]
    thin = max(1, round(unit / 6))
    cv2.polylines(image, [np.array(cable, np.int32)], False, (120, 125, 130), thin, cv2.LINE_AA, BITS)
    return image


def _tripod(image: Plane, foot: Point, unit: float) -> None:
    """A camera that films from behind."""
    x, y = foot
    top, grey = (x, y - 5.5 * unit), (105, 108, 112)
    for spread in (-1.5, 0.2, 1.5):
        limb(image, top, (x + spread * unit, y), (0.16 * unit, 0.12 * unit), grey)
    left, right, up, down = x - 0.9 * unit, x + 0.9 * unit, y - 6.7 * unit, y - 5.4 * unit
    area(image, [(left, up), (right, up), (right, down), (left, down)], (88, 90, 95))
    disc(image, (x, y - 6.05 * unit), 0.42 * unit, (60, 60, 66))


def draw(image: Plane, number: int, time: Fraction, seed: int) -> None:
    """Draw the dancer."""
    del number
    dance(image, float(time), seed, _COSTUMES)
