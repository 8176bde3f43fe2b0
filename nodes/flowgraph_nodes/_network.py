"""Reads ONNX files and runs them on pictures, by OpenCV's own inference."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from flowgraph.frame import Plane


def verify(path: str) -> None:
    """Say what is wrong with a network's file, if anything.

    Raises:
        ValueError: none is given, there is no such file, or OpenCV can't read it.
    """
    if not path:
        raise ValueError(
            "no network is given: set model to the .onnx file of a segmentation network; none comes with "
            "this program (MODNet and PP-HumanSeg are free ones)"
        )
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"there is no file {path}; model must name the .onnx file of a segmentation network")
    status = file.stat()
    if reason := _complaint(path, status.st_mtime_ns, status.st_size):
        raise ValueError(f"{path} can't be read as an ONNX network: {reason}")


@lru_cache(maxsize=16)
def _complaint(path: str, changed: int, size: int) -> str:
    try:
        load(path)
    except (cv2.error, OSError) as error:
        return " ".join(str(error).split(") ")[-1].split())
    return ""


def load(path: str) -> Any:
    """OpenCV's network of an ONNX file."""
    return cv2.dnn.readNetFromONNX(path)


def share_of_class(answer: Plane, channel: int, logits: bool) -> Plane:
    """The share of one class in a network's answer, 0..1 in float32: (height, width).

    The answer is (1, classes, height, width), (1, height, width, classes), or without the axis of classes.
    Several classes of logits go through softmax, a single one through the logistic function.

    Raises:
        ValueError: the answer has another shape, or too few classes.
    """
    found = np.asarray(answer, np.float32)
    if found.ndim == 4 and found.shape[0] == 1:
        found = found[0] if found.shape[1] <= found.shape[3] else found[0].transpose(2, 0, 1)
    elif found.ndim == 2:
        found = found[None]
    if found.ndim != 3:
        raise ValueError(f"the network gives {answer.shape}, which is no mask for one picture")
    classes = len(found)
    if channel >= classes:
        raise ValueError(f"the network has {classes} classes; channel {channel} is none of 0..{classes - 1}")
    if not logits:
        return np.asarray(found[channel])
    if classes == 1:
        return np.asarray(1 / (1 + np.exp(-np.clip(found[0], -60, 60))), np.float32)
    powers = np.exp(found - found.max(axis=0))
    return np.asarray(powers[channel] / powers.sum(axis=0), np.float32)
