"""The node type `gram`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from flowgraph.frame import Format, Frame, Plane
from flowgraph.kernels import band_samples
from flowgraph.node import SAME, STILL, Formats, Input, Node, Output, Rule
from flowgraph_nodes._folding import Folding
from flowgraph_nodes._grams import Stretch, developed, line_of, spread


class Gram(Node):
    """Lay one line of each frame beside the last one: a picture in which time runs along one axis.

    Of pictures of motion it makes motiongrams, of the video itself videograms and slit scans. With time to
    the right each frame gives a column (the means of its rows, which shows up and down), with time downwards
    a row (the means of its columns, which shows left and right). Lines are rounded means, half to even.

    The picture has room for `lines` frames; those that are not needed are not written to an image file. When
    it is full, lines of neighbouring frames are averaged two by two, again and again: any length fits. With
    `running`, each frame gives the picture so far.
    """

    time: Literal["right", "down"] = Field(default="right", description="which way time runs")
    of: Literal["mean", "slit"] = Field(
        default="mean", description="each frame's means, or a single row or column"
    )
    at: float = Field(
        default=0.5, ge=0, le=1, description="where a slit is: 0 is left or top, 1 right or bottom"
    )
    stretch: Stretch = Field(
        default="none", description="make each line, or the whole gram, reach from black to white"
    )
    equalize: bool = Field(default=False, description="spread brightness evenly, so that faint motion shows")
    blank: int = Field(default=0, ge=0, le=4096, description="black lines before the first")
    lines: int = Field(default=4096, ge=2, le=32768, multiple_of=2, description="most lines kept")
    running: bool = Field(default=False, description="one picture for each frame instead of one for all")

    image = Input("bgr24", "gray")
    gram = Output(like=image)

    main: ClassVar[str] = "time"
    example: ClassVar[str] = "motiongram: {type: gram, in: motion, time: right, stretch: whole}"

    def clock(self) -> Rule:
        """A still, or each frame."""
        return SAME if self.running else STILL

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """As long as lines are kept, as wide as the picture along the other axis."""
        format, length = formats["image"], self.lines + self.blank
        right = self.time == "right"
        size = (length, format.height) if right else (format.width, length)
        return {"gram": format.resized(*size)}

    def temporaries(self, formats: Formats) -> int:
        """The picture developed, its colours while equalised, a band of means, and a few lines."""
        picture, line = formats["gram"].frame_bytes, int(np.prod(self._line_shape(formats)))
        copies = picture * 5 // 2 if self.equalize else picture
        return copies + 16 * band_samples((self.lines, line)) + 64 * line

    def state_bytes(self, formats: Formats) -> int:
        """The sums of all lines."""
        return Folding.nbytes(self.lines, self._line_shape(formats), "uint32")

    def start(self, formats: Formats) -> Folding:
        """No lines yet."""
        return Folding(self.lines, self._line_shape(formats), "uint32", np.add)

    def process(self, fold: Folding, image: Frame, gram: Frame) -> None:
        """Take a line and give the picture so far."""
        self.accumulate(fold, image)
        self._write(fold, gram.data)

    def accumulate(self, fold: Folding, image: Frame) -> None:
        """Take a line."""
        axis = 1 if self.time == "right" else 0
        line = line_of(image.data, axis, self.at if self.of == "slit" else None)
        fold.add(image.index, spread(line) if self.stretch == "line" else line)

    def merge(self, fold: Folding, other: Folding) -> Folding:
        """Go on with the lines of another stretch."""
        fold.merge(other)
        return fold

    def finish(self, fold: Folding, gram: Frame) -> None:
        """Develop the picture, and say how much of it is used."""
        length = self._write(fold, gram.data)
        right = self.time == "right"
        used = (length, gram.format.height) if right else (gram.format.width, length)
        gram.properties = {"used": used}

    def _write(self, fold: Folding, out: Plane) -> int:
        picture = developed(fold, self.blank, self.stretch, self.equalize)
        out.fill(0)
        if self.time == "right":
            np.copyto(out[:, : len(picture)], picture.swapaxes(0, 1))
        else:
            np.copyto(out[: len(picture)], picture)
        return len(picture)

    def _line_shape(self, formats: Formats) -> tuple[int, ...]:
        height, width, *channels = formats["image"].shapes[0]
        return (height if self.time == "right" else width, *channels)
