"""The scene `spotlight`: a dark theatre with a pool of light; a dancer in light clothes crosses it."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from flowgraph.frame import Format, Plane
from flowgraph.media.scenes.dancer import Costume, dance
from flowgraph.media.scenes.strokes import levels, shaded

_SHADOW: Final = (26, 22, 20)
_COSTUMES: Final = (
    Costume((80, 120, 225), (170, 185, 200), _SHADOW),
    Costume((190, 150, 70), (150, 190, 220), _SHADOW),
    Costume((110, 190, 120), (190, 170, 180), _SHADOW),
    Costume((150, 110, 200), (200, 190, 150), _SHADOW),
)


def ground(format: Format, random: np.random.Generator) -> Plane:
    """Curtains in the dark, and boards lit from above."""
    width, height = format.width, format.height
    hall = shaded(format, (38, 22, 24), (30, 24, 30), 1.5, random)
    y, x = np.ogrid[0:height, 0:width]
    folds = 7 * np.cos(x * (2 * np.pi * 22 / width)) * (y < 0.72 * height)
    boards = 34 * np.exp(-(((x / width - 0.5) / 0.42) ** 2) - ((y / height - 0.91) / 0.13) ** 2)
    seams = 5 * ((x * 24 // width) % 2) * (y >= 0.72 * height)
    hall += (folds + boards + seams).astype(np.float32)[..., None] * np.array((0.6, 0.85, 1.0), np.float32)
    return levels(hall)


def draw(image: Plane, number: int, time: Fraction, seed: int) -> None:
    """Draw the dancer."""
    del number
    dance(image, float(time), seed, _COSTUMES)
