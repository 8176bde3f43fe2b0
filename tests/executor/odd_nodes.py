"""Nodes for the tests of the executor: reductions, and nodes that do what they should not."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from flowgraph.frame import Frame
from flowgraph.node import SKIP, STILL, Formats, Input, Node, Output, Rule


@dataclass
class Highest:
    """The largest samples so far."""

    picture: Frame | None = None


class Lighten(Node):
    """The largest value of each sample over the whole stream."""

    image = Input("gray", "bgr24")
    lightest = Output(like=image)

    def clock(self) -> Rule:
        return STILL

    def start(self, formats: Formats) -> Highest:
        return Highest()

    def accumulate(self, state: Highest, image: Frame) -> None:
        if state.picture is None:
            state.picture = image.copy()
        for plane, best in zip(image.planes, state.picture.planes, strict=True):
            np.maximum(plane, best, out=best)

    def finish(self, state: Highest, lightest: Frame) -> None:
        assert state.picture is not None
        for plane, best in zip(lightest.planes, state.picture.planes, strict=True):
            plane[...] = best


class Raises(Node):
    """Copies, and raises at the frames whose index is `at` or more."""

    at: int

    image = Input("gray", "bgr24")
    copied = Output(like=image, in_place=True)

    def process(self, image: Frame, copied: Frame) -> None:
        if image.index >= self.at:
            raise ZeroDivisionError("a bug in a node")
        copied.data[...] = image.data


@dataclass
class Kept:
    """What a node that breaks the contract keeps."""

    frames: list[Frame] = field(default_factory=list[Frame])


class Keeps(Node):
    """Breaks the contract: keeps every frame that it gets."""

    image = Input("gray")
    copied = Output(like=image)

    def start(self, formats: Formats) -> Kept:
        return Kept()

    def process(self, state: Kept, image: Frame, copied: Frame) -> None:
        state.frames.append(image)
        copied.data[...] = image.data


class Uneven(Node):
    """Pure, and the longer at work the lower the sample: later tokens overtake earlier ones."""

    image = Input("gray")
    copied = Output(like=image)

    def process(self, image: Frame, copied: Frame) -> None:
        for _ in range(256 - int(image.data.flat[0])):
            np.sort(image.data, axis=None)
        copied.data[...] = image.data


@dataclass
class Count:
    """Frames seen so far."""

    frames: int = 0


class Running(Node):
    """Adds the number of frames seen so far: state that depends on every frame before."""

    image = Input("gray")
    counted = Output(like=image, in_place=True)

    def start(self, formats: Formats) -> Count:
        return Count()

    def process(self, state: Count, image: Frame, counted: Frame) -> None:
        state.frames += 1
        np.add(image.data, np.uint8(state.frames % 256), out=counted.data)


class Over(Node):
    """The picture where it is brighter than the still, else the still halved."""

    image = Input("gray")
    still = Input(like=image, still=True)
    joined = Output(like=image, in_place=True)

    def process(self, image: Frame, still: Frame, joined: Frame) -> None:
        joined.data[...] = np.where(image.data > still.data // 2, image.data, still.data // 2)


class BadEnds(Lighten):
    """A reduction that raises at its start or at its end."""

    where: str

    def start(self, formats: Formats) -> Highest:
        if self.where == "start":
            raise KeyError("no state")
        return super().start(formats)

    def finish(self, state: Highest, lightest: Frame) -> None:
        raise KeyError("no result")


class Undeclared(Node):
    """Breaks the contract: returns what it didn't declare."""

    returns: str

    image = Input("gray")
    made = Output(like=image)

    def process(self, image: Frame, made: Frame) -> object:
        return SKIP if self.returns == "skip" else image


class Plus(Node):
    """Adds an amount that may change while the graph runs."""

    amount: int = 0

    image = Input("gray")
    total = Output(like=image, in_place=True)

    live_parameters = ("amount",)

    def process(self, image: Frame, total: Frame) -> None:
        np.add(image.data, np.uint8(self.amount), out=total.data)
