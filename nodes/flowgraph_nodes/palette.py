"""The node type `palette`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from flowgraph.frame import Format, Frame
from flowgraph.media.palette import BINS, Histogram
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule


class Palette(Node):
    """Make a palette of 256 colours from all frames of a stream, as a picture of 16x16 pixels.

    A gif sink puts one in front of itself. Colours are counted in 32 steps of each channel, so the memory
    does not depend on the stream's length.
    """

    image = Input("bgr24")
    palette = Output("bgr24")

    example = "colours: {type: palette, in: video}"

    def clock(self) -> Rule:
        """One palette for the whole stream."""
        return STILL

    def any_order(self) -> bool:
        """Counts, which are whole in float64."""
        return True

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """16x16 pixels, one for each colour."""
        return {"palette": formats["image"].resized(16, 16)}

    def temporaries(self, formats: Formats) -> int:
        """The histogram of one frame, and the tables of colours while the palette is cut."""
        return 24 * BINS**3 * 8

    def state_bytes(self, formats: Formats) -> int:
        """The histogram."""
        return BINS**3 * 8

    def start(self, formats: Formats) -> Histogram:
        """An empty histogram."""
        return Histogram()

    def accumulate(self, state: Histogram, image: Frame) -> None:
        """Count one frame's colours."""
        state.add(image.data)

    def merge(self, state: Histogram, other: Histogram) -> Histogram:
        """Count those of another stretch too."""
        state.counts += other.counts
        return state

    def finish(self, state: Histogram, palette: Frame) -> None:
        """Cut the colours into 256 groups and take their means."""
        np.copyto(palette.data, state.palette().reshape(16, 16, 3))
