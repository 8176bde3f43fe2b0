"""Gray pictures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import affine, affine_scratch, fit, row_bands
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._luma import ONE, luma_bands, luma_scratch


class Gray(Node):
    """Take the colours away.

    opencv: 0.299 R + 0.587 G + 0.114 B in 15-bit fixed point, OpenCV's COLOR_BGR2GRAY.
    rec709: rint(0.212656 R + 0.715158 G + 0.072186 B), ImageMagick's luma.
    average: rint((R + G + B) / 3).
    """

    rule: Literal["opencv", "rec709", "average"] = Field(
        default="opencv", description="how channels are weighed"
    )

    image = Input("bgr24", "gray")
    gray = Output("gray")

    main: ClassVar[str] = "rule"
    example: ClassVar[str] = "plain: {type: gray, in: video}"

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """Luma in bands, or channels of their own for the average."""
        shape = formats["image"].shapes[0]
        if formats["image"].pixel == "gray" or self.rule == "opencv":
            return {}
        sums = affine_scratch(shape[:2], 3) if self.rule == "average" else {}
        return {**luma_scratch(shape), **sums}

    def process(self, image: Frame, gray: Frame, scratch: Mapping[str, Plane]) -> None:
        """Weigh the channels; gray input stays as it is."""
        plane, out = image.data, gray.data
        if plane.ndim == 2:
            np.copyto(out, plane)
        elif self.rule == "opencv":
            cv2.cvtColor(plane, cv2.COLOR_BGR2GRAY, dst=out)
        elif self.rule == "rec709":
            for rows, luma, _ in luma_bands(plane, scratch):
                np.add(luma, ONE // 2, out=luma)
                np.floor_divide(luma, ONE, out=luma)
                np.copyto(out[rows], luma, casting="unsafe")
        else:
            for rows, shape in row_bands(out.shape):
                channels = [fit(scratch[name], shape) for name in ("blue", "green", "red")]
                cv2.split(plane[rows], channels)
                affine(channels, (1 / 3,) * 3, 0, out[rows], scratch)
