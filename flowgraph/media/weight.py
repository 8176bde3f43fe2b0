"""How much memory encoders use: an estimate, beside the engine's own bound.

The numbers are fitted to the resident memory of bare encoding at 320x180 to 1920x1080 on two cores, so that
the estimate is at least what was used and at most twice that.
"""

from __future__ import annotations

import os
from typing import Final

from flowgraph.frame import Format
from flowgraph.media.codecs import Target
from flowgraph.media.picture import picture_bytes

_MB: Final = 1_000_000

# Fixed megabytes, and frames held: for x264 decided by how far its preset looks ahead.
_PRESETS: Final = {
    "ultrafast": (7, 30), "superfast": (9, 35), "veryfast": (14, 85), "faster": (22, 105), "fast": (30, 130),
    "medium": (35, 150), "slow": (44, 165), "slower": (50, 190), "veryslow": (50, 210), "placebo": (50, 210),
}  # fmt: skip
_CODECS: Final = {
    "hevc": (50, 145), "av1": (60, 250), "vp9": (30, 105), "ffv1": (4, 28), "mpeg4": (5, 15),
    "mjpeg": (6, 18), "gif": (6, 5), "webp": (6, 9), "apng": (4, 6), "rawvideo": (3, 6),
}  # fmt: skip
_IMAGES: Final = (1, 3)
_FITTED_CORES: Final = 2


def encoder_bytes(target: Target, preset: str, format: Format) -> int:
    """Bytes that the encoder of a target uses on a stream of a format."""
    if target.kind in ("null", "table"):
        return 0
    fixed, frames = _CODECS.get(target.name, _IMAGES)
    if target.name == "h264":
        fixed, frames = _PRESETS[preset or "medium"]
    if target.name in ("h264", "hevc", "av1"):
        # Each further core takes a frame of its own, with its reference and its lookahead.
        frames += 4 * max(0, (os.cpu_count() or 1) - _FITTED_CORES)
    return fixed * _MB + frames * picture_bytes(format)
