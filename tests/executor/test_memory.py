"""A run keeps its bound, whatever the length; the pool lends no more than was planned."""

from __future__ import annotations

from fractions import Fraction

import pytest
from collect import Collect, Literals, make, planned, report, wire
from odd_nodes import Lighten, Over, Uneven

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.graph import NetNode
from flowgraph.plan import PoolClass
from flowgraph.pool import BufferPool, PoolError

GRAY = Format("gray", 8, 4)
NOW = Fraction(0)


def busy(frames: int, **facts: object) -> tuple[NetNode, ...]:
    """Histories, latency, a thinner clock, two rates, a still and two sinks."""
    source = Literals.model_validate(
        {"values": (3,) * frames, "noise": True, "width": 64, "height": 32, **facts}
    )
    other = Literals(values=(4,) * frames, noise=True, width=64, height=32, name="b", step=2)
    return (
        wire("v", source),
        wire("w", other),
        wire("f", Lighten(), image="v"),
        wire("o", Over(), image="v", still="f"),
        wire("d", make("delay", frames=12), image="o"),
        wire("a", make("advance", frames=3), image="o"),
        wire("m", make("mix", weights=[0.5, 0.25, 0.25]), image=("o", "d", "a")),
        wire("e", make("every", n=3), image="m"),
        wire("h", "hold", image="e", reference="m"),
        wire("i", "invert", image="w"),
        wire("al", "align", reference="h", image="i"),
        wire("n", "mix", image=("al", "m", "h")),
        wire("out", Collect(), image="n"),
        wire("o2", Collect(key="o2"), image="e"),
    )


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("facts", [{}, {"rereadable": False, "exact": False}])
def test_the_peak_does_not_depend_on_the_length(threads: int, facts: dict[str, object]) -> None:
    short, long = (report(*busy(frames, **facts), threads=threads) for frames in (40, 1000))
    assert short.bound_bytes == long.bound_bytes
    assert long.peak_pool_bytes <= long.bound_bytes
    if threads == 1:
        # How full the queues of two sources and two sinks get is the only thing that may differ.
        assert abs(long.peak_pool_bytes - short.peak_pool_bytes) <= 4 * 3 * 64 * 32


def test_the_peak_is_what_was_planned() -> None:
    """A plan that asked for more than a run ever uses would be no good bound."""
    nodes = (
        wire("v", Literals(values=(1,) * 60)),
        wire("u", Uneven(), image="v"),
        wire("d", make("delay", frames=4), image="u"),
        wire("m", "mix", image=("u", "d")),
        wire("out", Collect(), image="m"),
    )
    planned_bytes = sum(c.nbytes * c.count for pass_ in planned(*nodes, threads=1).passes for c in pass_.pool)
    outside = sum(
        count * 32 for pass_ in planned(*nodes, threads=1).passes for count in pass_.outside.values()
    )
    found = report(*nodes, threads=1)
    # The sink's queue is only as full as its writer is slow: that much may stay unused.
    assert planned_bytes + outside - 3 * 32 <= found.peak_pool_bytes <= planned_bytes + outside


def test_a_buffer_comes_back_when_the_last_frame_that_refers_to_it_goes() -> None:
    pool = BufferPool((PoolClass(32, 1),))
    frame: Frame | None = pool.frame(GRAY)
    assert frame is not None
    view: Frame | None = frame.view(GRAY, frame.planes).at(frame)
    memory = frame.data.ctypes.data
    del frame
    with pytest.raises(PoolError, match="all 1 buffers of 32 bytes are in use"):
        pool.frame(GRAY)
    del view
    assert pool.frame(GRAY).data.ctypes.data == memory
    assert pool.made_bytes == 32


def test_a_size_that_was_not_planned_is_refused() -> None:
    with pytest.raises(PoolError, match=r"the plan has no buffers of 8 bytes \(gray 4x2"):
        BufferPool((PoolClass(32, 1),)).frame(Format("gray", 4, 2))


def test_formats_of_one_size_share_buffers() -> None:
    pool = BufferPool((PoolClass(96, 1),))
    pool.frame(Format("bgr24", 8, 4))
    assert [plane.shape for plane in pool.frame(Format("gbrp", 8, 4)).planes] == [(4, 8)] * 3
    assert pool.made_bytes == 96


def test_a_readers_frames_are_counted_until_the_last_of_them_goes() -> None:
    pool = BufferPool((), {"v": 2})
    first: Frame | None = pool.adopt("v", new_frame(GRAY))
    second = pool.adopt("v", new_frame(GRAY))
    with pytest.raises(PoolError, match="more frames of source 'v' are alive than planned"):
        pool.adopt("v", new_frame(GRAY))
    del first
    third = pool.adopt("v", new_frame(GRAY))
    assert second.hold is not third.hold
