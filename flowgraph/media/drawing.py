"""A drawn clip: a figure that dances over a textured ground, with shapes, fine lines, number and time."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

import cv2
import numpy as np

from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.media.convert import converter, temporaries
from flowgraph.media.decode import KEY, NOT_KEY

KEY_EVERY: Final = 12
"""Each twelfth picture counts as a key frame."""

_BITS = 4
"""Shapes are placed to 1/16 of a pixel, so that slow motion is smooth."""


def drawing_bytes(format: Format) -> int:
    """Bytes that a drawing holds: ground, canvas, result and what converting allocates."""
    canvas = format.as_pixel("bgr24")
    return 2 * canvas.frame_bytes + format.frame_bytes + temporaries(canvas, format)


class Drawing:
    """Draws the pictures of the given numbers. Delivered frames have memory of their own."""

    def __init__(self, format: Format, seed: int, rate: Fraction, numbers: range) -> None:
        self._format = format
        self._rate = rate
        self._numbers = iter(numbers)
        self._canvas = format.as_pixel("bgr24")
        self._index = 0
        self._ground = _ground(self._canvas, np.random.default_rng(seed))
        self._phase = seed * 2.399963  # the golden angle: neighbouring seeds look unlike
        self._convert = converter(self._canvas, format)

    def read(self) -> Frame | None:
        """Draw the next picture; None after the last."""
        number = next(self._numbers, None)
        if number is None:
            return None
        image = self._ground.copy()
        _draw(image, number, number / self._rate, self._phase)
        drawn = Frame(0, Fraction(0), self._canvas, (image,))
        out = drawn
        if self._format.pixel != "bgr24":
            out = new_frame(self._format)
            self._convert.convert(drawn, out)
        for plane in out.planes:
            plane.flags.writeable = False
        self._index += 1
        properties = KEY if number % KEY_EVERY == 0 else NOT_KEY
        time = number / self._rate
        return Frame(self._index - 1, time, self._format, out.planes, properties, duration=1 / self._rate)

    def close(self) -> None:
        """Stop drawing."""
        self._numbers = iter(())


def _ground(format: Format, random: np.random.Generator) -> Plane:
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


def _draw(image: Plane, number: int, time: Fraction, phase: float) -> None:
    """Draw what moves."""
    height, width = image.shape[:2]
    unit, t = height / 36, float(time)
    _square(image, width * (0.5 + 0.36 * math.sin(0.7 * t + phase)), height * 0.2, 2.6 * unit, 1.3 * t)
    bounce = abs(math.sin(2.1 * t + phase))
    _disc(image, width * (0.5 + 0.42 * math.cos(0.45 * t)), height * (0.82 - 0.4 * bounce), 2 * unit)
    _dancer(image, width * (0.45 + 0.25 * math.sin(0.5 * t + phase)), height * 0.62, unit, 2 * math.pi * t)
    _caption(image, number, time, unit)


def _point(x: float, y: float) -> tuple[int, int]:
    return round(x * (1 << _BITS)), round(y * (1 << _BITS))


def _disc(image: Plane, x: float, y: float, radius: float) -> None:
    cv2.circle(image, _point(x, y), round(radius * (1 << _BITS)), (60, 200, 250), -1, cv2.LINE_AA, _BITS)


def _square(image: Plane, x: float, y: float, side: float, angle: float) -> None:
    turns = (angle + k * math.pi / 2 for k in range(4))
    corners = [_point(x + side * math.cos(a), y + side * math.sin(a)) for a in turns]
    cv2.fillConvexPoly(image, np.array(corners, np.int32), (200, 120, 70), cv2.LINE_AA, _BITS)


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
    middle = _point((hip[0] + neck[0]) / 2, (hip[1] + neck[1]) / 2)
    lean = math.degrees(math.atan2(neck[0] - hip[0], hip[1] - neck[1]))
    axes = (round(2.1 * unit * (1 << _BITS)), round(4.2 * unit * (1 << _BITS)))
    cv2.ellipse(image, middle, axes, lean, 0, 360, cloth, -1, cv2.LINE_AA, _BITS)
    head = _point(neck[0] + 0.3 * unit * sway, neck[1] - 1.8 * unit)
    cv2.circle(image, head, round(1.7 * unit * (1 << _BITS)), skin, -1, cv2.LINE_AA, _BITS)


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
    cv2.line(image, _point(*start), _point(*end), colour, thick, cv2.LINE_AA, _BITS)
    return end


def _caption(image: Plane, number: int, time: Fraction, unit: float) -> None:
    minutes, seconds = divmod(float(time), 60)
    text = f"{number:06d}  {int(minutes):02d}:{seconds:06.3f}"
    scale, thick, shadow = unit / 14, max(1, round(unit / 8)), max(1, round(unit / 9))
    x, y = round(1.2 * unit), round(2.8 * unit)
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(image, text, (x + shadow, y + shadow), font, scale, (0, 0, 0), thick, cv2.LINE_AA)
    cv2.putText(image, text, (x, y), font, scale, (255, 255, 255), thick, cv2.LINE_AA)
