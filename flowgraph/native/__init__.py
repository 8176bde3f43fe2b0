"""Optional compiled kernels: the same bits as the paths in Python, sooner.

The build makes one shared library out of the C files here where there is a compiler, see hatch_build.py.
It is loaded at the first use, by ctypes, which lets other threads run during a call. FLOWGRAPH_NATIVE=0 in
the environment leaves it alone.

Planes are uint8 with contiguous rows, any distance between rows, and of sizes that fit; callers see to that.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from ctypes import CDLL, c_char_p, c_float, c_int, c_int32, c_ssize_t, c_void_p
from functools import cache
from math import prod
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from flowgraph.frame import Plane

LIBRARY: Final = Path(__file__).with_name("kernels.so")
SWITCH: Final = "FLOWGRAPH_NATIVE"

Conversion = Literal["rgb_to_yuv420", "yuv420_to_rgb_fast", "yuv420_to_rgb_accurate"]

_PICTURE = (*(c_void_p,) * 4, c_ssize_t, c_ssize_t, c_void_p)
_PAIR = (*(c_void_p, c_ssize_t) * 3, c_ssize_t, c_ssize_t)
_SIGNATURES: Final = {
    "rgb_to_yuv420": (_PICTURE, c_int),
    "yuv420_to_rgb_fast": (_PICTURE, c_int),
    "yuv420_to_rgb_accurate": (_PICTURE, c_int),
    "blend": ((c_char_p, *_PAIR), c_int),
    "pairs": ((c_void_p, *_PAIR), None),
    "sum": (
        (c_void_p, c_void_p, c_void_p, c_ssize_t, c_int32, c_int32, c_float, c_void_p, *(c_ssize_t,) * 3),
        c_int,
    ),
    "gaussian": ((c_void_p, *(c_ssize_t,) * 3, c_void_p, *(c_ssize_t,) * 2, c_void_p, c_int), c_int),
    "luma_mask": ((c_void_p, c_ssize_t, c_void_p, *(c_ssize_t,) * 3, c_void_p, c_int32, c_int, c_int), None),
    "magick": (
        (*(c_void_p, c_ssize_t, c_int) * 2, *(c_ssize_t,) * 3, c_void_p, c_ssize_t, c_void_p),
        c_int,
    ),
    "half": ((c_void_p, *(c_ssize_t,) * 3, c_void_p, c_ssize_t, c_ssize_t), c_int),
    "double": ((c_void_p, c_ssize_t, c_void_p, *(c_ssize_t,) * 4), c_int),
}
_Pointers = c_void_p * 3
_Steps = c_ssize_t * 3


def available() -> bool:
    """Whether the kernels are there and not switched off."""
    return _library() is not None


def why_not() -> str:
    """Why the kernels are not used; "" where they are."""
    if switched_off():
        return f"switched off by {SWITCH}=0"
    if not LIBRARY.exists():
        return "not built: there was no C compiler"
    return "" if available() else f"{LIBRARY} can't be loaded"


def switched_off() -> bool:
    """Whether the environment says no."""
    return os.environ.get(SWITCH, "1") == "0"


@cache
def _library() -> CDLL | None:
    if switched_off():
        return None
    try:
        library = CDLL(str(LIBRARY))
        for name, (arguments, result) in _SIGNATURES.items():
            function = getattr(library, f"flowgraph_{name}")
            function.argtypes, function.restype = arguments, result
    except (OSError, AttributeError):  # not built, or for another machine
        return None
    return library


def _loaded() -> CDLL:
    library = _library()
    if library is None:
        raise RuntimeError("the compiled kernels are not there; ask available() first")
    return library


def convert(
    kind: Conversion,
    planes: Sequence[Plane],
    out: Sequence[Plane],
    size: tuple[int, int],
    matrix: NDArray[np.int32],
) -> None:
    """Convert a picture of (width, height); RGB is one plane of b, g, r, or three in that order.

    Both sizes are even, and at least 16. `matrix` is what `flowgraph.media.coefficients` makes for the kind.

    Raises:
        MemoryError: no room for some rows.
    """
    width, height = size
    status = getattr(_loaded(), f"flowgraph_{kind}")(
        *_picture(planes), *_picture(out), width, height, matrix.ctypes.data
    )
    if status:
        raise MemoryError(f"no memory for rows of {width} samples")


def _picture(planes: Sequence[Plane]) -> tuple[object, object]:
    pointers = _Pointers(*(plane.ctypes.data for plane in planes))
    return pointers, _Steps(*(plane.strides[0] for plane in planes))


def _pair(a: Plane, b: Plane, out: Plane) -> tuple[int, ...]:
    rows, samples = len(out), prod(out.shape[1:])
    steps = (a.strides[0], b.strides[0], out.strides[0])
    if steps == (samples,) * 3:
        rows, samples = 1, rows * samples
    at = (a.ctypes.data, b.ctypes.data, out.ctypes.data)
    return (at[0], steps[0], at[1], steps[1], at[2], steps[2], rows, samples)


@cache
def blends(mode: str) -> bool:
    """Whether there is a kernel of that mode of blend."""
    return available() and _loaded().flowgraph_blend(mode.encode(), *(0,) * 8) == 0


def blend(mode: str, a: Plane, b: Plane, out: Plane) -> None:
    """Blend `a` with `b`, by a mode that `blends`; `out` may be either."""
    _loaded().flowgraph_blend(mode.encode(), *_pair(a, b, out))


def pairs(table: Plane, a: Plane, b: Plane, out: Plane) -> None:
    """out = table[256 * a + b]; `out` may be either."""
    _loaded().flowgraph_pairs(table.ctypes.data, *_pair(a, b, out))


def divided_sum(
    planes: Sequence[Plane], weights: Sequence[int], offset: int, divisor: int, out: Plane
) -> None:
    """out = clip(rint((sum of weight * plane + offset) / divisor)); half rounds to even.

    No sum may reach 2**24; `out` may be one of the inputs.
    """
    _sum(planes, weights, offset, divisor, 0, out)


def scaled_sum(planes: Sequence[Plane], weights: Sequence[int], factor: float, out: Plane) -> None:
    """out = clip(rint(sum of weight * plane * factor)), the product rounded to single precision.

    No sum may reach 2**24; `out` may be one of the inputs.
    """
    _sum(planes, weights, 0, 0, factor, out)


def _sum(
    planes: Sequence[Plane], weights: Sequence[int], offset: int, divisor: int, factor: float, out: Plane
) -> None:
    count, rows, samples = len(planes), len(out), prod(out.shape[1:])
    steps = [plane.strides[0] for plane in (*planes, out)]
    if all(step == samples for step in steps):
        rows, samples = 1, rows * samples
    status = _loaded().flowgraph_sum(
        (c_void_p * count)(*(plane.ctypes.data for plane in planes)), (c_ssize_t * count)(*steps[:-1]),
        (c_int32 * count)(*weights), count, offset, divisor, factor,
        out.ctypes.data, steps[-1], rows, samples,
    )  # fmt: skip
    if status:
        raise MemoryError(f"no memory for {count} addresses")


def gaussian(plane: Plane, weights: NDArray[np.uint16], out: Plane) -> None:
    """OpenCV's GaussianBlur on 1 or 3 channels; `weights` of up to 10 neighbours, the middle one first.

    On both sides of that they sum to 256. Both sides of the plane are larger than the number of neighbours;
    `out` is another plane.

    Raises:
        MemoryError: no room for some rows.
    """
    height, width = plane.shape[:2]
    at, to = (plane.ctypes.data, plane.strides[0]), (out.ctypes.data, out.strides[0])
    kernel = (weights.ctypes.data, len(weights) - 1)
    if _loaded().flowgraph_gaussian(*at, width, height, *to, prod(plane.shape[2:]), *kernel):
        raise MemoryError(f"no memory for a row of {width} pixels")


def half(plane: Plane, out: Plane) -> None:
    """OpenCV's pyrDown on 1 or 3 channels; both sides are at least 4, those of `out` half, rounded up.

    Raises:
        MemoryError: no room for some rows.
    """
    height, width = plane.shape[:2]
    at, channels = (plane.ctypes.data, plane.strides[0]), prod(plane.shape[2:])
    if _loaded().flowgraph_half(*at, width, height, out.ctypes.data, out.strides[0], channels):
        raise MemoryError(f"no memory for a row of {width} pixels")


def double(plane: Plane, out: Plane) -> None:
    """OpenCV's pyrUp on 1 or 3 channels; sides are at least 2, those of `out` twice that or one less.

    Raises:
        MemoryError: no room for some rows.
    """
    height, width = out.shape[:2]
    at, channels = (out.ctypes.data, out.strides[0]), prod(out.shape[2:])
    if _loaded().flowgraph_double(plane.ctypes.data, plane.strides[0], *at, width, height, channels):
        raise MemoryError(f"no memory for a row of {width} pixels")


def magick(plane: Plane, weights: NDArray[np.float64], out: Plane, across: Plane) -> None:
    """ImageMagick's blur; samples are uint8, which stand for 257 times as much, or uint16.

    `weights` are those of the middle and of what lies 1, 2, ... beside it; with the other side's they add up
    to 1. `across` is a uint16 picture to work in, `out` another plane than `plane`.

    Raises:
        MemoryError: no room for some rows.
    """
    height, width = plane.shape[:2]
    channels = prod(plane.shape[2:])
    from_, to = ((p.ctypes.data, p.strides[0], p.dtype == np.uint16) for p in (plane, out))
    if _loaded().flowgraph_magick(
        *from_, *to, width, height, channels, weights.ctypes.data, len(weights) - 1, across.ctypes.data
    ):
        raise MemoryError(f"no memory for rows of {width} pixels")


def luma_mask(
    plane: Plane, weights: NDArray[np.int32], first: int, values: tuple[int, int], out: Plane
) -> None:
    """A gray mask of packed RGB: the second of `values` where the weighted sum is at least `first`.

    `weights` are those of b, g, r; no such sum may reach 2**31.
    """
    height, width = out.shape
    _loaded().flowgraph_luma_mask(
        plane.ctypes.data, plane.strides[0], out.ctypes.data, out.strides[0], width, height,
        weights.ctypes.data, min(first, 2**31 - 1), *values,
    )  # fmt: skip
