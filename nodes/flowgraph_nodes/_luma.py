"""Rec.709 luma in whole millionths, as ImageMagick weighs it: exact sums, so comparisons are sure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import cv2
import numpy as np

from flowgraph import native
from flowgraph.frame import Plane
from flowgraph.kernels import band_samples, fit, row_bands

ONE = 1_000_000
_BLUE, _GREEN, _RED = 72186, 715158, 212656
_WEIGHTS = np.array((_BLUE, _GREEN, _RED), np.int32)


def luma_scratch(shape: Sequence[int]) -> Mapping[str, tuple[tuple[int, ...], str]]:
    """Working arrays of `luma_bands` for a bgr24 plane of `shape`."""
    samples = (band_samples(shape[:2]),)
    channels = dict.fromkeys(("blue", "green", "red"), (samples, "uint8"))
    return channels | {"luma": (samples, "int32"), "term": (samples, "int32")}


def luma_bands(plane: Plane, scratch: Mapping[str, Plane]) -> Iterator[tuple[slice, Plane, Plane]]:
    """Bands of rows: which, their luma (int32, 0..255 million), and bytes of that shape to work in."""
    for rows, shape in row_bands(plane.shape[:2]):
        blue, green, red = (fit(scratch[name], shape) for name in ("blue", "green", "red"))
        luma, term = fit(scratch["luma"], shape), fit(scratch["term"], shape)
        cv2.split(plane[rows], (blue, green, red))
        np.multiply(blue, _BLUE, out=luma, dtype=np.int32)
        for channel, weight in ((green, _GREEN), (red, _RED)):
            np.multiply(channel, weight, out=term, dtype=np.int32)
            np.add(luma, term, out=luma)
        yield rows, luma, blue


def luma_mask(
    plane: Plane, first: int, values: tuple[int, int], out: Plane, scratch: Mapping[str, Plane]
) -> None:
    """The second of `values` where the luma is at least `first`, the first elsewhere."""
    if native.available():
        native.luma_mask(plane, _WEIGHTS, first, values, out)
        return
    for rows, luma, spare in luma_bands(plane, scratch):
        passes = spare.view(np.bool_)
        np.greater_equal(luma, first, out=passes)
        out[rows] = values[0]
        np.copyto(out[rows], values[1], where=passes)
