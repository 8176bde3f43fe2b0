"""A mask made by a network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import cv2
import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame
from flowgraph.media.request import FilePath
from flowgraph.node import Formats, Input, Node, Output
from flowgraph_nodes._network import load, share_of_class, verify


class SegmentOnnx(Node):
    """Find people, or whatever a network was trained on, and make a soft mask of them.

    Runs an ONNX file of yours by OpenCV's own inference. The picture, resized to `width` x `height`, goes in
    as 1 x 3 x height x width: (sample / 255 - mean) / deviation, RGB or BGR. What comes out may be
    1 x classes x h x w or 1 x h x w x classes; the share of `channel` is the mask's white.
    """

    model: FilePath = Field(default="", description="the .onnx file; none comes with this program")
    width: int = Field(default=256, ge=8, le=4096, description="width that the network wants")
    height: int = Field(default=256, ge=8, le=4096, description="height that the network wants")
    mean: float = Field(default=0.5, ge=0, le=1, description="taken from each sample of 0..1")
    deviation: float = Field(default=0.5, gt=0, le=1, description="each sample is divided by it")
    order: str = Field(default="rgb", pattern="^(rgb|bgr)$", description="which channel goes in first")
    output: str = Field(default="", description="name of the output to use; empty: the only one")
    channel: int = Field(default=-1, ge=-1, description="which of several classes; -1 is the last one")
    logits: bool = Field(default=False, description="the network ends without a sigmoid or softmax")
    layers_mib: int = Field(
        default=256, ge=1, description="what the network's layers take, for the plan: OpenCV doesn't tell"
    )

    image = Input("bgr24")
    mask = Output("gray")

    main: ClassVar[str] = "model"
    example: ClassVar[str] = "person: {type: segment_onnx, in: video, model: portrait.onnx}"

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """A mask of the picture's size; raises ValueError where no network can be read."""
        verify(self.model)
        return super().output_formats(formats)

    def temporaries(self, formats: Formats) -> int:
        """What goes in, what goes on inside, and the mask in float."""
        inside = (self.layers_mib << 20) + 40 * self.width * self.height
        return inside + 5 * formats["mask"].frame_bytes

    def state_bytes(self, formats: Formats) -> int:
        """The weights, which OpenCV keeps once as read and once rearranged."""
        return 2 * Path(self.model).stat().st_size

    def notes(self, formats: Formats) -> tuple[str, ...]:
        """That the layers are an estimate."""
        return (
            "what the layers of the network take can't be known beforehand:"
            f" layers_mib: {self.layers_mib} is counted, and the run may take more",
        )

    def start(self, formats: Formats) -> Any:
        """Read the network."""
        return load(self.model)

    def process(self, network: Any, image: Frame, mask: Frame) -> None:
        """Run the network and bring its answer to the picture's size."""
        size, middle = (self.width, self.height), (255 * self.mean,) * 3
        swap, factor = self.order == "rgb", 1 / (255 * self.deviation)
        network.setInput(cv2.dnn.blobFromImage(image.data, factor, size, middle, swapRB=swap))
        answer = network.forward(self.output) if self.output else network.forward()
        share = share_of_class(np.asarray(answer), self.channel, self.logits)
        large = cv2.resize(share, (mask.format.width, mask.format.height), interpolation=cv2.INTER_LINEAR)
        cv2.convertScaleAbs(np.clip(large, 0, 1, out=large), dst=mask.data, alpha=255)
