"""Blurs that add up windows exactly: FFmpeg's avgblur and ImageMagick's -blur."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import exp, pi, prod, sqrt

import cv2
import numpy as np

from flowgraph import native
from flowgraph.frame import Format, Plane


def _band_rows(radius: int) -> int:
    return 4 * radius + 16


def _bands(height: int, radius: int) -> Iterator[tuple[slice, slice, slice]]:
    """Bands of rows: those read, those written, and where the written ones stand in the read ones."""
    step = _band_rows(radius)
    for top in range(0, height, step):
        bottom = min(height, top + step)
        first, last = max(0, top - radius), min(height, bottom + radius)
        yield slice(first, last), slice(top, bottom), slice(top - first, bottom - first)


def _band_shape(format: Format, radius: int) -> tuple[int, ...]:
    shape = format.shapes[0]
    return (min(shape[0], _band_rows(radius) + 2 * radius), *shape[1:])


def box_scratch(format: Format, radius: int) -> Mapping[str, tuple[tuple[int, ...], str]]:
    """Working arrays of `box`."""
    return {"sums": (_band_shape(format, radius), _box_type(radius))}


def _box_type(radius: int) -> str:
    # float32 tells quotients of (2r + 1)**2 apart up to a radius of 49.
    return "float32" if radius <= 40 else "float64"


def box(plane: Plane, radius: int, out: Plane, scratch: Mapping[str, Plane]) -> None:
    """floor of the mean over (2r + 1)**2 samples, edges replicated."""
    side = 2 * radius + 1
    count = side * side
    depth = cv2.CV_32F if _box_type(radius) == "float32" else cv2.CV_64F
    for read, written, inside in _bands(len(plane), radius):
        sums = scratch["sums"][: read.stop - read.start]
        cv2.boxFilter(
            plane[read], depth, (side, side), dst=sums, normalize=False, borderType=cv2.BORDER_REPLICATE
        )
        # The count is odd: (sum - (count - 1) / 2) / count rounds to the floor of sum / count.
        middle = sums[inside]
        shift = -(count - 1) / (2 * count)
        cv2.addWeighted(middle, 1 / count, middle, 0, shift, dst=out[written], dtype=cv2.CV_8U)


@lru_cache(maxsize=16)
def magick_kernel(sigma: float) -> Plane:
    """The weights of ImageMagick 6's -blur 0xSIGMA at 16 bits (gem.c, morphology.c)."""
    alpha, beta = 1 / (2 * sigma * sigma), 1 / (sqrt(2 * pi) * sigma)
    width = 5
    while True:
        edge = (width - 1) // 2
        total = sum(exp(-i * i * alpha) * beta for i in range(-edge, edge + 1))
        if exp(-edge * edge * alpha) * beta / total < 1 / 65535:
            break
        width += 2
    width -= 2
    reach, fine = (3 * width - 1) // 2, 1 / (2 * (3 * sigma) ** 2)
    samples = np.exp(-(np.arange(-reach, reach + 1, dtype=np.float64) ** 2) * fine)
    kernel: Plane = samples.reshape(width, 3).sum(1)
    kernel /= kernel.sum()
    kernel.flags.writeable = False
    return kernel


def magick_scratch(format: Format, sigma: float) -> Mapping[str, tuple[tuple[int, ...], str]]:
    """Working arrays of `magick`."""
    radius = len(magick_kernel(sigma)) // 2
    return {"wide": (_band_shape(format, radius), "float64"), "across": (format.shapes[0], "uint16")}


def magick_temporaries(format: Format, sigma: float) -> int:
    """About what OpenCV's row buffers take."""
    return 8 * (len(magick_kernel(sigma)) + 8) * prod(format.shapes[0][1:])


def magick(plane: Plane, sigma: float, out: Plane, scratch: Mapping[str, Plane]) -> None:
    """Blur across, round half up to 16 bits, blur down, round; 8-bit samples stand for 257 times as much."""
    kernel, one = magick_kernel(sigma), np.ones(1)
    radius = len(kernel) // 2
    across = scratch["across"]
    if native.available():
        native.magick(plane, np.ascontiguousarray(kernel[radius:]), out, across)
        return
    weights = kernel * 257 if plane.dtype == np.uint8 else kernel
    for _, written, _ in _bands(len(plane), radius):
        wide = scratch["wide"][: written.stop - written.start]
        _blur(plane[written], weights, one, wide)
        np.copyto(across[written], wide, casting="unsafe")
    for read, written, inside in _bands(len(plane), radius):
        wide = scratch["wide"][: read.stop - read.start]
        _blur(across[read], one, kernel, wide)
        made = wide[inside]
        if out.dtype == np.uint8:
            np.divide(made, 257, out=made)
            np.rint(made, out=made)
        np.copyto(out[written], made, casting="unsafe")


def _blur(plane: Plane, across: Plane, down: Plane, wide: Plane) -> None:
    cv2.sepFilter2D(plane, cv2.CV_64F, across, down, dst=wide, borderType=cv2.BORDER_REPLICATE)
    np.add(wide, 0.5, out=wide)
    np.floor(wide, out=wide)
