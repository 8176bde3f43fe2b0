"""A drawn clip: one of several scenes, the same bits on every machine."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import ModuleType
from typing import Final

import numpy as np

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.media.convert import converter, temporaries
from flowgraph.media.decode import KEY, NOT_KEY
from flowgraph.media.scenes import call, flag, shapes, spotlight, stage

KEY_EVERY: Final = 12
"""Each twelfth picture counts as a key frame."""

_FONT_BYTES: Final = 6 << 20
"""What each thread that writes letters has for itself."""

SCENES: Final[Mapping[str, ModuleType]] = {
    "shapes": shapes,
    "stage": stage,
    "spotlight": spotlight,
    "flag": flag,
    "call": call,
}
"""What can be drawn, by name."""


def drawing_bytes(format: Format) -> int:
    """Bytes that a drawing holds: ground, canvas, result, OpenCV's font and what converting allocates."""
    canvas = format.as_pixel("bgr24")
    return _FONT_BYTES + 2 * canvas.frame_bytes + format.frame_bytes + temporaries(canvas, format)


class Drawing:
    """Draws the pictures of the given numbers. Delivered frames have memory of their own."""

    def __init__(self, format: Format, seed: int, rate: Fraction, numbers: range, scene: str) -> None:
        self._format = format
        self._rate = rate
        self._numbers = iter(numbers)
        self._canvas = format.as_pixel("bgr24")
        self._index = 0
        self._scene = SCENES[scene]
        self._seed = seed
        self._ground = self._scene.ground(self._canvas, np.random.default_rng(seed))
        self._convert = converter(self._canvas, format)

    def read(self) -> Frame | None:
        """Draw the next picture; None after the last."""
        number = next(self._numbers, None)
        if number is None:
            return None
        image = self._ground.copy()
        self._scene.draw(image, number, number / self._rate, self._seed)
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
