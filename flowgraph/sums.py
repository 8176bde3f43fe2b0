"""Checksums of frames.

Equal samples have equal sums; other samples have other sums, but for one time in four thousand million.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import numpy as np

from flowgraph.frame import Frame


def frame_sum(frames: Iterable[Frame]) -> int:
    """CRC-32 of all samples, plane by plane without padding: several gigabytes a second."""
    crc = 0
    for frame in frames:
        for plane in frame.planes:
            crc = crc32(np.ascontiguousarray(plane).data, crc)
    return crc
