"""Compares what flowgraph writes with a reference on RGB that libavfilter computes on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
from av.container import InputContainer
from bench_clips import VERSIONS, Clips, Colours, tags_of
from bench_effects import Effect
from bench_runner import FLOWGRAPH, call
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

    psnr: float
    mean: float
    most: int

    @property
    def good(self) -> bool:
        """Whether it is as near as it must be."""
        return self.psnr >= LEAST_PSNR and self.mean <= MOST_ERROR


@dataclass(frozen=True, slots=True)
class Quality:
    """One effect on one clip."""

    effect: str
    clip: str
    tags: tuple[int, int]
    right_tags: bool
    planes: tuple[Difference, ...]

    @property
    def good(self) -> bool:
        """Whether everything about it is right."""
        return self.right_tags and all(plane.good for plane in self.planes)


def check_all(effects: tuple[Effect, ...], clips: Clips, folder: Path) -> Iterator[Quality]:
    """Every effect on each clip that it names."""
    for effect in effects:
        for name in effect.clips:
            yield check(effect, VERSIONS[name], clips.get(name)[0], folder)


def check(effect: Effect, colours: Colours, clip: Path, folder: Path) -> Quality:
    """Run a graph as it is timed, but into a file without loss, and compare."""
    out = folder / ("out.nut" if effect.in_rgb else "out.mkv")
    call([*FLOWGRAPH, "run", effect.graph, "-i", clip, "-o", out, "--quiet", "--set", "out.codec=ffv1",
          "--frames", str(CHECKED_FRAMES), *effect.settings])  # fmt: skip
    tags = tags_of(out)
    right = effect.in_rgb or (tags[0] in colours.spaces and tags[1] in colours.ranges)
    differences = compare(decoded(out), reference(clip, effect, colours))
    return Quality(effect.name, colours.name, tags, right, differences)


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
        Difference(psnr(float(squares[i] / count[i])), float(sums[i] / count[i]), int(most[i]))
        for i in range(np.count_nonzero(count))
    )


def psnr(mean_square: float) -> float:
    """Decibels of a mean square error on samples 0..255; infinite for equal pictures."""
    return float("inf") if mean_square == 0 else float(10 * np.log10(255**2 / mean_square))


def reference(clip: Path, effect: Effect, colours: Colours) -> Iterator[Planes]:
    """The effect on exact RGB, brought back to the clip's own colours."""
    own = f"color_matrix={colours.matrix}"
    there = f"scale=flags=bicubic+accurate_rnd+full_chroma_int:in_{own}:in_range={colours.range},format=gbrp"
    # Plain bicubic makes 127 of neutral chroma in full range. That is what FFmpeg writes, and flowgraph after
    # it, but not what the arithmetic on planes gives.
    flags = "bicubic+accurate_rnd" if effect.on_planes else "bicubic"
    back = f"scale=flags={flags}:out_{own}:out_range={colours.range},format=yuv420p"
    if effect.in_rgb:
        # Unscaled and without flags, libswscale takes the tables that OpenCV reads videos with.
        there, back = "format=bgr24,format=gbrp", "format=bgr24"
    # FFmpeg's own device for filter graphs: nothing of flowgraph is in between.
    limit = f"trim=end_frame={CHECKED_FRAMES}"
    graph = f"movie=filename='{clip.as_posix()}',{limit},{there},{effect.filters},{back}"
    with av.open(graph, format="lavfi") as container:
        yield from _planes(container)


def decoded(path: Path) -> Iterator[Planes]:
    """The planes in a video file, as they are."""
    with av.open(str(path)) as container:
        yield from _planes(container)


def _planes(container: InputContainer) -> Iterator[Planes]:
    for frame in container.decode(video=0):
        if frame.format.name == "bgr24":
            yield (np.asarray(frame.to_ndarray(), np.uint8),)
            continue
        yield tuple(
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[
                : plane.height, : plane.width
            ]
            for plane in frame.planes
        )
