"""One of several pictures, by a choice that may change during a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from flowgraph.frame import Format, Frame, Plane
from flowgraph.kernels import affine, affine_scratch
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Duration


@dataclass(slots=True)
class Fading:
    """The share of each picture, on its way from one choice to the next."""

    choice: int
    before: list[float]
    frames: int
    step: int

    def shares(self, choice: int) -> list[float]:
        """The shares for the next frame, which add up to 1."""
        if choice != self.choice:
            self.choice, self.before, self.step = choice, self._now(), 0
        self.step = min(self.step + 1, self.frames + 1)
        return self._now()

    def _now(self) -> list[float]:
        new = self.step / (self.frames + 1)
        return [
            old * (1 - new) + new * (number == self.choice) for number, old in enumerate(self.before, start=1)
        ]


class Switch(Node):
    """Show one of several pictures; which one may change during the run.

    `choice` counts from 1. A new choice is a cut, or with `fade` a crossfade: after n of `fade` frames the
    new picture has the share n / (fade + 1), from whatever was shown before, even in the middle of another
    crossfade. `next` gives the one after it, of two pictures the other, and fades alike.
    """

    choice: int = Field(default=1, ge=1, description="number of the picture that is shown, from 1")
    fade: Duration = Field(default=Duration(0), description="length of a crossfade: frames or time; 0 cuts")

    images = Input("bgr24", "gray", variadic=True, least=2)
    shown = Output(like=images)
    next = Output(like=images)

    main: ClassVar[str] = "choice"
    example: ClassVar[str] = "scene: {type: switch, in: [left, right], choice: 1, fade: 400ms}"
    live_parameters: ClassVar[tuple[str, ...]] = ("choice",)

    def output_formats(self, formats: Formats) -> Mapping[str, Format]:
        """The inputs' format; refuses a choice that isn't there."""
        count = len(formats.inputs["images"])
        if self.choice > count:
            raise ValueError(f"choice is 1..{count}, as 'in' names {count} pictures; got {self.choice}")
        return super().output_formats(formats)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        """What the exact sum of many pictures needs."""
        return affine_scratch(formats["images"].shapes[0], len(formats.inputs["images"]))

    def start(self, formats: Formats) -> Fading:
        """Nothing but the first choice is shown."""
        count = len(formats.inputs["images"])
        shares = [float(number == self.choice) for number in range(1, count + 1)]
        frames = self.fade.frames(formats.rate)
        return Fading(self.choice, shares, frames, frames + 1)

    def process(
        self,
        state: Fading,
        images: tuple[Frame, ...],
        shown: Frame,
        next: Frame,
        scratch: Mapping[str, Plane],
    ) -> None:
        """Sum up what has a share."""
        shares = state.shares(self.choice)
        planes = [image.data for image in images]
        affine(planes, shares, 0, shown.data, scratch)
        affine(planes, [shares[-1], *shares[:-1]], 0, next.data, scratch)
