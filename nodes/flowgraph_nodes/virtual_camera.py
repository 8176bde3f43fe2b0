"""The node type `virtual_camera`."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from flowgraph.frame import Format
from flowgraph.media.camera import CameraWriter
from flowgraph.node import Formats, Input, Sink, SinkInfo, Writer


class VirtualCamera(Sink):
    """Show the stream as a camera that video calls and browsers can choose.

    Needs the package pyvirtualcam (extra `[camera]`) and a device: v4l2loopback on Linux, the virtual camera
    of OBS elsewhere.
    """

    device: str = Field("", description="which one, as /dev/video2; empty: the first that is free")
    pace: bool = Field(
        True, description="at the stream's own rate; false for a live source, which has its own"
    )

    image = Input("yuv420p", "bgr24", "gray")

    main = "device"
    example = "call: {type: virtual_camera, in: video}"

    def convert_to(self, format: Format) -> str:
        """What the camera takes without converting: planes only where chroma is halved evenly."""
        even = format.width % 2 == 0 and format.height % 2 == 0
        if format.pixel == "gray" or (format.pixel == "yuv420p" and even):
            return format.pixel
        return "bgr24"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """Nothing comes out; refuses numbers, which are no picture."""
        if formats["image"].family == "data":
            raise ValueError("a camera shows pictures, but its input is a stream of numbers")
        return {}

    def open(self, info: SinkInfo) -> Writer:
        """Open the camera."""
        return CameraWriter(self.device, self.pace, info)
