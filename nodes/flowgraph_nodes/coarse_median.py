"""The node type `coarse_median`."""

from __future__ import annotations

import numpy as np

from flowgraph.frame import Frame
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule
from flowgraph_nodes._sixteenths import Counts

_BINS = 16


class CoarseMedian(Node):
    """Find for each sample the sixteenth of the range that its median over time lies in, as its lower end.

    The first of the two readings of temporal_median, which puts it in front of itself. 33 bytes for each
    sample, or 65 where more than 65535 frames may come.
    """

    image = Input("bgr24", "gray")
    coarse = Output(like=image)

    example = "coarse: {type: coarse_median, in: video}"

    def clock(self) -> Rule:
        """One picture for the whole stream."""
        return STILL

    def any_order(self) -> bool:
        """Whole numbers, in sums that never round."""
        return True

    def by_rows(self) -> bool:
        """Each sample by itself."""
        return True

    def temporaries(self, formats: Formats) -> int:
        """What a stretch of samples takes."""
        return Counts.temporaries(_BINS)

    def state_bytes(self, formats: Formats) -> int:
        """Sixteen counters for each sample."""
        return Counts.nbytes(formats, _BINS)

    def start(self, formats: Formats) -> Counts:
        """Nothing counted."""
        return Counts(formats, _BINS)

    def accumulate(self, state: Counts, image: Frame) -> None:
        """Count sixteenths."""
        state.took(1)
        for here, samples in state.bands(image.data):
            state.count(here, samples >> 4)

    def merge(self, state: Counts, other: Counts) -> Counts:
        """Add the counts of another stretch."""
        state.merge(other)
        return state

    def finish(self, state: Counts, coarse: Frame) -> None:
        """The lower ends."""
        found = state.samples.reshape(-1)
        for here, bins in state.middle():
            found[here] = bins << 4
        np.copyto(coarse.data, state.samples)
