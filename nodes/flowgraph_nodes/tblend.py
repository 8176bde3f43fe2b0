"""Each picture blended with the one before."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.node import Fill, Formats, Input, Node, Output, Rule, subset
from flowgraph_nodes._blending import Mode, blend, blend_scratch


class Tblend(Node):
    """Blend each picture (top, A) with the one before (bottom, B), as FFmpeg's filter of that name does.

    The first picture has none before it and gives no output: one frame fewer than came in, each at the time
    of the newer picture. `subtract` is max(0, new - old), `difference` |new - old|; see blend for the modes.
    """

    mode: Mode = Field(default="normal", description="formula, under FFmpeg's name")
    opacity: float = Field(
        default=1.0, ge=0, le=1, description="share of the result; the rest is the new picture"
    )

    image = Input("bgr24", "gray", "gbrp")
    blended = Output(like=image)

    main: ClassVar[str] = "mode"
    example: ClassVar[str] = "motion: {type: tblend, in: video, mode: subtract}"

    def history(self, port: str, rate: Fraction | None) -> int:
        """The frame before."""
        return 1

    def fill(self, port: str) -> Fill:
        """Nothing comes out before there are two frames."""
        return "none"

    def clock(self) -> Rule:
        """All frames but the first."""
        return subset("skip", 1)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the mode needs."""
        return blend_scratch(self.mode, self.opacity, formats["image"].shapes[0])

    def process(self, image: tuple[Frame, ...], blended: Frame, scratch: Mapping[str, Plane]) -> None:
        """Blend plane by plane."""
        for a, b, out in zip(image[0].planes, image[-1].planes, blended.planes, strict=True):
            blend(self.mode, self.opacity, a, b, out, scratch)
