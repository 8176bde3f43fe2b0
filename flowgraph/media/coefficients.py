"""Whole-number factors between RGB and YUV as libswscale makes them out of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from flowgraph.frame import Format

Factors = NDArray[np.int32]

_BT601: Final = (104597, 132201, 25675, 53279)
_TABLES: Final[Mapping[str, tuple[int, int, int, int]]] = {
    "unspecified": _BT601,
    "bt601": _BT601,
    "bt709": (117489, 138438, 13975, 34925),
    "fcc": (104448, 132798, 24759, 53109),
    "smpte240m": (117579, 136230, 16907, 35559),
    "bt2020": (110013, 140363, 12277, 42626),
}
"""V to R, U to B, -U to G, -V to G of limited range, in units of 1 / 65536."""

MATRICES: Final = frozenset(_TABLES)
"""The matrices that there are factors for."""

_ONE: Final = 1 << 16
_UNIT: Final = 1 << 15


def _rounded(numerator: int, denominator: int) -> int:
    """The quotient rounded to nearest, for a positive denominator; half goes away from zero."""
    size = (abs(numerator) + (denominator >> 1)) // denominator
    return size if numerator >= 0 else -size


@cache
def to_yuv(matrix: str, range: str) -> Factors:
    """R, G, B to Y, to U, to V of limited range, in 15 bits; then what widens that to full range, or zeros.

    The latter are factor and offset for Y, and those for U and V, in 14 bits, for samples of 15.
    """
    wider = [*_wider(235 - 16, 235), *_wider(240 - 16, 240)] if range == "full" else [0, 0, 0, 0]
    return _frozen([*_limited(matrix), *wider])


def _wider(span: int, top: int) -> tuple[int, int]:
    """Factor, rounded up, and offset that take the top of limited range to 255."""
    factor = -(-((255 << 21) // span) >> 7)
    return factor, (255 << 21) - (top << 7) * factor + (1 << 13)


def _limited(matrix: str) -> list[int]:
    if _TABLES[matrix] is _BT601:
        shares = (0.299, 0.587, 0.114), (-0.169, -0.331, 0.5), (0.5, -0.419, -0.081)
        spans = (219, 224, 224)
        rows = [
            [int(abs(share) * span / 255 * _UNIT + 0.5) * (1 if share > 0 else -1) for share in row]
            for row, span in zip(shares, spans, strict=True)
        ]
        return [factor for row in rows for factor in row]
    vr, ub, ug, vg = _TABLES[matrix]
    # With R = Y + vr V, G = Y - ug U - vg V, B = Y + ub U: the shares of B and R relative to that of G.
    blue, red = _rounded(-_ONE * _ONE * ug, ub), _rounded(-_ONE * _ONE * vg, vr)
    total = _ONE * _ONE - blue - red
    y = _rounded(_ONE * 255 // 219 * total, _ONE)
    u, v = _rounded(ub * total, _ONE), _rounded(vr * total, _ONE)
    green = _UNIT * _ONE * _ONE
    return [
        -_rounded(_UNIT * red, y), _rounded(green, y), -_rounded(_UNIT * blue, y),
        _rounded(_UNIT * red, u), -_rounded(green, u), _rounded(_UNIT * (total + blue), u),
        _rounded(_UNIT * (total + red), v), -_rounded(green, v), _rounded(_UNIT * blue, v),
    ]  # fmt: skip


@cache
def to_rgb(matrix: str, range: str, rgb: str) -> Factors:
    """Offset and factor of Y, then V to R, V to G, U to G, U to B: factors in 13 bits."""
    vr, ub, ug, vg = _TABLES[matrix]
    limited = range == "limited"
    if not limited:
        vr, ub, ug, vg = (factor * 224 // 255 for factor in (vr, ub, ug, vg))
    y = _ONE * 255 // 219 if limited else _ONE
    black = (16 if limited else 0) * (512 if rgb == "accurate" else 8)
    return _frozen([black, *(_thirteen(factor) for factor in (y, vr, -vg, -ug, ub))])


def _thirteen(factor: int) -> int:
    """16 bits after the point to 13."""
    return ((factor << 13) + (1 << 15)) >> 16


def _frozen(factors: list[int]) -> Factors:
    made = np.array(factors, np.int32)
    made.flags.writeable = False
    return made


def native_factors(source: Format, target: Format) -> Factors | None:
    """The factors of the compiled conversion between two formats; None where there is none.

    There is one from and to yuv420p of even sizes of at least 16.
    """
    video, colours = (source, target) if source.family == "yuv" else (target, source)
    fits = video.pixel == "yuv420p" and colours.pixel in ("bgr24", "gbrp") and video.matrix in MATRICES
    if not fits or min(video.width, video.height) < 16 or (video.width | video.height) & 1:
        return None
    if video is target:
        return to_yuv(video.matrix, video.range)
    return to_rgb(video.matrix, video.range, video.rgb)
