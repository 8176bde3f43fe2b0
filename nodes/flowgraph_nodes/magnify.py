"""Small motions made large."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Duration
from flowgraph_nodes._pyramid import Pyramid, pyramid_bytes
from flowgraph_nodes._recursive import share_of


class Magnify(Node):
    """Make small motions large: linear Eulerian video magnification.

    The picture is parted into bands of detail (a Laplacian pyramid), each band is filtered in time (the
    difference of two low-passes, as in band_pass), times `gain` and added to the picture, all in float32:
    out = clip(rint(in + sum of gain_k * (y_fast - y_slow)_k)). Fine bands, where a motion of a pixel is not
    small, get less, the finest none. From Wu et al., Eulerian Video Magnification for Revealing Subtle
    Changes in the World, 2012, with its recursive filters. The camera must stand still.
    """

    gain: float = Field(default=10.0, ge=0, le=500, description="how many times larger motions become")
    fast: Duration = Field(default=Duration(1), description="time constant that faster changes are lost by")
    slow: Duration = Field(default=Duration(12), description="time constant that slower changes are lost by")
    wavelength: float = Field(
        default=16.0, gt=0, le=10000, description="detail from this size in pixels on gets the whole gain"
    )
    levels: int = Field(default=5, ge=1, le=10, description="most bands of detail")

    image = Input("bgr24", "gray")
    magnified = Output(like=image, in_place=True)

    main: ClassVar[str] = "gain"
    example: ClassVar[str] = "breath: {type: magnify, in: video, gain: 20, fast: 200ms, slow: 2s}"
    live_parameters: ClassVar[tuple[str, ...]] = ("gain",)

    def check(self) -> None:
        """Refuse two equal filters."""
        if self.fast == self.slow:
            raise ValueError("fast and slow are equal: no motion would pass")

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's rows while it halves and doubles."""
        image = formats["image"]
        return 128 * image.width * image.layout.planes[0][0]

    def state_bytes(self, formats: Formats) -> int:
        """Pictures, bands and filters of all levels."""
        return pyramid_bytes(formats["image"].shapes[0], self.levels)

    def start(self, formats: Formats) -> Pyramid:
        """The pyramid, and the filters' shares of a new frame."""
        fast, slow = (share_of(time.frames(formats.rate)) for time in (self.fast, self.slow))
        return Pyramid(formats["image"].shapes[0], self.levels, fast, slow, self.wavelength)

    def process(self, state: Pyramid, image: Frame, magnified: Frame) -> None:
        """Take the picture in and add what moved."""
        state.magnify(image.data, self.gain, magnified.data)
