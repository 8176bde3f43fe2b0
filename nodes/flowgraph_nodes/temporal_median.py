"""The node type `temporal_median`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flowgraph.frame import Frame
from flowgraph.node import STILL, Formats, Implied, Input, Node, Output, Rule
from flowgraph_nodes._counters import why_wide
from flowgraph_nodes._sixteenths import Counts

_BINS = 18
"""Sixteen values, what lies below them, and what lies above."""


class TemporalMedian(Node):
    """Make one picture of all frames: for each sample the middle of its values over time, the lower of two.

    Exact, as flatten with mode: median, in a twelfth of the memory: the stream is read twice, first by a
    coarse_median, which is put in front unless the graph connects one, and then for the place within that.
    What stands still for more than half of the time is in the picture: the plate behind moving figures.
    The counters take 38 bytes for each sample (225 MiB at 1920x1080), nearly twice that where more than 65535
    frames may come or the source doesn't tell how long it is. Where --max-memory is less than that, bands of
    rows are computed one after the other, by more readings.
    """

    image = Input("bgr24", "gray")
    coarse = Input("bgr24", "gray", like=image, still=True, optional=True)
    median = Output(like=image)

    example = "plate: {type: temporal_median, in: video}"

    def clock(self) -> Rule:
        """One picture for the whole stream."""
        return STILL

    def any_order(self) -> bool:
        """Whole numbers, in sums that never round."""
        return True

    def by_rows(self) -> bool:
        """Each sample by itself."""
        return True

    def implies(self) -> Mapping[str, Implied]:
        """The first reading."""
        return {"coarse": Implied("coarse_median", {}, reads="image")}

    def temporaries(self, formats: Formats) -> int:
        """What a stretch of samples takes, and the coarse picture in one piece."""
        return Counts.temporaries(_BINS) + formats["image"].frame_bytes

    def state_bytes(self, formats: Formats) -> int:
        """Eighteen counters for each sample, and the coarse picture."""
        return Counts.nbytes(formats, _BINS) + formats["image"].frame_bytes

    def notes(self, formats: Formats) -> tuple[str, ...]:
        """Why counters are wide."""
        return why_wide(formats.frames)

    def start(self, formats: Formats) -> tuple[Counts, bytearray]:
        """Nothing counted; room for the coarse picture."""
        return Counts(formats, _BINS), bytearray(formats["image"].frame_bytes)

    def accumulate(self, state: tuple[Counts, bytearray], image: Frame, coarse: Frame) -> None:
        """Count where within the sixteenth each value lies."""
        counts, kept = state
        low = np.frombuffer(kept, np.uint8)
        if not counts.frames:
            np.copyto(low.reshape(coarse.data.shape), coarse.data)
        counts.took(1)
        for here, samples in counts.bands(image.data):
            place = np.subtract(samples, low[here], dtype=np.int16)
            counts.count(here, np.clip(place, -1, 16) + 1)

    def merge(
        self, state: tuple[Counts, bytearray], other: tuple[Counts, bytearray]
    ) -> tuple[Counts, bytearray]:
        """Add the counts of another stretch."""
        state[0].merge(other[0])
        return state

    def finish(self, state: tuple[Counts, bytearray], median: Frame) -> None:
        """The sixteenth and the place within it."""
        counts, kept = state
        low, found = np.frombuffer(kept, np.uint8), counts.samples.reshape(-1)
        for here, bins in counts.middle():
            # The median lies in its sixteenth, so the bin is one of 1 to 16.
            found[here] = low[here] + (bins - 1)
        np.copyto(median.data, counts.samples)
