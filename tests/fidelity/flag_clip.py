"""Draws a flag that waves before an evening-out sky, with the exact mask of each frame."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]
Masks = NDArray[np.bool_]

SIZE: Final = (480, 270)
FRAMES: Final = 24
_FINE: Final = 3
"""How much finer than the pixels the flag is drawn."""
_RED, _WHITE, _BLUE = (45, 25, 195), (225, 225, 228), (105, 40, 20)


def _cloth() -> Pictures:
    """A flag of crosses in red and white on blue."""
    cloth = np.full((400, 800, 3), _BLUE, np.uint8)
    for width, colour in ((80, _WHITE), (28, _RED)):
        cv2.line(cloth, (0, 0), (800, 400), colour, width)
        cv2.line(cloth, (800, 0), (0, 400), colour, width)
    for width, colour in ((132, _WHITE), (80, _RED)):
        cv2.line(cloth, (400, 0), (400, 400), colour, width)
        cv2.line(cloth, (0, 200), (800, 200), colour, width)
    return cloth


def _scene(random: np.random.Generator) -> Pictures:
    """A cyan sky, brighter on one side, with faint clouds; trees below, and a pole."""
    width, height = SIZE
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    sky = np.empty((height, width, 3), np.float32)
    sky[...] = (214, 200, 84)
    light = 0.86 + 0.2 * columns / width - 0.12 * ((rows / height) - 0.4) ** 2
    clouds = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 25)
    sky = sky * light[:, :, None] + 14 * (clouds / clouds.std())[:, :, None].clip(0, 2)
    leaves = cv2.GaussianBlur(random.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 2)
    crowns = rows > 225 + 12 * np.sin(columns / 31) + 5 * np.sin(columns / 7)
    green = np.array((40, 85, 50), np.float32) + 60 * leaves[:, :, None] / leaves.std() * 0.4
    sky[crowns] = green[crowns]
    sky[30:, 112:118] = (120, 125, 130)
    return sky.clip(0, 255).astype(np.uint8)


def waving_flag(size: tuple[int, int] = SIZE, count: int = FRAMES) -> tuple[Pictures, Masks]:
    """Frames, and where the flag covers at least half of a pixel."""
    random = np.random.default_rng(11)
    scene, cloth = _scene(random), _cloth()
    wide, high = SIZE[0] * _FINE, SIZE[1] * _FINE
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32) / _FINE
    frames: list[NDArray[np.uint8]] = []
    masks: list[NDArray[np.bool_]] = []
    for k in range(count):
        u = (x - 118) / (230 + 6 * np.sin(k / 5))
        phase = 9.5 * u - 0.55 * k
        lift = 16 * u.clip(0, 1) * np.sin(phase) + 14 * u
        v = (y - 55 - lift - 4 * np.sin(0.31 * k) * u) / 118
        u, v = u.astype(np.float32), v.astype(np.float32)
        inside = (u >= 0) & (u < 1) & (v >= 0) & (v < 1)
        drawn = cv2.remap(cloth, u * 799, v * 399, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        shade = 0.86 + 0.24 * u.clip(0, 1) * np.cos(phase)
        area = cv2.INTER_AREA
        share = cv2.resize(inside.astype(np.float32), SIZE, interpolation=area)[:, :, None]
        lit = cv2.resize(drawn * (shade * inside)[:, :, None].astype(np.float32), SIZE, interpolation=area)
        picture = scene * (1 - share) + lit + random.normal(0, 3, scene.shape)
        large = cv2.resize(picture.clip(0, 255).astype(np.uint8), size, interpolation=cv2.INTER_CUBIC)
        frames.append(np.asarray(large, np.uint8))
        masks.append(cv2.resize(share, size, interpolation=cv2.INTER_LINEAR) >= 0.5)
    return np.stack(frames), np.stack(masks)


def agreement(found: Masks, truth: Masks) -> list[float]:
    """Intersection over union of each frame."""
    return [float((a & b).sum() / (a | b).sum()) for a, b in zip(found, truth, strict=True)]


def flicker(masks: Masks) -> float:
    """The share of pixels that change from one frame to the next."""
    return float((masks[1:] != masks[:-1]).mean())
