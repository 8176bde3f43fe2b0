"""The scene `shapes`: a figure that dances over a textured ground, fine lines, number and time."""

from __future__ import annotations

import math
from fractions import Fraction

import cv2
import numpy as np

from flowgraph.frame import Format, Plane
from flowgraph.media.scenes.strokes import BITS, GOLDEN, point


def ground(format: Format, random: np.random.Generator) -> Plane:
    """The part that doesn't move: a sky that fades, a grainy floor, rings and lines of fine detail."""
    width, height = format.width, format.height
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    hue = random.uniform(0, 40)
    top = np.array([120 + hue, 70, 60], np.float32)
    bottom = np.array([90, 110, 150 + hue], np.float32)
    ground = np.broadcast_to(top + (bottom - top) * y, (height, width, 3)).copy()
    grain = random.normal(0, 1, (height, width)).astype(np.float32)
    soft: Plane = cv2.GaussianBlur(grain, (0, 0), max(1.0, height / 90))
    soft = soft / max(float(np.abs(soft).max()), 1e-6)
    floor = np.clip((y[..., 0] - 0.66) * 12, 0, 1)
    ground += (28 * soft * (0.4 + floor) + 7 * grain * floor)[..., None]
    _rings(ground, width - height // 5 - height // 20, height // 20, height // 5)
    levels: Plane = np.clip(np.rint(ground), 0, 255).astype(np.uint8)
    return levels


def _rings(ground: Plane, left: int, top: int, side: int) -> None:
    """A zone plate: rings that get finer outwards, up to the finest that pixels can show."""
    axis = np.arange(side, dtype=np.float32) - side / 2
    radius = axis[None, :] ** 2 + axis[:, None] ** 2
    ground[top : top + side, left : left + side] = (128 + 90 * np.cos(radius * math.pi / side))[..., None]


def draw(image: Plane, number: int, time: Fraction, seed: int) -> None:
    """Draw what moves."""
    height, width = image.shape[:2]
    phase = seed * GOLDEN
    unit, t = height / 36, float(time)
    _square(image, width * (0.5 + 0.36 * math.sin(0.7 * t + phase)), height * 0.2, 2.6 * unit, 1.3 * t)
    bounce = abs(math.sin(2.1 * t + phase))
    _disc(image, width * (0.5 + 0.42 * math.cos(0.45 * t)), height * (0.82 - 0.4 * bounce), 2 * unit)
    _dancer(image, width * (0.45 + 0.25 * math.sin(0.5 * t + phase)), height * 0.62, unit, 2 * math.pi * t)
    _caption(image, number, time, unit)


def _disc(image: Plane, x: float, y: float, radius: float) -> None:
    cv2.circle(image, point(x, y), round(radius * (1 << BITS)), (60, 200, 250), -1, cv2.LINE_AA, BITS)


def _square(image: Plane, x: float, y: float, side: float, angle: float) -> None:
    turns = (angle + k * math.pi / 2 for k in range(4))
    corners = [point(x + side * math.cos(a), y + side * math.sin(a)) for a in turns]
    cv2.fillConvexPoly(image, np.array(corners, np.int32), (200, 120, 70), cv2.LINE_AA, BITS)


def _dancer(image: Plane, x: float, y: float, unit: float, beat: float) -> None:
    """A figure whose limbs swing with the beat (radians)."""
    sway, skin, cloth = math.sin(beat / 2), (150, 180, 235), (70, 50, 190)
    hip = (x + unit * sway, y + 0.6 * unit * abs(math.sin(beat / 2)))
    neck = (hip[0] + 1.4 * unit * sway, hip[1] - 7 * unit)
    thick = max(1, round(unit))
    for side in (-1, 1):
        swing = 0.9 * math.sin(beat / 2 + side)
        knee = _limb(image, hip, 4 * unit, side * 0.35 + 0.5 * swing, cloth, thick + 1)
        _limb(image, knee, 4.5 * unit, side * 0.1 - 0.4 * swing, cloth, thick)
        shoulder = (neck[0] + side * 1.5 * unit, neck[1] + 0.8 * unit)
        elbow = _limb(image, shoulder, 3.2 * unit, side * (1.5 + swing), skin, thick)
        _limb(image, elbow, 3.2 * unit, side * (2.4 - swing), skin, thick)
    middle = point((hip[0] + neck[0]) / 2, (hip[1] + neck[1]) / 2)
    lean = math.degrees(math.atan2(neck[0] - hip[0], hip[1] - neck[1]))
    axes = (round(2.1 * unit * (1 << BITS)), round(4.2 * unit * (1 << BITS)))
    cv2.ellipse(image, middle, axes, lean, 0, 360, cloth, -1, cv2.LINE_AA, BITS)
    head = point(neck[0] + 0.3 * unit * sway, neck[1] - 1.8 * unit)
    cv2.circle(image, head, round(1.7 * unit * (1 << BITS)), skin, -1, cv2.LINE_AA, BITS)


def _limb(
    image: Plane,
    start: tuple[float, float],
    length: float,
    angle: float,
    colour: tuple[int, int, int],
    thick: int,
) -> tuple[float, float]:
    """Draw one limb at `angle` from straight down; returns where it ends."""
    end = (start[0] + length * math.sin(angle), start[1] + length * math.cos(angle))
    cv2.line(image, point(*start), point(*end), colour, thick, cv2.LINE_AA, BITS)
    return end


def _caption(image: Plane, number: int, time: Fraction, unit: float) -> None:
    minutes, seconds = divmod(float(time), 60)
    text = f"{number:06d}  {int(minutes):02d}:{seconds:06.3f}"
    scale, thick, shadow = unit / 14, max(1, round(unit / 8)), max(1, round(unit / 9))
    x, y = round(1.2 * unit), round(2.8 * unit)
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(image, text, (x + shadow, y + shadow), font, scale, (0, 0, 0), thick, cv2.LINE_AA)
    cv2.putText(image, text, (x, y), font, scale, (255, 255, 255), thick, cv2.LINE_AA)
