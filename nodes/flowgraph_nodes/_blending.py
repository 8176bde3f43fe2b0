"""The blend modes of FFmpeg's vf_blend on 8 bits, as formulas on whole numbers and as fast kernels.

A is the top picture, B the bottom one. Divisions are those of C on whole numbers. All were compared with
libavfilter on all 65,536 pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from flowgraph import native
from flowgraph.frame import Plane
from flowgraph.kernels import band_samples, fit, flat, row_bands

Mode = Literal[
    "addition", "and", "average", "bleach", "burn", "darken", "difference", "divide", "dodge", "exclusion",
    "extremity", "freeze", "geometric", "glow", "grainextract", "grainmerge", "hardlight", "hardmix",
    "hardoverlay", "harmonic", "heat", "interpolate", "lighten", "linearlight", "multiply", "multiply128",
    "negation", "normal", "or", "overlay", "phoenix", "pinlight", "reflect", "screen", "softdifference",
    "softlight", "stain", "subtract", "vividlight", "xor",
]  # fmt: skip

Whole: TypeAlias = NDArray[np.int64]


def _over(a: Any, b: Whole) -> Whole:
    """C's a / b for a >= 0, with 0 where b is 0; the formulas look at that case first."""
    found: Whole = np.asarray(a // np.maximum(b, 1))
    return found


def _multiply(factor: int, a: Whole, b: Whole) -> Whole:
    return factor * (a * b // 255)


def _screen(factor: int, a: Whole, b: Whole) -> Whole:
    return 255 - factor * ((255 - a) * (255 - b) // 255)


def _burn(a: Whole, b: Whole) -> Any:
    return np.where(a == 0, a, np.maximum(0, 255 - _over((255 - b) << 8, a)))


def _dodge(a: Whole, b: Whole) -> Any:
    return np.where(a == 255, a, np.minimum(255, _over(b << 8, 255 - a)))


def _overlay(a: Whole, b: Whole) -> Any:
    return np.where(a < 128, _multiply(2, a, b), _screen(2, a, b))


def _freeze(a: Whole, b: Whole) -> Any:
    return np.where(b == 0, 0, 255 - np.minimum(_over((255 - a) * (255 - a), b), 255))


def _reflect(a: Whole, b: Whole) -> Any:
    return np.where(b == 255, b, np.minimum(255, _over(a * a, 255 - b)))


def _soft_difference(a: Whole, b: Whole) -> Any:
    more, less = _over((a - b) * 255, 255 - b), _over((b - a) * 255, b)
    return np.where(a > b, np.where(b == 255, 0, more), np.where(b == 0, 0, less))


def _interpolate(a: Whole, b: Whole) -> Any:
    def cosine(x: Whole) -> NDArray[np.float32]:
        # C's cosf: float32 in and out, correctly rounded in between.
        return np.cos((x * np.pi / 255).astype(np.float32).astype(np.float64)).astype(np.float32)

    return np.rint(255 * (2 - cosine(a) - cosine(b)) * np.float32(0.25)).astype(np.int64)


def _hard_overlay(a: Whole, b: Whole) -> Any:
    low, high = 2 * a * b // 255, _over(255 * b, 510 - 2 * a)
    return np.where(a == 255, 255, np.minimum(255, np.where(a > 128, high, 0) + np.where(a <= 128, low, 0)))


FORMULAS: Final[Mapping[Mode, Callable[[Whole, Whole], Any]]] = {
    "addition": lambda a, b: a + b,
    "and": lambda a, b: a & b,
    "average": lambda a, b: (a + b) // 2,
    "bleach": lambda a, b: 255 - a - b,
    "burn": _burn,
    "darken": np.minimum,
    "difference": lambda a, b: abs(a - b),
    "divide": lambda a, b: np.where(b == 0, 255, _over(255 * a, b)),
    "dodge": _dodge,
    "exclusion": lambda a, b: a + b - 2 * a * b // 255,
    "extremity": lambda a, b: abs(255 - a - b),
    "freeze": _freeze,
    "geometric": lambda a, b: np.rint(np.sqrt(a * b)).astype(np.int64),
    "glow": lambda a, b: _reflect(b, a),
    "grainextract": lambda a, b: 128 + a - b,
    "grainmerge": lambda a, b: a + b - 128,
    "hardlight": lambda a, b: _overlay(b, a),
    "hardmix": lambda a, b: np.where(a < 255 - b, 0, 255),
    "hardoverlay": _hard_overlay,
    "harmonic": lambda a, b: _over(2 * a * b, a + b),
    "heat": lambda a, b: _freeze(b, a),
    "interpolate": _interpolate,
    "lighten": np.maximum,
    "linearlight": lambda a, b: np.where(b < 128, b + 2 * a - 255, b + 2 * (a - 128)),
    "multiply": lambda a, b: _multiply(1, a, b),
    "multiply128": lambda a, b: ((a - 128) * b >> 5) + 128,
    "negation": lambda a, b: 255 - abs(255 - a - b),
    "normal": lambda a, b: a,
    "or": lambda a, b: a | b,
    "overlay": _overlay,
    "phoenix": lambda a, b: np.minimum(a, b) - np.maximum(a, b) + 255,
    "pinlight": lambda a, b: np.where(b < 128, np.minimum(a, 2 * b), np.maximum(a, 2 * (b - 128))),
    "reflect": _reflect,
    "screen": lambda a, b: _screen(1, a, b),
    "softdifference": _soft_difference,
    "softlight": lambda a, b: a * a // 255 + 2 * (b * (a * (255 - a) // 255) // 255),
    "stain": lambda a, b: 510 - a - b,
    "subtract": lambda a, b: a - b,
    "vividlight": lambda a, b: np.where(a < 128, _burn(2 * a, b), _dodge(2 * (a - 128), b)),
    "xor": lambda a, b: a ^ b,
}


@lru_cache(maxsize=16)
def table(mode: Mode, opacity: float = 1.0) -> Plane:
    """All 65,536 results as uint8; the one for A and B stands at 256 * A + B."""
    a, b = (half.ravel() for half in np.indices((256, 256), dtype=np.int64))
    opaque = FORMULAS[mode](a, b)
    if mode not in ("bleach", "stain"):  # FFmpeg lets these two wrap around
        opaque = np.clip(opaque, 0, 255)
    share = np.float32(opacity)
    if mode == "normal":
        mixed = a.astype(np.float32) * share + b.astype(np.float32) * (1 - share)
    else:
        mixed = a.astype(np.float32) + (opaque - a).astype(np.float32) * share
    found: Plane = mixed.astype(np.int64).astype(np.uint8)
    found.flags.writeable = False
    return found


def blend_scratch(
    mode: Mode, opacity: float, shape: Sequence[int]
) -> Mapping[str, tuple[tuple[int, ...], str]]:
    """Working arrays of `blend` for planes of `shape`."""
    samples = (band_samples(shape),)
    if native.available() or (opacity == 1 and mode in _WHOLE):
        return {}
    if opacity == 1 and mode in _BANDED:
        return {"left": (samples, "int16"), "right": (samples, "int16")}
    return {"pairs": ((*samples, 2), "uint8"), "index": (samples, "intp")}


def blend(mode: Mode, opacity: float, a: Plane, b: Plane, out: Plane, scratch: Mapping[str, Plane]) -> None:
    """Blend top `a` with bottom `b` into `out`, which may be either."""
    if opacity == 1 and mode in _WHOLE:
        _WHOLE[mode](a, b, out)
        return
    if native.available():
        if opacity == 1 and native.blends(mode):
            native.blend(mode, a, b, out)
        else:
            native.pairs(table(mode, opacity), a, b, out)
        return
    banded = _BANDED.get(mode) if opacity == 1 else None
    for rows, shape in row_bands(out.shape):
        top, bottom, made = flat(a[rows]), flat(b[rows]), flat(out[rows])
        if banded is not None:
            banded(top, bottom, made, fit(scratch["left"], shape), fit(scratch["right"], shape))
        else:
            pairs, index = scratch["pairs"][: made.size].reshape(*shape, 2), fit(scratch["index"], shape)
            cv2.merge((bottom, top), dst=pairs)
            np.copyto(index, pairs.view("<u2")[..., 0])
            np.take(table(mode, opacity), index, out=made, mode="clip")


def _phoenix(a: Plane, b: Plane, out: Plane) -> None:
    cv2.absdiff(a, b, dst=out)
    cv2.bitwise_not(out, dst=out)


# Each reads its inputs in the first step only, or sample by sample: `out` may be one of them.
_WHOLE: Final[Mapping[str, Callable[[Plane, Plane, Plane], object]]] = {
    "addition": lambda a, b, out: cv2.add(a, b, dst=out),
    "and": lambda a, b, out: cv2.bitwise_and(a, b, dst=out),
    # A quarter below the mean rounds to its floor.
    "average": lambda a, b, out: cv2.addWeighted(a, 0.5, b, 0.5, -0.25, dst=out),
    "darken": lambda a, b, out: cv2.min(a, b, dst=out),
    "difference": lambda a, b, out: cv2.absdiff(a, b, dst=out),
    "grainextract": lambda a, b, out: cv2.addWeighted(a, 1, b, -1, 128, dst=out),
    "grainmerge": lambda a, b, out: cv2.addWeighted(a, 1, b, 1, -128, dst=out),
    "lighten": lambda a, b, out: cv2.max(a, b, dst=out),
    "normal": lambda a, b, out: np.copyto(out, a),
    "or": lambda a, b, out: cv2.bitwise_or(a, b, dst=out),
    "phoenix": _phoenix,
    "subtract": lambda a, b, out: cv2.subtract(a, b, dst=out),
    "xor": lambda a, b, out: cv2.bitwise_xor(a, b, dst=out),
}


def _multiply128(a: Plane, b: Plane, out: Plane, left: Plane, right: Plane) -> None:
    np.subtract(a, 128, out=left, dtype=np.int16)
    np.copyto(right, b)
    np.multiply(left, right, out=left)  # -32640..32385 fits int16
    # FFmpeg truncates the sum; where that differs from the floor of the shift, both clip to 0.
    np.right_shift(left, 5, out=left)
    np.clip(left, -128, 127, out=left)
    np.copyto(out, left, casting="unsafe")
    np.bitwise_xor(out, 128, out=out)  # adds 128 to a byte in two's complement


def _product(out: Plane, left: Plane, right: Plane) -> None:
    """out = left * right // 255 on whole numbers up to 255, by (x + 1 + (x >> 8)) >> 8."""
    left, right = left.view(np.uint16), right.view(np.uint16)
    np.multiply(left, right, out=left)
    np.right_shift(left, 8, out=right)
    np.add(left, right, out=left)
    np.add(left, 1, out=left)
    np.right_shift(left, 8, out=left)
    np.copyto(out, left, casting="unsafe")


def _multiplied(a: Plane, b: Plane, out: Plane, left: Plane, right: Plane) -> None:
    np.copyto(left, a)
    np.copyto(right, b)
    _product(out, left, right)


def _screened(a: Plane, b: Plane, out: Plane, left: Plane, right: Plane) -> None:
    np.subtract(255, a, out=left, dtype=np.int16)
    np.subtract(255, b, out=right, dtype=np.int16)
    _product(out, left, right)
    cv2.bitwise_not(out, dst=out)


def _extremity(a: Plane, b: Plane, out: Plane, left: Plane, right: Plane) -> None:
    negative = fit(left.reshape(-1).view(np.uint8), (a.shape[0], a.shape[1]))
    cv2.bitwise_not(a, dst=negative)
    cv2.absdiff(negative, b, dst=out)


def _negation(a: Plane, b: Plane, out: Plane, left: Plane, right: Plane) -> None:
    _extremity(a, b, out, left, right)
    cv2.bitwise_not(out, dst=out)


_BANDED: Final[Mapping[str, Callable[[Plane, Plane, Plane, Plane, Plane], None]]] = {
    "extremity": _extremity,
    "multiply": _multiplied,
    "multiply128": _multiply128,
    "negation": _negation,
    "screen": _screened,
}
