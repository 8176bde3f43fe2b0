"""A picture darkened by a mask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import cv2

from flowgraph.frame import Format, Frame, Plane
from flowgraph.kernels import band_samples, row_bands
from flowgraph.node import Formats, Input, Node, Output


class Multiply(Node):
    """Multiply a picture by a gray mask or by another picture: out = rint(image * mask / 255).

    White keeps, black blacks out. Equal on all pairs to ImageMagick's -compose multiply on 16 bits, which is
    floor(257 i * 257 m / 65535 + .5) rounded to 8 bits.
    """

    image = Input("bgr24", "gray")
    mask = Input("gray", "bgr24", size=image)
    product = Output(like=image, in_place=True)

    example: ClassVar[str] = "clean: {type: multiply, in: [video, mask]}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Like the image, which must have colour where the mask has."""
        if formats["image"].pixel == "gray" and formats["mask"].pixel != "gray":
            raise ValueError(
                "a gray picture needs a gray mask; convert the picture to bgr24 or the mask to gray"
            )
        return super().output_formats(formats)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """A band of the mask in three channels."""
        if formats["mask"].pixel == formats["image"].pixel:
            return {}
        return {"channels": ((band_samples(formats["image"].shapes[0]),), "uint8")}

    def process(self, image: Frame, mask: Frame, product: Frame, scratch: Mapping[str, Plane]) -> None:
        """Multiply; 255 is odd, so nothing is a tie."""
        if mask.data.ndim == image.data.ndim:
            cv2.multiply(image.data, mask.data, dst=product.data, scale=1 / 255)
            return
        for rows, shape in row_bands(image.data.shape):
            channels = scratch["channels"][: shape[0] * shape[1]].reshape(shape[0], -1, 3)
            cv2.cvtColor(mask.data[rows], cv2.COLOR_GRAY2BGR, dst=channels)
            cv2.multiply(image.data[rows], channels, dst=product.data[rows], scale=1 / 255)
