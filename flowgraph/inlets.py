"""What a program gives to a session, as frames: nothing is copied."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from flowgraph.errors import GraphError
from flowgraph.executor.ends import Given
from flowgraph.frame import EMPTY, Format, Frame, Plane

Image: TypeAlias = Plane | Frame | Sequence[Plane]
"""What a program gives as a frame: an array, a Frame, or the arrays of several planes."""


class Inlet:
    """One input: where its frames go, and what they must be."""

    def __init__(self, given: Given, format: Format, rate: Fraction) -> None:
        self.given = given
        self.format = format
        self.rate = rate
        self.shapes = format.shapes
        self.dtype = np.dtype(format.layout.dtype)
        self.lasts = 1 / rate
        self.time = Fraction(-1)
        """Of the frame that was given last."""
        self.timed = False
        """Whether any frame came with a time of its own."""

    def frame(self, name: str, image: Image, index: int) -> Frame:
        """The frame that an image is, without a copy.

        Raises:
            GraphError: it has another format, or its time isn't after that of the frame before.
        """
        if isinstance(image, Frame):
            if not image.format.fits(self.format):
                raise self._refused(name, f"a frame in {image.format}")
            if image.time <= self.time:
                raise GraphError(
                    f"input '{name}': a frame at {float(image.time):g} s comes after one at"
                    f" {float(self.time):g} s",
                    hint="give frames with growing times, or arrays, which come at the input's rate",
                )
            self.timed = True
            planes, time, lasts, properties = image.planes, image.time, image.duration, image.properties
        else:
            planes = (image,) if isinstance(image, np.ndarray) else tuple(image)
            time, lasts, properties = self._next_time(index), self.lasts, EMPTY
        if tuple([plane.shape for plane in planes]) != self.shapes:
            raise self._refused(name, f"shape {' and '.join(str(plane.shape) for plane in planes)}")
        views: list[Plane] = []
        for plane in planes:
            if plane.dtype != self.dtype:
                raise self._refused(name, f"samples of {plane.dtype}")
            if not _readable(plane):
                raise GraphError(
                    f"input '{name}': the samples of a row don't lie one after the other in memory",
                    hint="give numpy.ascontiguousarray(image)",
                )
            view = plane.view()
            view.flags.writeable = False
            views.append(view)
        return Frame(index, time, self.format, tuple(views), properties, image, lasts)

    def _next_time(self, index: int) -> Fraction:
        if self.timed:
            return self.time + self.lasts
        return Fraction(index * self.rate.denominator, self.rate.numerator)

    def _refused(self, name: str, what: str) -> GraphError:
        shapes = " and ".join(map(str, self.shapes))
        return GraphError(
            f"input '{name}' takes {self.format}: arrays of shape {shapes} and type {self.dtype}; got {what}",
            hint="a session's formats are fixed when it is opened",
        )


def _readable(plane: Plane) -> bool:
    """Whether the samples of each row follow one another, and the rows come from top to bottom."""
    strides, item = plane.strides, plane.itemsize
    packed = strides[-1] == item and (plane.ndim == 2 or strides[1] == item * plane.shape[2])
    return packed and strides[0] >= 0
