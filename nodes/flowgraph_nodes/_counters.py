"""Counters of frames: as wide as the length of the stream asks for."""

from __future__ import annotations

import numpy as np


def counter(most_frames: int | None) -> str:
    """The type that counts up to so many frames: 16 bits, or 32 where they are more or nobody knows."""
    return "uint16" if most_frames is not None and most_frames <= np.iinfo("uint16").max else "uint32"


def why_wide(most_frames: int | None) -> tuple[str, ...]:
    """What the plan says of counters of 32 bits."""
    if counter(most_frames) == "uint16":
        return ()
    why = (
        f"up to {most_frames:,} frames may come" if most_frames else "nobody knows how many frames will come"
    )
    return (f"{why}, so it counts in 32 bits; for up to 65,535 (--frames) 16 bits would do",)


def check_room(frames: int, kind: str) -> None:
    """Raise ValueError where `frames` are more than a counter can tell."""
    most = np.iinfo(kind).max
    if frames > most:
        raise ValueError(
            f"the source told of fewer frames than come: a median's counters were made for {most};"
            " keep every n-th frame with 'every', or say how many to read with --frames"
        )
