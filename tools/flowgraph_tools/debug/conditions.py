"""Conditions at which a run stops: an expression over what is known of a node when it has fired."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np

from flowgraph.errors import GraphError
from flowgraph.frame import Frame
from flowgraph_nodes._calculate import FUNCTIONS, Calculator, lower
from flowgraph_nodes._expression import Tree, names_in, parse
from flowgraph_tools.debug.pictures import to_bgr

TIMES: Final = ("ms", "mean", "p95", "waited", "fired", "frame")
PICTURE: Final = ("least", "level", "most")
"""Looking at the picture costs time, so it is done only for expressions that ask for it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Stop when `expression` is not 0 after node `node` has fired."""

    node: str
    expression: str
    tree: Tree = field(compare=False, repr=False)
    looks: bool = False

    def holds(self, values: dict[str, float], frames: tuple[Frame, ...]) -> bool:
        """Whether to stop, given the times of this firing and what it put out."""
        if self.looks:
            if not frames or frames[0].format.family == "data":
                return False
            values = values | _levels(frames[0])
        found = Calculator(values, _no_samples, (), np.empty(0, bool)).value(self.tree)
        return bool(found != 0)


def condition(node: str, expression: str) -> Condition:
    """Read an expression such as `ms > 40` or `level < 1 and frame > 100`.

    Names: ms (this firing), mean and p95 (of its firings so far, in ms), waited (ms before its turn), fired,
    frame; least, level (the mean) and most of the picture's levels 0..255.

    Raises:
        GraphError: it is no such expression; the message says where.
    """
    try:
        tree = lower(parse(expression, (*TIMES, *PICTURE), FUNCTIONS))
    except ValueError as error:
        raise GraphError(f"stop at '{node}': {error}") from None
    return Condition(node, expression, tree, bool(names_in(tree) & frozenset(PICTURE)))


def _levels(frame: Frame) -> dict[str, float]:
    first = frame.planes[0]
    plane = first if frame.format.family in ("gray", "yuv") and first.dtype == np.uint8 else to_bgr(frame)
    channels = 1 if plane.ndim == 2 else plane.shape[2]
    level = sum(cv2.mean(plane)[:channels]) / channels
    return {"least": float(plane.min()), "level": float(level), "most": float(plane.max())}


def _no_samples(name: str, plane: Any) -> None:
    raise AssertionError(name)
