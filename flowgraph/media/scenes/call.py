"""The scene `call`: an empty room; somebody sits down, talks, waves, and then only breathes."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from flowgraph.frame import Format, Plane
from flowgraph.media.scenes.strokes import (
    Colour,
    area,
    disc,
    levels,
    limb,
    oval,
    shaded,
    turned,
)

_BOOKS: tuple[Colour, ...] = ((60, 60, 150), (120, 110, 60), (70, 130, 90), (90, 60, 120), (60, 130, 180))
_JUMPERS: tuple[Colour, ...] = ((120, 70, 30), (60, 50, 130), (50, 100, 40), (40, 40, 45))


def ground(format: Format, random: np.random.Generator) -> Plane:
    """A wall, a window, a picture, a shelf of books, a plant."""
    width, height = format.width, format.height
    image = levels(shaded(format, (176, 190, 198), (150, 166, 178), 2, random))
    unit = height / 36
    _box(image, 0.06 * width, 5 * unit, 11 * unit, 15 * unit, (235, 238, 240))
    _box(image, 0.06 * width + unit, 6 * unit, 4 * unit, 13 * unit, (232, 208, 160))
    _box(image, 0.06 * width + 6 * unit, 6 * unit, 4 * unit, 13 * unit, (228, 200, 150))
    right = 0.97 * width
    for row in (10, 20, 30):
        x = right - 15 * unit
        while x < right - 2 * unit:
            thick, tall = random.uniform(0.8, 1.5) * unit, random.uniform(5, 7.5) * unit
            _box(image, x, row * unit - tall, thick, tall, _BOOKS[int(random.integers(len(_BOOKS)))])
            x += thick + 0.12 * unit
        _box(image, right - 16 * unit, row * unit, 16 * unit, 0.7 * unit, (70, 95, 125))
    stem = (0.06 * width + 3 * unit, 29 * unit)
    for angle in range(110, 260, 20):
        limb(image, stem, turned(stem, 6 * unit, angle), (0.9 * unit, 0.2 * unit), (60, 120, 70))
    _box(image, stem[0] - 2 * unit, stem[1], 4 * unit, 4 * unit, (70, 100, 170))
    return image


def _box(image: Plane, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
    area(image, [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], colour)


def draw(image: Plane, number: int, time: Fraction, seed: int) -> None:
    """Draw who sits there; another seed wears something else."""
    del number
    height, width = image.shape[:2]
    t, unit = float(time), height / 36
    come = min(max((t - 1.2) / 0.8, 0.0), 1.0)
    if come == 0:
        return
    waving = math.sin(math.pi * min(max((t - 2.4) / 2.4, 0.0), 1.0))
    jumper, skin, hair = _JUMPERS[seed % len(_JUMPERS)], (140, 172, 222), (40, 55, 80)
    breath = 0.09 * unit * math.sin(2 * math.pi * 0.5 * t)
    x = width * 0.46 + 1.2 * unit * waving * math.sin(2.1 * t) - 14 * unit * (1 - come) ** 2
    y = 24 * unit + 16 * unit * (1 - come) ** 2 - breath
    limb(
        image,
        (x - 5.5 * unit, y + 1.5 * unit),
        (x + 5.5 * unit, y + 1.5 * unit),
        (2.4 * unit, 2.4 * unit),
        jumper,
    )
    area(
        image,
        [(x - 7 * unit, y), (x + 7 * unit, y), (x + 8.5 * unit, height), (x - 8.5 * unit, height)],
        jumper,
    )
    elbow = turned((x + 6.6 * unit, y + unit), 6 * unit, 18 + 80 * waving)
    hand = turned(elbow, 6 * unit, -30 + waving * (215 + 30 * math.sin(9 * t)))
    limb(image, (x + 6.4 * unit, y + unit), elbow, (1.8 * unit, 1.4 * unit), jumper)
    limb(image, elbow, hand, (1.4 * unit, unit), jumper)
    disc(image, hand, 1.5 * unit, skin)
    nod = 0.4 * unit * waving * math.sin(5 * t) + breath
    limb(image, (x, y), (x, y - 3.5 * unit), (1.7 * unit, 1.6 * unit), skin)
    head = (x + nod, y - 6.2 * unit)
    oval(image, (head[0], head[1] - 0.8 * unit), (4 * unit, 4.6 * unit), 0, hair)
    oval(image, (head[0], head[1] + 0.4 * unit), (3.3 * unit, 4 * unit), 0, skin)
    for side in (-1, 1):
        disc(image, (head[0] + 1.3 * side * unit, head[1] - 0.1 * unit), 0.35 * unit, (50, 50, 60))
    speech = 0.15 + 0.5 * waving * abs(math.sin(7 * t))
    oval(image, (head[0], head[1] + 2.3 * unit), (1.1 * unit, speech * unit), 0, (80, 80, 150))
