"""Nodes that fail: a file as `--nodes` takes it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar

import numpy as np

from flowgraph.frame import Frame
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule


class Pure(Node):
    """Adds what it reads, and fails at the frame `at`, saying what it was given."""

    at: int
    back: int = 0
    name: str = "x"

    live_parameters: ClassVar[tuple[str, ...]] = ("name",)

    images = Input("gray", "bgr24", variadic=True)
    added = Output(like=images)

    def history(self, port: str, rate: Fraction | None) -> int:
        return self.back

    def process(self, images: tuple[object, ...], added: Frame) -> None:
        frames = [frame for item in images for frame in (item if isinstance(item, tuple) else (item,))]
        sums = [int(np.sum(frame.data, dtype=np.int64)) for frame in frames if isinstance(frame, Frame)]
        if added.index == self.at:
            raise ArithmeticError(f"{self.name}: {sums}")
        added.data[...] = 1


@dataclass
class Total:
    """What was added up."""

    samples: int = 0
    frames: int = 0


class Running(Node):
    """Adds up all frames, clears each, and fails at the seventh or at its start."""

    early: bool = False
    keeps: bool = False

    image = Input("gray", "bgr24")
    cleared = Output(like=image, in_place=True)

    def start(self, formats: Formats) -> Total:
        if self.early:
            raise LookupError(f"no start with {formats['image']}")
        return Total()

    def process(self, state: Total, image: Frame, cleared: Frame) -> None:
        state.frames += 1
        state.samples += int(np.sum(image.data, dtype=np.int64))
        cleared.data[...] = 0
        if state.frames == 7:
            raise ArithmeticError(f"{state.samples} in {state.frames}")


class Whole(Node):
    """A reduction that fails at its fifth frame, or at the end."""

    late: bool = False

    image = Input("gray", "bgr24")
    total = Output(like=image)

    def clock(self) -> Rule:
        return STILL

    def start(self, formats: Formats) -> list[int]:
        return []

    def accumulate(self, state: list[int], image: Frame) -> None:
        state.append(int(np.sum(image.data, dtype=np.int64)))
        if len(state) == 5 and not self.late:
            raise ArithmeticError(f"{state}")

    def finish(self, state: list[int], total: Frame) -> None:
        raise ArithmeticError(f"at the end: {sum(state)}")


class Rude(Node):
    """Writes to what it only may read, from frame 3 on."""

    image = Input("gray", "bgr24")
    copied = Output(like=image)

    def process(self, image: Frame, copied: Frame) -> None:
        copied.data[...] = image.data
        if image.index >= 3:
            image.data[...] = 255 - image.data
