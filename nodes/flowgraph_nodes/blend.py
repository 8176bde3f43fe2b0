"""Two pictures blended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._blending import Mode, blend, blend_scratch


class Blend(Node):
    """Blend two pictures sample by sample, as FFmpeg's filter of that name does.

    The first input is the top picture A, the second the bottom B: addition min(255, A+B), subtract
    max(0, A-B), difference |A-B|, lighten max, darken min, average floor((A+B)/2), grainextract
    clip(128+A-B), multiply A*B/255, screen 255-(255-A)*(255-B)/255, multiply128 clip((A-128)*B/32 + 128), ...
    All modes give libavfilter's bits on all pairs of samples, except interpolate, where libraries of C
    differ by 1 in one pair. Opacity mixes the result with A: A + (result - A) * opacity, cut off below.
    """

    mode: Mode = Field(default="normal", description="formula, under FFmpeg's name")
    opacity: float = Field(
        default=1.0, ge=0, le=1, description="share of the result; the rest is the top picture"
    )

    top = Input("bgr24", "gray", "gbrp")
    bottom = Input("bgr24", "gray", "gbrp", like=top)
    blended = Output(like=top, in_place=True)

    main: ClassVar[str] = "mode"
    example: ClassVar[str] = "bloom: {type: blend, in: [video, glow], mode: addition}"

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the mode needs."""
        return blend_scratch(self.mode, self.opacity, formats["top"].shapes[0])

    def process(self, top: Frame, bottom: Frame, blended: Frame, scratch: Mapping[str, Plane]) -> None:
        """Blend plane by plane."""
        for a, b, out in zip(top.planes, bottom.planes, blended.planes, strict=True):
            blend(self.mode, self.opacity, a, b, out, scratch)
