"""Nodes that break the rules of frame flow, each in one way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import STILL, Formats, Input, Node, Output, Rule


@dataclass
class Held:
    """What a node holds on to."""

    planes: list[Plane] = field(default_factory=list[Plane])
    frames: list[Frame] = field(default_factory=list[Frame])


class Rude(Node):
    """Copies, and from frame `at` on breaks a rule as well."""

    how: Literal["writes", "frame", "slice", "output", "replaces", "renames", "nothing"]
    at: int = 2

    image = Input("gray")
    copied = Output(like=image)

    def start(self, formats: Formats) -> Held:
        return Held()

    def process(self, state: Held, image: Frame, copied: Frame) -> None:
        copied.data[...] = image.data
        if image.index < self.at:
            return
        match self.how:
            case "writes":
                image.data[0, 0] ^= 1
            case "frame":
                state.frames.append(image)
            case "slice":
                state.planes.append(image.data[1:, ::2])
            case "output":
                state.planes.append(copied.data)
            case "replaces":
                copied.planes = (image.data + 1,)
            case "renames":
                copied.format = Format("gray", 3, 3)
            case "nothing":
                state.planes.append(image.data.copy())


class Forwards(Node):
    """Returns its input, or something else."""

    what: Literal["view", "cut", "array", "wide"]

    image = Input("gray")
    passed = Output(like=image, forward=True)

    def process(self, image: Frame) -> object:
        match self.what:
            case "view":
                return image.view(image.format, (image.data[::-1],))
            case "cut":
                return image.view(image.format.resized(4, 4), (image.data[:, :4],))
            case "array":
                return image.data
            case "wide":
                return image.view(image.format, (image.data.astype(np.float32),))


class WritesWhileAdding(Node):
    """A reduction that clears what it has added."""

    image = Input("gray")
    total = Output(like=image)

    def clock(self) -> Rule:
        return STILL

    def start(self, formats: Formats) -> Held:
        return Held()

    def accumulate(self, state: Held, image: Frame) -> None:
        image.data[...] = 0

    def finish(self, state: Held, total: Frame) -> None:
        total.data[...] = 1


class Brightens(Node):
    """Adds a live amount in place; with a negative one it writes to its input instead."""

    live_parameters = ("amount",)

    amount: int = 1

    image = Input("gray")
    bright = Output(like=image)

    def process(self, image: Frame, bright: Frame) -> None:
        bright.data[...] = image.data + self.amount if self.amount > 0 else image.data
        if self.amount < 0:
            image.data[...] = 0
