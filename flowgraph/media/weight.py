"""How much memory encoders use: an estimate, beside the engine's own bound."""

from __future__ import annotations

from flowgraph.frame import Format
from flowgraph.media.codecs import Target
from flowgraph.media.picture import picture_bytes

# Frames that an encoder holds, fitted to measured memory of bare encoding, and what it needs besides.
_FRAMES = {"h264": 66, "hevc": 60, "av1": 60, "vp9": 36, "webp": 4, "apng": 4, "gif": 3, "mjpeg": 4}
_FIXED = 8_000_000


def encoder_bytes(target: Target, format: Format) -> int:
    """Bytes that the encoder of a target uses on a stream of a format."""
    if target.kind == "null":
        return 0
    return _FIXED + _FRAMES.get(target.name, 6) * picture_bytes(format)
