"""The scene `flag`: a flag that waves before an evening sky; the light changes from left to right."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

import cv2
import numpy as np

from flowgraph.frame import Format, Plane
from flowgraph.media.scenes.strokes import BITS, GOLDEN, Colour, Point, levels, limb, point, shaded

_ACROSS, _DOWN = 60, 36
"""Patches of cloth."""

_RED, _WHITE, _BLUE = (50, 30, 190), (230, 228, 226), (110, 45, 25)
_POLE: Final = 0.18


def ground(format: Format, random: np.random.Generator) -> Plane:
    """A cyan sky, brighter on one side, with faint clouds; trees below, and a pole."""
    width, height = format.width, format.height
    sky = shaded(format, (214, 196, 84), (222, 210, 110), 3, random)
    light = np.linspace(0.84, 1.06, width, dtype=np.float32)
    clouds = random.normal(0, 1, (height, width)).astype(np.float32)
    soft: Plane = cv2.GaussianBlur(clouds, (0, 0), max(1.0, height / 12))
    sky = sky * light[None, :, None] + 3 * np.clip(soft / max(float(soft.std()), 1e-6), 0, 2)[..., None]
    image = levels(sky)
    unit = height / 36
    crowns = [
        (k * width / 48, height * (0.88 + 0.05 * math.sin(k / 2.3) + 0.02 * math.sin(k * 1.7)))
        for k in range(49)
    ]
    leaves = [*crowns, (width, height), (0, height)]
    cv2.fillPoly(image, [np.array([point(*at) for at in leaves], np.int32)], (52, 92, 58), cv2.LINE_AA, BITS)
    x = width * _POLE - 0.5 * unit
    limb(image, (x, 3 * unit), (x, height), (0.4 * unit, 0.5 * unit), (120, 125, 130))
    return image


def draw(image: Plane, number: int, time: Fraction, seed: int) -> None:
    """Draw the cloth, patch by patch, with light and shade on its folds."""
    del number
    height, width = image.shape[:2]
    t, phase = float(time), seed * GOLDEN

    def place(across: int, down: int) -> Point:
        u, v = across / _ACROSS, down / _DOWN
        lift = 0.065 * min(u * 1.6, 1) * math.sin(9 * u - 5 * t + phase) + 0.05 * u
        reach = 0.56 + 0.012 * math.sin(2 * t + phase)
        return width * (_POLE + reach * u), height * (0.16 + lift + 0.46 * v)

    for across in range(_ACROSS):
        shade = 0.88 + 0.2 * min(across / _ACROSS * 1.6, 1) * math.cos(9 * across / _ACROSS - 5 * t + phase)
        for down in range(_DOWN):
            corners = [place(across + i, down + j) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))]
            b, g, r = _cloth(across, down)
            colour = (min(255, round(b * shade)), min(255, round(g * shade)), min(255, round(r * shade)))
            cv2.fillConvexPoly(
                image, np.array([point(*at) for at in corners], np.int32), colour, cv2.LINE_8, BITS
            )


def _cloth(across: int, down: int) -> Colour:
    """A cross of blue in white on red."""
    from_cross = min(abs(across - 22), abs(down - 17.5))
    return _BLUE if from_cross < 2.6 else _WHITE if from_cross < 5 else _RED
