"""Exact arithmetic on 8-bit planes, as fast as OpenCV does it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm, prod
from typing import Final

import cv2
import numpy as np

from flowgraph import native
from flowgraph.frame import Plane

BAND_SAMPLES: Final = 131072
"""Samples of a row band: enough that the calls cost nothing, few enough to stay in a core's cache."""

_MOST_DENOMINATOR: Final = 4096
# Sums of fewer than 2**24 steps are exact in float32; below 2**20 steps four roundings in float32 stay
# under half a step, so that what is no tie can't become one.
_EXACT: Final = 1 << 24
_NEAR: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Ratio:
    """Weights and offset as whole numbers over one denominator; 0 stands for weights without one."""

    weights: tuple[int, ...]
    offset: int
    denominator: int

    @property
    def one_rounding(self) -> bool:
        """Whether weights in float32 give the same bits: no tie can be missed or made."""
        q, steps = self.denominator, 255 * sum(map(abs, self.weights)) + abs(self.offset)
        dyadic = q > 0 and q & (q - 1) == 0
        return (dyadic and steps < _EXACT) or (q % 2 == 1 and steps < _NEAR)


@lru_cache(maxsize=256)
def _ratio(weights: tuple[float, ...], offset: float) -> _Ratio:
    """Find the fractions that the numbers stand for: 0.3 and 0.1 * 3 are both 3/10."""
    numbers = (*weights, offset)
    fractions = [Fraction(number).limit_denominator(_MOST_DENOMINATOR) for number in numbers]
    close = all(
        abs(float(f) - number) <= 1e-12 * max(1.0, abs(number))
        for f, number in zip(fractions, numbers, strict=True)
    )
    q = lcm(*(f.denominator for f in fractions)) if close else 0
    whole = [int(f * q) for f in fractions]
    if not q or 255 * sum(map(abs, whole)) + q >= _EXACT:
        return _Ratio((), 0, 0)
    return _Ratio(tuple(whole[:-1]), whole[-1], q)


def affine_scratch(shape: Sequence[int], count: int) -> Mapping[str, tuple[tuple[int, ...], str]]:
    """Working arrays of `affine` for planes of up to `shape` and `count` inputs, for `Node.scratch`."""
    if count < 2:
        return {}
    samples = (band_samples(shape),)
    return {"sum": (samples, "float64"), "term": (samples, "float64")}


def affine(
    inputs: Sequence[Plane],
    weights: Sequence[float],
    offset: float,
    out: Plane,
    scratch: Mapping[str, Plane],
) -> None:
    """out = clip(rint(sum of weight * input + offset)) on uint8 planes of one shape; half rounds to even.

    The sum is exact: numbers within 1e-12 of a fraction with a denominator of at most 4096 count as that
    fraction, so that 0.1 * 5 is a tie; other weights are summed in float64 and rounded once. `out` may be one
    of the inputs. `scratch` holds what `affine_scratch` names; inputs of weight zero are not read.
    """
    used = [(plane, float(w)) for plane, w in zip(inputs, weights, strict=True) if w]
    planes = [plane for plane, _ in used]
    factors = tuple(w for _, w in used)
    ratio = _ratio(factors, float(offset))
    if not planes:
        out[...] = int(np.clip(np.rint(offset), 0, 255))
    elif len(planes) == 1:
        _one(planes[0], factors[0], offset, ratio, out)
    elif ratio.denominator and native.available():
        native.divided_sum(planes, ratio.weights, ratio.offset, ratio.denominator, out)
    elif len(planes) == 2 and ratio.one_rounding:
        _two(planes[0], planes[1], factors, offset, out)
    elif ratio.denominator:
        _whole(planes, ratio, out, scratch)
    else:
        _real(planes, factors, offset, out, scratch)


def _one(plane: Plane, weight: float, offset: float, ratio: _Ratio, out: Plane) -> None:
    if (weight, offset) == (1, 0):
        if out is not plane:
            np.copyto(out, plane)
    elif (weight, offset) == (-1, 255):
        cv2.bitwise_not(plane, dst=out)
    elif ratio.one_rounding:
        cv2.addWeighted(plane, weight, plane, 0, offset, dst=out)
    else:
        cv2.LUT(plane, affine_table(weight, offset), dst=out)


@lru_cache(maxsize=64)
def affine_table(weight: float, offset: float) -> Plane:
    """The 256 results of `affine` for one input."""
    ratio = _ratio((weight,), offset)
    samples = np.arange(256, dtype=np.float64)
    if ratio.denominator:
        values = (samples * ratio.weights[0] + ratio.offset) / ratio.denominator
    else:
        values = samples * weight + offset
    table: Plane = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    table.flags.writeable = False
    return table


def _two(first: Plane, second: Plane, weights: tuple[float, ...], offset: float, out: Plane) -> None:
    if (weights, offset) == ((1, 1), 0):
        cv2.add(first, second, dst=out)
    elif offset == 0 and weights[0] == -weights[1] and abs(weights[0]) in (1, 2, 4):
        # Saturating at 0 first and at 255 after each doubling clips where one step would.
        plus, minus = (first, second) if weights[0] > 0 else (second, first)
        cv2.subtract(plus, minus, dst=out)
        for _ in range(int(abs(weights[0])).bit_length() - 1):
            cv2.add(out, out, dst=out)
    else:
        cv2.addWeighted(first, weights[0], second, weights[1], offset, dst=out)


def band_samples(shape: Sequence[int]) -> int:
    """Samples of the largest of `row_bands`, for the size of working arrays."""
    return max(BAND_SAMPLES, prod(shape[1:]))


def row_bands(shape: Sequence[int]) -> Iterator[tuple[slice, tuple[int, int]]]:
    """Bands of rows that stay in the cache, each with its shape as (rows, samples of a row)."""
    row = max(1, prod(shape[1:]))
    step = max(1, BAND_SAMPLES // row)
    for top in range(0, shape[0], step):
        yield slice(top, top + step), (min(step, shape[0] - top), row)


def flat(plane: Plane) -> Plane:
    """The plane with its channels side by side: (rows, samples of a row)."""
    return plane.reshape(len(plane), -1)


def fit(array: Plane, shape: tuple[int, int]) -> Plane:
    """The first samples of a flat working array in the shape of a band."""
    return array[: shape[0] * shape[1]].reshape(shape)


def whole_sum(
    planes: Sequence[Plane], weights: Sequence[float], rows: slice, total: Plane, term: Plane
) -> None:
    """Sum a band of uint8 planes with whole weights into float32, exactly, by way of `term`."""
    bands = [flat(plane[rows]) for plane in planes]
    if set(weights) == {1} and 2 <= len(bands) <= 257:  # 257 * 255 = 65535
        small = fit(term.reshape(-1).view(np.uint16), (total.shape[0], total.shape[1]))
        np.add(bands[0], bands[1], out=small, dtype=np.uint16)
        for band in bands[2:]:
            np.add(small, band, out=small)
        np.copyto(total, small)
        return
    np.multiply(bands[0], np.float32(weights[0]), out=total)
    for band, weight in zip(bands[1:], weights[1:], strict=True):
        if weight == 1:
            cv2.accumulate(band, total)
        else:
            np.multiply(band, np.float32(weight), out=term)
            np.add(total, term, out=total)


def _whole(planes: list[Plane], ratio: _Ratio, out: Plane, scratch: Mapping[str, Plane]) -> None:
    """Whole-number sums are exact in float32, and a float32 division of them keeps ties ties."""
    q = ratio.denominator
    for rows, shape in row_bands(out.shape):
        total, term = (fit(scratch[name].view(np.float32), shape) for name in ("sum", "term"))
        whole_sum(planes, ratio.weights, rows, total, term)
        if ratio.one_rounding:
            cv2.addWeighted(total, 1 / q, total, 0, ratio.offset / q, dst=flat(out[rows]), dtype=cv2.CV_8U)
        else:
            np.add(total, np.float32(ratio.offset), out=total)
            np.divide(total, np.float32(q), out=total)
            cv2.addWeighted(total, 1, total, 0, 0, dst=flat(out[rows]), dtype=cv2.CV_8U)


def _real(
    planes: list[Plane], weights: tuple[float, ...], offset: float, out: Plane, scratch: Mapping[str, Plane]
) -> None:
    for rows, shape in row_bands(out.shape):
        total, term = fit(scratch["sum"], shape), fit(scratch["term"], shape)
        np.multiply(flat(planes[0][rows]), weights[0], out=total)
        for plane, weight in zip(planes[1:], weights[1:], strict=True):
            np.multiply(flat(plane[rows]), weight, out=term)
            np.add(total, term, out=total)
        np.add(total, offset, out=total)
        np.rint(total, out=total)
        np.clip(total, 0, 255, out=total)
        np.copyto(flat(out[rows]), total, casting="unsafe")
