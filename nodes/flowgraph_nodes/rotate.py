"""The node type `rotate`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, cos, radians, sin

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Colour
from flowgraph_nodes._paint import PAINTABLE, samples

_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


class Rotate(Node):
    """Turn the picture clockwise.

    By 90, 180 or 270 degrees exactly, with width and height exchanged. By any other angle about the centre,
    with linear interpolation, in the picture's own size (corners are lost) or in one that holds it all.
    """

    angle: float = Field(ge=-360, le=360, description="degrees clockwise; negative turns the other way")
    expand: bool = Field(default=False, description="make the picture large enough for all of it")
    colour: Colour = Field(default=Colour.parse("black"), description="colour of what lies outside")

    image = Input(*PAINTABLE)
    rotated = Output(like=image)

    main = "angle"
    example = "turned: {type: rotate, in: video, angle: 90}"

    def accepts(self, port: str, format: Format) -> bool:
        """Subsampled chroma only where a turn puts sample on sample."""
        if self.angle % 360 == 0:
            return super().accepts(port, format)
        whole = all(
            format.width % (1 << sx) == 0
            and format.height % (1 << sy) == 0
            and (sx == sy or self.angle % 180 == 0)
            and (sx == sy == 0 or self.angle % 90 == 0)
            for _, sx, sy in format.layout.planes
        )
        return super().accepts(port, format) and whole

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The size after the turn."""
        image = formats["image"]
        if self.angle % 180 == 90:
            return {"rotated": replace(image.resized(image.height, image.width), aspect=1 / image.aspect)}
        if self.angle % 90 == 0 or not self.expand:
            return {"rotated": image}
        matrix = abs(self._matrix(image))
        width, height = matrix @ (image.width, image.height)
        # What floating point adds to a whole number is no new column.
        return {"rotated": image.resized(ceil(width - 1e-6), ceil(height - 1e-6))}

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's coordinates of each column."""
        return 16 * formats["rotated"].width

    def process(self, image: Frame, rotated: Frame) -> None:
        """Turn plane by plane."""
        turn = self.angle % 360
        values = samples(self.colour, image.format)
        for source, target, value in zip(image.planes, rotated.planes, values, strict=True):
            if turn in _TURNS:
                cv2.rotate(source, _TURNS[int(turn)], dst=target)
            elif turn == 0:
                np.copyto(target, source)
            else:
                self._warp(source, target, image.format, value)

    def _warp(self, source: np.ndarray, target: np.ndarray, format: Format, value: tuple[int, ...]) -> None:
        matrix = self._matrix(format)
        height, width = target.shape[:2]
        centre = np.array([(source.shape[1] - 1) / 2, (source.shape[0] - 1) / 2])
        shift = np.array([(width - 1) / 2, (height - 1) / 2]) - matrix @ centre
        cv2.warpAffine(
            source,
            np.column_stack([matrix, shift]),
            (width, height),
            dst=target,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=value,
        )

    def _matrix(self, format: Format) -> np.ndarray:
        """The turn in samples, which need not be square."""
        angle, aspect = radians(self.angle), float(format.aspect)
        return np.array([[cos(angle), -sin(angle) / aspect], [sin(angle) * aspect, cos(angle)]])
