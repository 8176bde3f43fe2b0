"""One picture or another, by a mask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import band_samples, fit, flat, row_bands
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Level


class Select(Node):
    """Show one picture where a mask is white and another where it is black.

    Hard: `image` where mask > level, `other` elsewhere.
    Soft: rint((image * mask + other * (255 - mask)) / 255).
    """

    soft: bool = Field(default=False, description="mix by the mask's value instead of choosing")
    level: Level = Field(default=Level(50, percent=True), description="above it a hard mask shows `image`")

    mask = Input("gray")
    image = Input("bgr24", "gray", size=mask)
    other = Input("bgr24", "gray", like=image)
    selected = Output(like=image, in_place=True)

    main: ClassVar[str] = "soft"
    example: ClassVar[str] = "scene: {type: select, in: {mask: moving, image: video, other: background}}"
    live_parameters: ClassVar[tuple[str, ...]] = ("level",)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """The mask of a band, and for a soft mask the two products."""
        samples = (band_samples(formats["image"].shapes[0]),)
        if not self.soft:
            return {"here": (samples, "uint8")}
        return {"here": (samples, "uint8"), "sum": (samples, "uint16"), "term": (samples, "uint16")}

    def process(
        self, mask: Frame, image: Frame, other: Frame, selected: Frame, scratch: Mapping[str, Plane]
    ) -> None:
        """Band by band; `selected` may be `image` itself."""
        blend = self._soft if self.soft else self._hard
        for rows, _ in row_bands(image.data.shape):
            blend(mask.data[rows], image.data[rows], other.data[rows], selected.data[rows], scratch)

    def _hard(
        self, mask: Plane, image: Plane, other: Plane, out: Plane, scratch: Mapping[str, Plane]
    ) -> None:
        here = fit(scratch["here"], (mask.shape[0], mask.shape[1]))
        cv2.threshold(mask, int(self.level.of(255)), 255, cv2.THRESH_BINARY, dst=here)
        cv2.copyTo(image, here, dst=out)
        cv2.bitwise_not(here, dst=here)
        cv2.copyTo(other, here, dst=out)

    def _soft(
        self, mask: Plane, image: Plane, other: Plane, out: Plane, scratch: Mapping[str, Plane]
    ) -> None:
        shape = (image.shape[0], flat(image).shape[1])
        here, total, term = (fit(scratch[name], shape) for name in ("here", "sum", "term"))
        if image.ndim == 3:
            cv2.cvtColor(mask, cv2.COLOR_GRAY2BGR, dst=here.reshape(image.shape))
        else:
            np.copyto(here, mask)
        np.multiply(flat(image), here, out=total, dtype=np.uint16)
        cv2.bitwise_not(here, dst=here)
        np.multiply(flat(other), here, out=term, dtype=np.uint16)
        np.add(total, term, out=total)
        # x / 255 rounded is (x + 128 + (x + 128 >> 8)) >> 8 for all x up to 65025.
        np.add(total, 128, out=total)
        np.right_shift(total, 8, out=term)
        np.add(total, term, out=total)
        np.right_shift(total, 8, out=total)
        np.copyto(flat(out), total, casting="unsafe")
