"""Pictures for the nodes' tests, and the tools that the nodes are compared with."""

import hashlib
from collections.abc import Callable, Sequence
from fractions import Fraction

import av.error
import av.filter
import numpy as np
import pytest

from flowgraph.frame import Plane

Filter = Callable[..., list[Plane]]


@pytest.fixture
def pictures() -> list[Plane]:
    """Five pictures of noise, with a dark stripe and one that stays the same."""
    found = np.random.default_rng(7).integers(0, 256, (5, 48, 61, 3), dtype=np.uint8)
    found[:, :16] //= 16
    found[1:, 16:30] = found[0, 16:30]
    return list(found)


@pytest.fixture
def pairs() -> tuple[Plane, Plane]:
    """All 65,536 pairs of samples."""
    first, second = np.indices((256, 256), dtype=np.uint8)
    return first, second


@pytest.fixture
def digest() -> Callable[[Plane], str]:
    """A short checksum of a picture, for comparison with what another program wrote."""

    def of(plane: Plane) -> str:
        return hashlib.sha256(np.ascontiguousarray(plane).tobytes()).hexdigest()[:16]

    return of


@pytest.fixture
def libavfilter() -> Filter:
    """Runs gray streams through a filter of libavfilter: (name, arguments, stream, ...) -> pictures."""

    def run(name: str, arguments: str, *streams: Sequence[Plane]) -> list[Plane]:
        graph = av.filter.Graph()
        time_base = Fraction(1, 25)
        height, width = streams[0][0].shape
        gray = av.VideoFormat("gray")
        sources = [
            graph.add_buffer(width=width, height=height, format=gray, time_base=time_base) for _ in streams
        ]
        middle, sink = graph.add(name, arguments), graph.add("buffersink")
        for number, source in enumerate(sources):
            source.link_to(middle, 0, number)
        middle.link_to(sink)
        graph.configure()
        for index, planes in enumerate(zip(*streams, strict=True)):
            for source, plane in zip(sources, planes, strict=True):
                frame = av.VideoFrame.from_ndarray(plane, format="gray")
                frame.pts, frame.time_base = index, time_base
                source.push(frame)
        for source in sources:
            source.push(None)
        found: list[Plane] = []
        while True:
            try:
                made = sink.pull()
            except av.error.EOFError:
                return found
            assert isinstance(made, av.VideoFrame)
            found.append(made.to_ndarray())

    return run
