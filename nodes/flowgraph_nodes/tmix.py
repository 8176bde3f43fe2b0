"""Weighted sum over time."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph import native
from flowgraph.frame import Frame, Plane
from flowgraph.kernels import affine, affine_scratch, fit, flat, row_bands, whole_sum
from flowgraph.node import Affine, Formats, Input, Node, Output, Term


class Tmix(Node):
    """Mix each picture with those before it, each with its weight, as FFmpeg's filter of that name does.

    out[k] = clip(rint(scale * (w0 * in[k-n+1] + ... + w(n-1) * in[k]))) in single precision, half rounded to
    even: the first weight is the oldest picture's. The last weight given is repeated for the rest; before the
    start, the first picture is repeated. Weights -1 0 1 with scale 2 keep what got brighter, doubled.
    """

    frames: int = Field(default=3, ge=1, le=1024, description="pictures mixed, the newest included")
    weights: tuple[float, ...] = Field(
        default=(1.0,), min_length=1, description="oldest first; the last is repeated"
    )
    scale: float = Field(
        default=0.0, description="factor on the weighted sum; 0 stands for 1 / sum of the weights"
    )

    image = Input("bgr24", "gray", "gbrp")
    mixed = Output(like=image)

    main: ClassVar[str] = "frames"
    example: ClassVar[str] = "motion: {type: tmix, in: video, frames: 3, weights: [-1, 0, 1], scale: 2}"

    def check(self) -> None:
        """Refuse more weights than frames, and a scale of 1 / 0."""
        if len(self.weights) > self.frames:
            raise ValueError(f"{len(self.weights)} weights for {self.frames} frames")
        if self.scale == 0 and sum(self._weights()) == 0:
            raise ValueError(
                "the weights sum to zero, so there is no scale that keeps the brightness; give one (scale: 1)"
            )

    def history(self, port: str, rate: Fraction | None) -> int:
        """All frames but the newest."""
        return self.frames - 1

    def affine(self, items: Mapping[str, int]) -> Affine:
        """The weights times the scale."""
        scale = self._scale()
        taps = ((self.frames - 1 - i, weight * scale) for i, weight in enumerate(self._weights()))
        return Affine(tuple(Term("image", weight, tap=tap) for tap, weight in taps if weight))

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the sum of several pictures needs."""
        return affine_scratch(formats["image"].shapes[0], max(2, self.frames))

    def process(self, image: tuple[Frame, ...] | Frame, mixed: Frame, scratch: Mapping[str, Plane]) -> None:
        """Sum plane by plane; pictures of weight zero are not read."""
        oldest_first = (image,) if isinstance(image, Frame) else (*image[1:], image[0])
        read = [(frame, w) for frame, w in zip(oldest_first, self._weights(), strict=True) if w]
        weights, scale = [w for _, w in read], self._scale()
        # Whole weights and a scale of halves have exact sums: then single precision rounds nothing off.
        exact = all(w == round(w) and abs(w) < 256 for w in weights) and scale * 16 == round(scale * 16)
        for index, out in enumerate(mixed.planes):
            planes = [frame.planes[index] for frame, _ in read]
            if not planes or (exact and abs(scale) < 256):
                affine(planes, [w * scale for w in weights], 0, out, scratch)
            else:
                _single(planes, weights, scale, out, scratch)

    def _weights(self) -> tuple[float, ...]:
        return (*self.weights, *(self.weights[-1:] * (self.frames - len(self.weights))))

    def _scale(self) -> float:
        return self.scale or 1 / sum(self._weights())


def _single(
    planes: list[Plane], weights: list[float], scale: float, out: Plane, scratch: Mapping[str, Plane]
) -> None:
    """Multiply and add in float32 in FFmpeg's order, each step rounded."""
    whole = all(weight == round(weight) and abs(weight) < 256 for weight in weights)
    if whole and native.available() and 255 * sum(map(abs, weights)) < 1 << 24:
        native.scaled_sum(planes, [round(weight) for weight in weights], scale, out)
        return
    for rows, shape in row_bands(out.shape):
        total, term = (fit(scratch[name].view(np.float32), shape) for name in ("sum", "term"))
        if whole:
            whole_sum(planes, weights, rows, total, term)
        else:
            total.fill(0)
            for plane, weight in zip(planes, weights, strict=True):
                np.multiply(flat(plane[rows]), np.float32(weight), out=term)
                np.add(total, term, out=total)
        np.multiply(total, np.float32(scale), out=total)
        cv2.addWeighted(total, 1, total, 0, 0, dst=flat(out[rows]), dtype=cv2.CV_8U)
