"""Bands of rows give the bits of the whole, for any number of threads and any limit of memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from collect import COLLECTED, Collect, Literals, digest, make, planned, report, wire

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode

SEEDS = tuple(range(30, 37))
HEIGHT, WIDTH = 61, 300
NOISE = Literals(values=SEEDS, noise=True, pixel="bgr24", width=WIDTH, height=HEIGHT)
OUT = wire("out", Collect(), image="m")
MEDIAN = (
    wire("v", NOISE),
    wire("c", "coarse_median", image="v"),
    wire("m", "temporal_median", image="v", coarse="c"),
    OUT,
)


def limits(*nodes: NetNode, most: int) -> list[int]:
    """Limits of memory for ever more passes, up to `most`."""
    allowed = planned(*nodes, threads=1).bound_bytes
    found: dict[int, int] = {}
    while max(found, default=0) < most:
        try:
            found.setdefault(len(planned(*nodes, threads=1, max_memory=allowed).passes), allowed)
        except GraphError:
            break
        allowed = allowed * 97 // 100
    return list(found.values())


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_a_median_in_bands_is_the_median(threads: int) -> None:
    shape = (HEIGHT, WIDTH, 3)
    pictures = [
        np.random.default_rng([seed, at]).integers(0, 256, shape, np.uint8) for at, seed in enumerate(SEEDS)
    ]
    found = limits(*MEDIAN, most=9)
    assert len(found) >= 4
    for allowed in found:
        report(*MEDIAN, threads=threads, max_memory=allowed)
        (frame,) = COLLECTED["out"].frames
        np.testing.assert_array_equal(frame.data, np.sort(pictures, axis=0)[(len(SEEDS) - 1) // 2])


@pytest.mark.parametrize("mode", ["mean", "median"])
def test_each_flatten_in_bands_is_the_same(mode: str) -> None:
    nodes = (wire("v", NOISE), wire("m", make("flatten", mode=mode), image="v"), OUT)
    whole, *bands = limits(*nodes, most=4)
    assert bands
    report(*nodes, threads=2, max_memory=whole)
    bits = digest()
    for allowed in bands:
        report(*nodes, threads=2, max_memory=allowed)
        assert digest() == bits


@pytest.mark.parametrize("change", [{"rereadable": False, "exact": False}, {"rereadable": False}])
def test_a_source_that_can_not_be_read_again_is_stored_for_all_bands(change: dict[str, Any]) -> None:
    nodes = (wire("v", NOISE.model_copy(update=change)), *MEDIAN[1:])
    report(*MEDIAN, threads=1)
    bits = digest()
    for allowed in limits(*nodes, most=5):
        report(*nodes, threads=2, max_memory=allowed)
        assert digest() == bits


@pytest.mark.parametrize("pixel", ["yuv420p", "yuv410p", "gray"])
def test_bands_of_a_decoders_planes_are_those_of_the_picture(pixel: str) -> None:
    source = wire("v", NOISE.model_copy(update={"pixel": pixel, "matrix": "bt709"}))
    nodes = (source, *MEDIAN[1:])
    first, *others = limits(*nodes, most=5)
    report(*nodes, threads=1, max_memory=first)
    bits = digest()
    for allowed in others:
        report(*nodes, threads=1, max_memory=allowed)
        assert digest() == bits
