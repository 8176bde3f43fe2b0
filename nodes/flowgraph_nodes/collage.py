"""The node type `collage`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from flowgraph.frame import Frame, Plane
from flowgraph.kernels import row_bands
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule


@dataclass(slots=True)
class _Pasted:
    picture: Plane
    mask: Plane
    scene: Plane


class Collage(Node):
    """Paste what a mask shows of each frame onto one scene: a multiple exposure without its haze.

    Each point is that of the frame whose mask is strongest there, of the latest or the earliest one among
    equals: out = rint((picture * mask + scene * (255 - mask)) / 255).
    """

    on_top: Literal["latest", "earliest"] = Field(
        default="latest", description="which frame is seen where masks are equal"
    )

    image = Input("bgr24", "gray")
    mask = Input("gray", size=image)
    scene = Input("bgr24", "gray", like=image, still=True)
    collage = Output(like=image)

    main: ClassVar[str] = "on_top"
    example: ClassVar[str] = "strobe: {type: collage, in: {image: moments, mask: figure, scene: plate}}"

    def clock(self) -> Rule:
        """One picture for the whole stream."""
        return STILL

    def temporaries(self, formats: Formats) -> int:
        """Which points are stronger, and a band of products."""
        return 2 * formats["mask"].frame_bytes + 24 * max(131072, 3 * formats["image"].width)

    def state_bytes(self, formats: Formats) -> int:
        """The strongest points, their mask, and the scene."""
        return 2 * formats["image"].frame_bytes + formats["mask"].frame_bytes

    def start(self, formats: Formats) -> _Pasted:
        """Nothing pasted."""
        shape = formats["image"].shapes[0]
        picture, scene = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
        return _Pasted(picture, np.zeros(shape[:2], np.uint8), scene)

    def accumulate(self, state: _Pasted, image: Frame, mask: Frame, scene: Frame) -> None:
        """Paste what is stronger than before."""
        np.copyto(state.scene, scene.data)
        self._paste(state, image.data, mask.data)

    def merge(self, state: _Pasted, other: _Pasted) -> _Pasted:
        """Paste what another stretch has."""
        self._paste(state, other.picture, other.mask)
        return state

    def finish(self, state: _Pasted, collage: Frame) -> None:
        """Mix with the scene."""
        shape = state.picture.shape
        for rows, _ in row_bands(shape):
            mask = state.mask[rows].reshape(-1, shape[1], *[1] * (len(shape) - 2)).astype(np.float32)
            mixed = state.picture[rows] * mask
            mixed += state.scene[rows] * (255 - mask)
            np.copyto(collage.data[rows], np.rint(mixed / 255, out=mixed), casting="unsafe")

    def _paste(self, state: _Pasted, picture: Plane, mask: Plane) -> None:
        stronger = mask >= state.mask if self.on_top == "latest" else mask > state.mask
        np.copyto(state.mask, mask, where=stronger)
        where = stronger.reshape(*stronger.shape, *[1] * (picture.ndim - 2))
        np.copyto(state.picture, picture, where=where)
