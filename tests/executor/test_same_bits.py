"""Threads, memory limits and optimisations leave the bits alone, and the bits are right."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import pytest
from collect import COLLECTED, Collect, Literals, digest, make, planned, report, wire
from hypothesis import HealthCheck, given, settings
from odd_nodes import Running, Uneven
from random_graphs import Graph, graphs

from flowgraph.plan import Result

PROPERTY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def no_grants(self: object, at: int, step: object, result: Result) -> Result:
    """Stands in for in-place grants: every output gets a buffer of its own."""
    return result


@PROPERTY
@given(graphs())
def test_a_random_graph_means_the_same_streamed_as_on_whole_streams(graph: Graph) -> None:
    found = report(*graph.nodes, threads=1)
    for name, stream in graph.sinks.items():
        got = COLLECTED[name].frames
        assert [frame.index for frame in got] == [index for index, _ in stream]
        for frame, (_, picture) in zip(got, stream, strict=True):
            np.testing.assert_array_equal(frame.data, picture)
    assert found.peak_pool_bytes <= found.bound_bytes


@PROPERTY
@given(graphs())
def test_a_random_graph_gives_the_same_bits_on_threads_and_in_little_memory(graph: Graph) -> None:
    report(*graph.nodes, threads=1)
    want = digest()
    for threads in (2, 4):
        found = report(*graph.nodes, threads=threads)
        assert digest() == want
        assert found.peak_pool_bytes <= found.bound_bytes
    lean = planned(*graph.nodes, threads=1).bound_bytes
    report(*graph.nodes, threads=4, max_memory=lean)
    assert digest() == want


@PROPERTY
@given(graphs())
def test_working_in_place_never_destroys_what_is_still_needed(graph: Graph) -> None:
    report(*graph.nodes, threads=1)
    want = digest()
    with patch("flowgraph.passes.allocate._Lifetimes.granted", no_grants):
        report(*graph.nodes, threads=1)
    assert digest() == want


def test_two_views_of_one_buffer_are_read_before_it_is_written_over() -> None:
    nodes = (
        wire("v", Literals(values=(5,) * 4, noise=True)),
        wire("r", Running(), image="v"),
        wire("a", make("crop", x=0, width=6), image="r"),
        wire("b", make("crop", x=2, width=6), image="r"),
        wire("m", make("mix", weights=[1, -1], offset=100), image=("b", "a")),
        wire("out", Collect(), image="m"),
    )
    report(*nodes)
    for k, frame in enumerate(COLLECTED["out"].frames):
        noise = np.random.default_rng([5, k]).integers(0, 256, (4, 8), np.uint8) + np.uint8(k + 1)
        wanted = np.clip(noise[:, 2:8].astype(int) - noise[:, 0:6] + 100, 0, 255)
        np.testing.assert_array_equal(frame.data, wanted)


@pytest.mark.parametrize("pixel", ["gray", "yuv420p"])
def test_a_thousand_frames_on_four_threads_twenty_times(pixel: str) -> None:
    nodes = (
        wire("v", Literals(values=(3,) * 1000, noise=True, pixel=pixel)),
        wire("d", make("delay", frames=5), image="v"),
        wire("a", make("advance", frames=2), image="v"),
        wire("m", make("mix", weights=[0.5, 0.25, 0.25]), image=("v", "d", "a")),
        wire("i", "invert", image="m"),
        wire("t", make("tmix", frames=3), image="i"),
        wire("e", make("every", n=3), image="t"),
        wire("h", "hold", image="e", reference="i"),
        wire("n", make("mix", weights=[1, -1], offset=100), image=("h", "i")),
        wire("s", make("stack"), images=("n", "m")),
        wire("out", Collect(), image="s"),
        wire("o2", Collect(key="o2"), image="e"),
    )
    report(*nodes, threads=1)
    want = digest()
    assert len(COLLECTED["out"].frames) == 1000
    for _ in range(20 if pixel == "gray" else 2):
        report(*nodes, threads=4)
        assert digest() == want


def test_a_slow_pure_node_is_overtaken_without_changing_the_order() -> None:
    nodes = (
        wire("v", Literals(values=tuple(range(0, 240, 2)), width=16, height=16)),
        wire("u", Uneven(), image="v"),
        wire("d", make("delay", frames=3), image="u"),
        wire("r", Running(), image="d"),
        wire("out", Collect(), image="r"),
    )
    report(*nodes, threads=1)
    want = digest()
    report(*nodes, threads=4)
    assert digest() == want
