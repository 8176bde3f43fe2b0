"""The OpenCV scripts of "Posy's Motion Amplification", without their windows; frames in, motion frames out.

`working, frame = cap.read()` before the loop takes frame 0, so the first motion frame belongs to frame 1.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import cv2
import numpy as np
from fidelity_tools import Pictures
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


def subtract(frames: Pictures) -> Pictures:
    """Side by side: the frame, and the frame minus the one before."""

    def run(heads: Iterator[Picture]) -> Iterator[Picture]:
        frame = next(heads)
        while True:
            previous = frame.copy()
            try:
                frame = next(heads)
            except StopIteration:
                return
            motion = cv2.subtract(frame, previous)
            yield np.asarray(cv2.hconcat([frame, motion]), np.uint8)

    return np.stack(list(run(iter(frames))))


def mix(frames: Pictures, lag: int = 1) -> Pictures:
    """Half the frame, half the inverted one of `lag` frames before; the script has 1."""
    pairs = ((frames[k], frames[max(0, k - lag)]) for k in range(1, len(frames)))
    return np.stack([_halves(frame, past) for frame, past in pairs])


def two_heads(frames: Pictures, target: int = 5) -> Pictures:
    """Two readers of one file; the counter, which the printed script forgets to move, moves here."""
    cap, cap_past = iter(frames), iter(frames)
    frame = next(cap)
    frame_past = frame.copy()
    found: list[Picture] = []
    for offset, frame in enumerate(cap, 1):
        if offset >= target:
            frame_past = next(cap_past)
        found.append(_halves(frame, frame_past))
    return np.stack(found)


def ring(frames: Pictures, length: int = 6) -> Pictures:
    """Half size, against the oldest frame in the ring."""
    buffer: deque[Picture] = deque(maxlen=length)
    half = (frames.shape[2] // 2, frames.shape[1] // 2)
    cap = iter(frames)
    frame = np.asarray(cv2.resize(next(cap), half), np.uint8)
    found: list[Picture] = []
    for following in cap:
        buffer.append(frame.copy())
        frame = np.asarray(cv2.resize(following, half), np.uint8)
        found.append(_halves(frame, buffer[0]))
    return np.stack(found)


def _halves(frame: Picture, past: Picture) -> Picture:
    return np.asarray(cv2.addWeighted(frame, 0.5, cv2.bitwise_not(past), 0.5, 0), np.uint8)
