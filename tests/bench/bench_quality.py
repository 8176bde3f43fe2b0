"""Compares what flowgraph writes with an RGB reference that libavfilter computes on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from bench_cases import Case
from bench_clips import FLOWGRAPH, VERSIONS, Colours, call, make_version, tags_of
from numpy.typing import NDArray

LEAST_PSNR: Final = 45.0
"""Decibels, over all frames of a plane."""
MOST_ERROR: Final = 0.5
"""Mean absolute difference of a plane's samples, in levels."""
CHECKED_FRAMES: Final = 30

Plane = NDArray[np.uint8]
Planes = tuple[Plane, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """How far one plane is from the reference."""

    plane: str
    psnr: float
    mean: float
    most: int

    @property
    def good(self) -> bool:
        """Whether it is as near as it must be."""
        return self.psnr >= LEAST_PSNR and self.mean <= MOST_ERROR


@dataclass(frozen=True, slots=True)
class Quality:
    """One graph on one version of the clip."""

    graph: str
    version: str
    tags: tuple[int, int]
    right_tags: bool
    planes: tuple[Difference, ...]

    @property
    def good(self) -> bool:
        """Whether everything about it is right."""
        return self.right_tags and all(plane.good for plane in self.planes)


def check_all(cases: tuple[Case, ...], clip: Path, folder: Path, frames: int) -> Iterator[Quality]:
    """Every case on every version of the clip."""
    for number, colours in enumerate(VERSIONS):
        version = make_version(clip, colours, folder / f"version{number}.mp4", frames)
        for case in cases:
            yield check(case, colours, version, folder)


def check(case: Case, colours: Colours, clip: Path, folder: Path) -> Quality:
    """Run a graph as it is timed, but into ffv1, and compare."""
    out = folder / "out.mkv"
    call([*FLOWGRAPH, "run", case.graph, "-i", clip, "-o", out, "--quiet", "--set", "out.codec=ffv1"])
    tags = tags_of(out)
    right = tags[0] in colours.spaces and tags[1] in colours.ranges
    differences = compare(decoded(out), reference(clip, case, colours))
    return Quality(case.graph, colours.name, tags, right, differences)


def compare(ours: Iterator[Planes], theirs: Iterator[Planes]) -> tuple[Difference, ...]:
    """Differences over all frames, plane by plane.

    Raises:
        ValueError: one has more frames than the other.
    """
    squares, sums, most, count = np.zeros(3), np.zeros(3), np.zeros(3, int), np.zeros(3)
    for got, wanted in zip(ours, theirs, strict=True):
        for i, (a, b) in enumerate(zip(got, wanted, strict=True)):
            apart = np.abs(a.astype(np.int32) - b)
            squares[i] += float(np.square(apart).sum())
            sums[i] += float(apart.sum())
            most[i] = max(most[i], int(apart.max()))
            count[i] += apart.size
    return tuple(
        Difference(name, psnr(float(squares[i] / count[i])), float(sums[i] / count[i]), int(most[i]))
        for i, name in enumerate("YUV")
    )


def psnr(mean_square: float) -> float:
    """Decibels of a mean square error on samples 0..255; infinite for equal pictures."""
    return float("inf") if mean_square == 0 else float(10 * np.log10(255**2 / mean_square))


def reference(clip: Path, case: Case, colours: Colours) -> Iterator[Planes]:
    """The effect on exact RGB, brought back to the clip's own colours."""
    own = f"color_matrix={colours.matrix}"
    there = f"scale=flags=bicubic+accurate_rnd+full_chroma_int:in_{own}:in_range={colours.range},format=gbrp"
    # Plain bicubic makes 127 of neutral chroma in full range. That is what FFmpeg writes, and flowgraph after
    # it, but not what the arithmetic on planes gives.
    flags = "bicubic+accurate_rnd" if case.on_planes else "bicubic"
    back = f"scale=flags={flags}:out_{own}:out_range={colours.range},format=yuv420p"
    # FFmpeg's own device for filter graphs: nothing of flowgraph is in between.
    graph = f"movie=filename='{clip.as_posix()}',{there},{case.effect},{back}"
    with av.open(graph, format="lavfi") as container:
        yield from _planes(container)


def decoded(path: Path) -> Iterator[Planes]:
    """The planes in a video file, as they are."""
    with av.open(str(path)) as container:
        yield from _planes(container)


def _planes(container: InputContainer) -> Iterator[Planes]:
    for frame in container.decode(video=0):
        yield tuple(
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
                : plane.height, : plane.width
            ]
            for plane in frame.planes
        )
