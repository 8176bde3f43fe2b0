"""The node type `crop`."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.node import Formats, Input, Node, Output


class Crop(Node):
    """Cut a box out of the picture.

    The result is a view: nothing is copied. Without width or height the box reaches to the picture's edge.
    On planes with subsampled chroma the corner must lie on a chroma sample; elsewhere the picture is
    converted to bgr24 first.
    """

    x: int = Field(default=0, ge=0, description="first column of the box, in pixels from the left")
    y: int = Field(default=0, ge=0, description="first row of the box, in pixels from the top")
    width: int | None = Field(
        default=None, ge=1, description="width of the box in pixels; up to the right edge"
    )
    height: int | None = Field(
        default=None, ge=1, description="height of the box in pixels; up to the bottom edge"
    )

    image = Input()
    cropped = Output(like=image, forward=True)

    main = "width"
    example = "detail: {type: crop, in: video, x: 160, y: 90, width: 320, height: 180}"

    def accepts(self, port: str, format: Format) -> bool:
        """Any format whose chroma samples allow the corner."""
        return all(self.x % (1 << sx) == 0 and self.y % (1 << sy) == 0 for _, sx, sy in format.layout.planes)

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The box's size; raises ValueError where the box lies outside of the picture."""
        return {"cropped": self._box(formats["image"])}

    def process(self, image: Frame) -> Frame:
        """Forward a view of the frame."""
        cut = self._box(image.format)
        planes = tuple(
            plane[self.y >> sy :, self.x >> sx :][: shape[0], : shape[1]]
            for plane, shape, (_, sx, sy) in zip(image.planes, cut.shapes, cut.layout.planes, strict=True)
        )
        return image.view(cut, planes)

    def _box(self, format: Format) -> Format:
        width = format.width - self.x if self.width is None else self.width
        height = format.height - self.y if self.height is None else self.height
        if width < 1 or height < 1 or self.x + width > format.width or self.y + height > format.height:
            raise ValueError(
                f"the box at x {self.x}, y {self.y} of {self.width or 'any'} x {self.height or 'any'} pixels "
                f"lies outside of the picture of {format.width}x{format.height}"
            )
        return format.resized(width, height)
