"""Effects on frames in memory, in flowgraph.

    python memory_frames.py EFFECT FRAMES THREADS FILE WIDTHxHEIGHT [OUTPUT]

FILE holds eight raw frames, which are repeated: three planes of full size, or YUV 4:2:0 where the
effect ends with `_planes`. OUTPUT gets the result; else it is thrown away.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

import numpy as np

from flowgraph.document.builder import GraphBuilder, Stream
from flowgraph.frame import Format, Frame, Plane
from flowgraph.node import Limits, Output, Reader, Source, SourceInfo
from flowgraph.passes.expand import expand
from flowgraph.passes.prune import prune
from flowgraph.session import Options, execute, plan

HELD: Final = 8
RATE: Final = Fraction(25)


@dataclass
class Repeat:
    """Gives the same frames again and again, without a copy."""

    format: Format
    pictures: tuple[tuple[Plane, ...], ...]
    length: int
    index: int = 0

    def read(self) -> Frame | None:
        """The next one."""
        if self.index == self.length:
            return None
        at, self.index = self.index, self.index + 1
        return Frame(at, at / RATE, self.format, self.pictures[at % HELD], duration=1 / RATE)

    def close(self) -> None:
        """There is nothing to let go of."""


class Held(Source):
    """Frames that are read once, before the run."""

    path: str
    size: str
    length: int
    pixel: Literal["bgr24", "yuv420p"]

    image = Output("bgr24")

    def probe(self, limits: Limits) -> SourceInfo:
        """All is known."""
        width, height = map(int, self.size.split("x"))
        format = Format(self.pixel, width, height)
        return SourceInfo(format, ("held",), RATE, self.length, exact=True)

    def open(self, info: SourceInfo, limits: Limits) -> Reader:
        """Read the file."""
        return Repeat(info.format, pictures(Path(self.path), info.format), self.length)


def pictures(path: Path, format: Format) -> tuple[tuple[Plane, ...], ...]:
    """The raw frames of a file; three planes of full size become one packed."""
    raw = np.fromfile(path, np.uint8).reshape(HELD, -1)
    if format.pixel == "bgr24":
        planar = raw.reshape(HELD, 3, format.height, format.width)
        packed = np.ascontiguousarray(planar.transpose(0, 2, 3, 1))
        return tuple((picture,) for picture in packed)
    edges = np.cumsum([0, *(height * width for height, width in format.shapes)])
    return tuple(
        tuple(one[a:b].reshape(shape) for a, b, shape in zip(edges, edges[1:], format.shapes, strict=False))
        for one in raw
    )


def effect(graph: GraphBuilder, name: str, video: Stream) -> Stream:
    """Add the nodes of an effect."""
    if name == "difference":
        return graph.add("absdiff", video, graph.add("delay", video, frames=1))
    if name in ("mix", "mix_planes"):
        negative = graph.add("invert", graph.add("delay", video, frames=1))
        return graph.add("mix", video, negative, weights=[0.5, 0.5])
    if name == "blur":
        return graph.add("blur", video, sigma=5)
    if name == "bloom":
        motion = graph.add("mix", video, graph.add("delay", video, frames=4), weights=[1, -1], scale=2)
        return graph.add("blend", video, graph.add("blur", motion, sigma=5), mode="addition")
    if name == "chain":
        made = video
        for number in range(100):
            made = graph.add("absdiff", made, video) if number % 2 else graph.add("flip", made)
        return made
    return video


def main(words: Sequence[str]) -> None:
    """Build, put the frames in, run."""
    name, frames, threads, path, size = words[:5]
    pixel = "yuv420p" if name.endswith("_planes") else "bgr24"
    graph = GraphBuilder("Frames in memory")
    video = graph.add("testsrc", name="video", size="16x16")
    target = words[5] if len(words) > 5 else "null"
    codec = "ffv1" if pixel == "yuv420p" and target != "null" else "rawvideo"
    graph.add("sink", effect(graph, name, video), name="out", path=target, codec=codec, pixel_format=pixel)
    network = prune(expand(graph.build(), {}))
    held = Held(path=path, size=size, length=int(frames), pixel=pixel)
    nodes = tuple(replace(node, node=held) if node.name == "video" else node for node in network.nodes)
    options = Options(threads=int(threads), quiet=True)
    execute(plan(replace(network, nodes=nodes), options), options=options)


if __name__ == "__main__":
    main(sys.argv[1:])
