"""The nodes that belong to the engine itself: conversions, affine sums on planes, bands of rows."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from flowgraph.frame import Format, Frame, Plane
from flowgraph.kernels import affine, affine_scratch
from flowgraph.media.convert import Converter, converter, temporaries
from flowgraph.node import Affine, Formats, Input, Node, Output


@lru_cache(maxsize=64)
def _converter(source: Format, target: Format) -> Converter:
    """Making one costs more than a small picture's conversion; threads may share it."""
    return converter(source, target)


class Convert(Node):
    """Give the same picture in another pixel format."""

    pixel: str

    image = Input()
    converted = Output(like=image)

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The input's format with this pixel format."""
        return {"converted": formats["image"].as_pixel(self.pixel)}

    def temporaries(self, formats: Formats) -> int:
        """What libswscale and OpenCV allocate for the pair."""
        return temporaries(formats["image"], formats["converted"])

    def process(self, image: Frame, converted: Frame) -> None:
        """Convert with the converter of the pair."""
        _converter(image.format, converted.format).convert(image, converted)


class Copy(Node):
    """Copy a decoder's frame into the pool, so that a long history doesn't hold decoder frames."""

    image = Input()
    copied = Output(like=image)

    def process(self, image: Frame, copied: Frame) -> None:
        """Copy plane by plane."""
        for plane, target in zip(image.planes, copied.planes, strict=True):
            np.copyto(target, plane)


class Rows(Node):
    """Forward some rows of each frame; `first` is a row where chroma begins too."""

    first: int
    count: int

    image = Input()
    rows = Output(like=image, forward=True)

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The input's format with so many rows."""
        image = formats["image"]
        return {"rows": image.resized(image.width, self.count)}

    def process(self, image: Frame) -> Frame:
        """A view of the rows."""
        cut = image.format.resized(image.format.width, self.count)
        planes = tuple(
            plane[self.first >> down :][: shape[0]]
            for plane, shape, (_, _, down) in zip(image.planes, cut.shapes, cut.layout.planes, strict=True)
        )
        return image.view(cut, planes)


class JoinRows(Node):
    """Put bands of rows below one another: stills of which one was divided."""

    sizes_may_differ = True

    image = Input(variadic=True)
    joined = Output(like=image)

    def process(self, image: tuple[Frame, ...], joined: Frame) -> None:
        """Copy band by band, plane by plane."""
        for place, plane in enumerate(joined.planes):
            first = 0
            for frame in image:
                band = frame.planes[place]
                np.copyto(plane[first : first + len(band)], band)
                first += len(band)


class AffineSum(Node):
    """Weighted sum of streams, plus an offset for each plane, rounded once."""

    weights: tuple[float, ...]
    offset: float

    image = Input(variadic=True)
    total = Output(like=image, in_place=True)

    def affine(self, items: Mapping[str, int]) -> Affine | None:
        """Not merged any further: merging made it."""
        return None

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the kernel needs for the largest plane."""
        return affine_scratch(formats["total"].shapes[0], len(self.weights))

    def process(self, image: tuple[Frame, ...], total: Frame, scratch: Mapping[str, Plane]) -> None:
        """Sum plane by plane."""
        offsets = plane_offsets(total.format, sum(self.weights), self.offset)
        for i, plane in enumerate(total.planes):
            affine([frame.planes[i] for frame in image], self.weights, offsets[i], plane, scratch)


def plane_offsets(format: Format, weight_sum: float, offset: float) -> tuple[float, ...]:
    """The offset of each plane for an affine sum that is meant on RGB samples 0..255.

    With Y = black + gain * luma(RGB) and C = 128 + (differences), a sum with weights w and offset c becomes
    Y: black * (1 - sum w) + gain * c, and C: 128 * (1 - sum w). Inverting limited-range luma is 251 - Y.
    """
    if format.family != "yuv":
        return (offset,) * len(format.layout.planes)
    black, gain = (16.0, 219 / 255) if format.range == "limited" else (0.0, 1.0)
    chroma = 128 * (1 - weight_sum)
    return (black * (1 - weight_sum) + gain * offset, chroma, chroma)
