"""The node type `total`."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import fit, flat, row_bands
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule
from flowgraph_nodes._flattening import Mean


class Total(Node):
    """Add up all frames of a stream and show the sums, the largest of all as white.

    out = rint(255 * (sum / largest sum) ^ gamma). Of pictures of motion it shows where most of it took
    place; a gamma below 1 lifts what moved little. Sums are exact, of any number of frames.
    """

    gamma: float = Field(default=1.0, ge=0.05, le=20, description="below 1 shows small sums better")

    image = Input("gray", "bgr24")
    total = Output(like=image)

    main: ClassVar[str] = "gamma"
    example: ClassVar[str] = "heat: {type: total, in: motion, gamma: 0.5}"

    def clock(self) -> Rule:
        """One picture for the whole stream."""
        return STILL

    def any_order(self) -> bool:
        """Whole numbers, in sums that never round."""
        return True

    def state_bytes(self, formats: Formats) -> int:
        """Sums of 64 and 16 bits."""
        return Mean.nbytes(formats["image"].shapes[0])

    def start(self, formats: Formats) -> Mean:
        """Nothing seen yet."""
        return Mean(formats["image"].shapes[0])

    def accumulate(self, state: Mean, image: Frame) -> None:
        """Add one more frame."""
        state.add(image.data)

    def merge(self, state: Mean, other: Mean) -> Mean:
        """Add the sums of two stretches."""
        state.merge(other)
        return state

    def finish(self, state: Mean, total: Frame) -> None:
        """The sums against the largest."""
        sums = state.sums()
        largest = int(sums.max()) or 1
        for rows, shape in row_bands(total.data.shape):
            self._write(sums[rows], largest, fit(state.work, shape), flat(total.data[rows]))

    def _write(self, sums: Plane, largest: int, work: Plane, out: Plane) -> None:
        np.divide(sums, largest, out=work)
        np.power(work, self.gamma, out=work)
        np.multiply(work, 255, out=work)
        np.rint(work, out=work)
        np.copyto(out, work, casting="unsafe")
