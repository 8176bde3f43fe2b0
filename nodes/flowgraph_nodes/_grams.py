"""Lines taken out of frames and laid side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import cv2
import numpy as np

from flowgraph.frame import Plane
from flowgraph.kernels import flat, row_bands
from flowgraph_nodes._folding import Folding

Stretch = Literal["none", "line", "whole"]


def line_of(plane: Plane, axis: int, slit: float | None) -> Plane:
    """The rounded mean over an axis, half to even, or the row or column that lies so far along that axis."""
    if slit is not None:
        place = min(plane.shape[axis] - 1, int(plane.shape[axis] * slit))
        return plane[place] if axis == 0 else plane[:, place]
    sums = np.asarray(cv2.reduce(plane, axis, cv2.REDUCE_SUM, dtype=cv2.CV_32S))
    means: Plane = np.rint(sums / plane.shape[axis]).astype(np.uint8)
    return means.reshape(plane.shape[1 - axis], *plane.shape[2:])


def spread(line: Plane) -> Plane:
    """Each channel from its least to its largest sample over the whole range.

    FFmpeg's normalize, which scales by 256 and cuts off at 255; a channel of one value becomes black.
    """
    low, high = line.min(axis=0), line.max(axis=0)
    scale = np.where(high > low, 256 / np.maximum(high - low + 0.0, 1), 0)
    wide: Plane = np.clip(np.rint((line - low) * scale), 0, 255).astype(np.uint8)
    return wide


def developed(fold: Folding, blank: int, stretch: Stretch, equalize: bool) -> Plane:
    """The picture of all lines, each the mean of those that it stands for, after `blank` black ones."""
    picture: Plane = np.zeros((blank + fold.used, *fold.held.shape[1:]), np.uint8)
    low, high = (0.0 if blank else np.inf), 0.0
    if stretch == "whole":
        for _, means in _means(fold):
            low, high = min(low, float(means.min())), max(high, float(means.max()))
    for rows, means in _means(fold):
        if stretch == "whole":
            np.subtract(means, low, out=means)
            np.divide(means, (high - low) or 1, out=means)
            # Cut off, not rounded, as the Musical Gestures Toolbox does it.
            np.multiply(means, 255, out=means)
        else:
            np.rint(means, out=means)
        np.copyto(flat(picture[blank:][rows]), means, casting="unsafe")
    if equalize:
        _equalize(picture)
    return picture


def _means(fold: Folding) -> Iterator[tuple[slice, Plane]]:
    """Bands of lines, each divided by how many it stands for."""
    for rows, _ in row_bands(fold.lines.shape):
        yield rows, flat(fold.lines[rows]) / fold.counts[rows, None]


def _equalize(picture: Plane) -> None:
    """Spread the brightness evenly, in place; colours keep hue and saturation."""
    if picture.ndim == 2:
        cv2.equalizeHist(picture, dst=picture)
        return
    # As the Toolbox does: blue in the place of red, which turns the hues and their rounding.
    colours = cv2.cvtColor(picture, cv2.COLOR_RGB2HSV)
    value = colours[:, :, 2].copy()
    cv2.equalizeHist(value, dst=value)
    colours[:, :, 2] = value
    cv2.cvtColor(colours, cv2.COLOR_HSV2RGB, dst=picture)
