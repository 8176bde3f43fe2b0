"""Where two runs begin to differ: checksums node by node, and how far two frames are apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from flowgraph.frame import Frame, planes_in
from flowgraph.implied import Convert
from flowgraph_tools.record import NodeSums


@dataclass(frozen=True, slots=True)
class NodeDifference:
    """A node whose frames differ. `index`: the first that does, `STILLS` for a still."""

    name: str
    type: str
    index: int
    differing: int
    """How many frames differ, or are in one run only."""
    compared: int
    formats: tuple[str, str]
    only_in: str = ""
    """"A" or "B", where the first differing frame is missing in the other."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All nodes of the same name, in the order of flow."""

    alike: tuple[str, ...]
    different: tuple[NodeDifference, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """How far two frames are apart, counted over samples. `in_rgb`: they had to be converted to compare."""

    differing: int
    samples: int
    most: float
    mean: float
    in_rgb: bool = False


def compare_sums(
    a: Mapping[str, NodeSums], b: Mapping[str, NodeSums], order: Iterable[str], *, sampled: bool = False
) -> Comparison:
    """Compare two runs' checksums; `order` is that of A's nodes.

    Of runs that were `sampled`, only frames that both have count.
    """
    alike: list[str] = []
    different: list[NodeDifference] = []
    common = [name for name in order if name in a and name in b]
    for name in common:
        found = _difference(name, a[name], b[name], sampled)
        if found is None:
            alike.append(name)
        else:
            different.append(found)
    return Comparison(
        tuple(alike),
        tuple(different),
        tuple(name for name in a if name not in b),
        tuple(name for name in b if name not in a),
    )


def _difference(name: str, a: NodeSums, b: NodeSums, sampled: bool) -> NodeDifference | None:
    both, in_a, in_b = np.intersect1d(a.indexes, b.indexes, assume_unique=True, return_indices=True)
    same_format = a.format == b.format
    changed = both[(a.sums[in_a] != b.sums[in_b]) if same_format else np.ones(len(both), bool)]
    alone = np.setxor1d(a.indexes, b.indexes, assume_unique=True)
    if sampled:
        alone = alone[:0]
    wrong = np.union1d(changed, alone)
    if not len(wrong):
        return None
    first = int(wrong[0])
    only = "" if first in both else "A" if first in a.indexes else "B"
    total = len(both) + len(alone)
    return NodeDifference(name, a.type, first, len(wrong), total, (a.format, b.format), only)


def measure(a: Frame, b: Frame) -> Measured | None:
    """How far two frames are apart; None where their sizes differ, or one is numbers and one a picture."""
    if not a.format.fits(b.format):
        same_size = (a.format.width, a.format.height) == (b.format.width, b.format.height)
        if not same_size or "data" in (a.format.family, b.format.family):
            return None
        found = measure(_rgb(a), _rgb(b))
        return found and Measured(found.differing, found.samples, found.most, found.mean, in_rgb=True)
    differing, samples, most, total = 0, 0, 0.0, 0.0
    for one, other in zip(a.planes, b.planes, strict=True):
        apart = np.abs(one.astype(np.float64) - other.astype(np.float64))
        apart[np.isnan(one.astype(np.float64)) & np.isnan(other.astype(np.float64))] = 0
        differing += int(np.count_nonzero(apart))
        samples += apart.size
        most = max(most, float(apart.max(initial=0.0)))
        total += float(apart.sum())
    return Measured(differing, samples, most, total / max(1, samples))


def _rgb(frame: Frame) -> Frame:
    if frame.format.pixel == "bgr24":
        return frame
    format = frame.format.as_pixel("bgr24")
    made = Frame(frame.index, frame.time, format, planes_in(np.empty(format.frame_bytes, np.uint8), format))
    Convert(pixel="bgr24").process(frame, made)
    return made
