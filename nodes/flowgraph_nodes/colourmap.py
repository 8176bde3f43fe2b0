"""Gray pictures in false colours."""

from __future__ import annotations

from typing import ClassVar, Literal

import cv2
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output

_MAPS = {
    "inferno": cv2.COLORMAP_INFERNO,
    "magma": cv2.COLORMAP_MAGMA,
    "plasma": cv2.COLORMAP_PLASMA,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "cividis": cv2.COLORMAP_CIVIDIS,
    "turbo": cv2.COLORMAP_TURBO,
    "hot": cv2.COLORMAP_HOT,
    "bone": cv2.COLORMAP_BONE,
    "ocean": cv2.COLORMAP_OCEAN,
}


class Colourmap(Node):
    """Show a gray picture in false colours, from black or the map's darkest to its brightest colour.

    Maps are OpenCV's; inferno, magma, plasma, viridis and cividis are matplotlib's, read alike by the
    colour-blind and in print.
    """

    map: Literal[
        "inferno", "magma", "plasma", "viridis", "cividis", "turbo", "hot", "bone", "ocean"
    ] = Field(default="inferno", description="which colours")  # fmt: skip

    image = Input("gray")
    coloured = Output("bgr24")

    main: ClassVar[str] = "map"
    example: ClassVar[str] = "heat: {type: colourmap, in: motion, map: inferno}"

    def temporaries(self, formats: Formats) -> int:
        """The picture in three gray channels, which OpenCV 4 looks up; 5 needs none."""
        return formats["coloured"].frame_bytes

    def process(self, image: Frame, coloured: Frame) -> None:
        """Look each sample up."""
        cv2.applyColorMap(image.data, _MAPS[self.map], dst=coloured.data)
