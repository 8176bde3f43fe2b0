"""Many pictures made one."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import SAME, STILL, Formats, Input, Node, Output, Rule
from flowgraph_nodes._counters import why_wide
from flowgraph_nodes._flattening import Accumulator, Median, accumulator, accumulator_bytes


class Flatten(Node):
    """Make one picture of all frames of a stream, each sample by itself.

    lighten: the lightest. darken: the darkest. sum: all added up, stopping at white.
    mean: floor(257 * sum / n + .5) on 16 bits, rounded to 8, as ImageMagick's -evaluate-sequence mean.
    median: the middle one, the lower of two, by counting: 513 bytes for each sample, or twice that where
    more than 65535 frames may come; temporal_median gives the same in a twelfth.
    The result is a still, ready when the stream has ended; the engine reads the source again for what else
    needs it. With `running`, each frame gives the flattened picture of all frames up to it.
    """

    mode: Literal["lighten", "darken", "mean", "median", "sum"] = Field(
        default="mean", description="what to keep"
    )
    running: bool = Field(
        default=False, description="one result for each frame instead of one for the stream"
    )

    image = Input("bgr24", "gray")
    flattened = Output(like=image)

    main: ClassVar[str] = "mode"
    example: ClassVar[str] = "background: {type: flatten, in: video, mode: median}"

    def clock(self) -> Rule:
        """A still, or each frame."""
        return SAME if self.running else STILL

    def any_order(self) -> bool:
        """Extremes, and whole numbers in sums that never round."""
        return not self.running

    def by_rows(self) -> bool:
        """Each sample by itself; where the state is a picture too, bands would save nothing."""
        return not self.running and self.mode in ("mean", "median")

    def state_bytes(self, formats: Formats) -> int:
        """A picture; sums of 64 and 16 bits; or 256 counts for each sample."""
        return accumulator_bytes(self.mode, formats["image"].shapes[0], formats.frames)

    def temporaries(self, formats: Formats) -> int:
        """What summing counts takes."""
        return Median.TEMPORARIES if self.mode == "median" else 0

    def notes(self, formats: Formats) -> tuple[str, ...]:
        """Why counters are wide."""
        return why_wide(formats.frames) if self.mode == "median" else ()

    def start(self, formats: Formats) -> Accumulator:
        """Nothing seen yet."""
        return accumulator(self.mode, formats["image"].shapes[0], formats.frames)

    def process(self, state: Accumulator, image: Frame, flattened: Frame) -> None:
        """Take one more frame and give the result so far."""
        state.add(image.data)
        state.write(flattened.data)

    def accumulate(self, state: Accumulator, image: Frame) -> None:
        """Take one more frame."""
        state.add(image.data)

    def merge(self, state: Accumulator, other: Accumulator) -> Accumulator:
        """Join the results of two stretches."""
        state.merge(other)
        return state

    def finish(self, state: Accumulator, flattened: Frame) -> None:
        """The picture of all frames taken."""
        state.write(flattened.data)
