"""The answer to a viewer who looks at one frame closely."""

from __future__ import annotations

from typing import Any

from flowgraph.frame import Frame
from flowgraph_tools.debug.examining import difference, histogram, statistics, waveform
from flowgraph_tools.debug.keep import Kept
from flowgraph_tools.debug.pictures import jpeg, png, shrunk, to_bgr
from flowgraph_tools.debug.protocol import Message

QUICK_SIZE = (960, 960)
"""The most pixels of a picture that is shown for a moment."""


def frame_message(node: str, kept: Kept, *, quick: bool) -> Message:
    """A frame with everything about it; `quick` leaves out what takes time, and every bit of the picture."""
    frame = kept.frame
    format = frame.format
    found: dict[str, Any] = {
        "node": node,
        "index": frame.index,
        "time": float(frame.time),
        "format": str(format),
        "width": format.width,
        "height": format.height,
        "aside": kept.aside,
        "quick": quick,
    }
    if format.family == "data":
        return {**found, "row": dict(zip(format.columns, map(float, frame.data.ravel()), strict=True))}
    picture = to_bgr(frame)
    if quick:
        return {**found, "picture": jpeg(shrunk(picture, *QUICK_SIZE)), "kind": "image/jpeg"}
    return {
        **found,
        "picture": png(picture),
        "kind": "image/png",
        "statistics": statistics(frame),
        "histogram": histogram(frame),
        "waveform": png(waveform(frame)),
    }


def compared(told: Message, kept: Kept, node: str, other: Kept) -> Message:
    """A frame's message with another node's same frame beside it, and where they differ.

    Raises:
        ValueError: their sizes differ.
    """
    second = frame_message(node, other, quick=bool(told["quick"]))
    return {**told, "other": second, "difference": difference_message(kept.frame, other.frame)}


def difference_message(one: Frame, other: Frame) -> Message:
    """Where two frames differ, as a picture that is amplified to be seen, and how much.

    Raises:
        ValueError: their sizes differ.
    """
    picture, told = difference(one, other)
    return {"picture": png(picture), "kind": "image/png", **told}
