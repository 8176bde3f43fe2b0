"""What stands out against a background that is learnt while it is watched."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, prod
from typing import Any, ClassVar, Literal

import cv2
from pydantic import Field

from flowgraph.frame import Frame
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.units import Duration

_MIXTURES = 5
_SAMPLES = 7


@dataclass(slots=True)
class _Model:
    learner: Any
    """OpenCV's background subtractor."""
    rate: float
    last: float
    """The frame after which nothing is learnt."""
    frames: int = 0


class BackgroundModel(Node):
    """Learn what each point usually looks like and make a mask of what looks different.

    mog2: up to five normal distributions for each point (OpenCV's BackgroundSubtractorMOG2).
    knn: 21 samples of the past for each point (OpenCV's BackgroundSubtractorKNN).
    The mask is white where something new is, and gray (127) on its shadow with `shadows: mark`. What stays
    becomes background after a while, sooner the shorter the memory.
    """

    method: Literal["mog2", "knn"] = Field(default="mog2", description="kind of model")
    memory: Duration = Field(default=Duration(500), description="how long the past counts, in frames or time")
    level: float = Field(
        default=16.0, gt=0, le=10000, description="squared distance from the model that counts as new"
    )
    shadows: Literal["drop", "mark", "keep"] = Field(
        default="drop", description="darker versions of the background: background, gray, or new like others"
    )
    learn_for: Duration | None = Field(
        default=None, description="from then on the model stays as it is; without it, it learns for ever"
    )
    learn: bool = Field(default=True, description="false leaves the model as it is")

    image = Input("bgr24", "gray")
    mask = Output("gray")

    main: ClassVar[str] = "method"
    example: ClassVar[str] = "moving: {type: background_model, in: video, method: mog2}"
    live_parameters: ClassVar[tuple[str, ...]] = ("learn",)

    def temporaries(self, formats: Formats) -> int:
        """OpenCV's mask of what is known to be new: nothing."""
        return prod(formats["image"].shapes[0][:2])

    def state_bytes(self, formats: Formats) -> int:
        """Of each mixture weight, variance and means in float32; of each sample its bytes and a mark."""
        *size, channels = (*formats["image"].shapes[0], 1)[:3]
        point = (
            _MIXTURES * 4 * (2 + channels) + 1 if self.method == "mog2" else _SAMPLES * 3 * (channels + 1) + 6
        )
        return prod(size) * point

    def start(self, formats: Formats) -> _Model:
        """Nothing learnt yet."""
        found = self.shadows != "keep"
        learner: Any
        if self.method == "mog2":
            learner = cv2.createBackgroundSubtractorMOG2(varThreshold=self.level, detectShadows=found)
            learner.setNMixtures(_MIXTURES)
        else:
            learner = cv2.createBackgroundSubtractorKNN(dist2Threshold=self.level, detectShadows=found)
            learner.setNSamples(_SAMPLES)
        learner.setShadowValue(127 if self.shadows == "mark" else 0)
        frames = max(1, self.memory.frames(formats.rate))
        learner.setHistory(frames)
        last = inf if self.learn_for is None else max(1, self.learn_for.frames(formats.rate))
        return _Model(learner, 1 / frames, last)

    def process(self, model: _Model, image: Frame, mask: Frame) -> None:
        """Compare, then learn: quickly at first, by 1 / memory later."""
        # knn draws from the thread's random numbers; seeded anew, they don't depend on the thread.
        cv2.setRNGSeed(model.frames)
        model.frames += 1
        learns = (self.learn and model.frames <= model.last) or model.frames == 1
        rate = max(model.rate, 1 / (2 * model.frames)) if learns else 0.0
        model.learner.apply(image.data, fgmask=mask.data, learningRate=rate)
