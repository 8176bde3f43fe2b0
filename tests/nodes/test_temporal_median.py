"""coarse_median and temporal_median."""

import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import STILL, Formats
from flowgraph.testing import run_node
from flowgraph_nodes._sixteenths import Counts
from flowgraph_nodes.coarse_median import CoarseMedian
from flowgraph_nodes.temporal_median import TemporalMedian


@pytest.mark.parametrize("frames", [1, 2, 4, 5])
def test_in_two_readings_it_is_the_lower_one_of_the_middle(frames: int, pictures: list[Plane]) -> None:
    exact = np.sort(pictures[:frames], axis=0)[(frames - 1) // 2]
    (coarse,) = run_node(CoarseMedian(), pictures[:frames])
    np.testing.assert_array_equal(coarse.data, exact & 0xF0)
    (median,) = run_node(TemporalMedian(), pictures[:frames], coarse.data)
    np.testing.assert_array_equal(median.data, exact)


def test_gray_streams_and_many_frames_are_exact_too() -> None:
    frames = list(np.random.default_rng(3).integers(0, 256, (300, 9, 250), dtype=np.uint8))
    (coarse,) = run_node(CoarseMedian(), frames)
    (median,) = run_node(TemporalMedian(), frames, coarse.data)
    np.testing.assert_array_equal(median.data, np.sort(frames, axis=0)[149])


def test_counters_are_as_wide_as_the_stream_is_long() -> None:
    image = {"image": (Format("gray", 10, 10),)}
    sizes = [CoarseMedian().state_bytes(Formats(image, frames=n)) for n in (1, 65535, 65536, None)]
    assert [size - sizes[0] for size in sizes] == [0, 0, 100 * 16 * 2, 100 * 16 * 2]


def test_the_plan_says_why_counters_are_wide() -> None:
    image = {"image": (Format("gray", 10, 10),)}
    assert TemporalMedian().notes(Formats(image, frames=65535)) == ()
    (known,) = TemporalMedian().notes(Formats(image, frames=90_000))
    (unknown,) = TemporalMedian().notes(Formats(image))
    assert known.startswith("up to 90,000 frames may come, so it counts in 32 bits")
    assert unknown.startswith("nobody knows how many frames will come, so it counts in 32 bits")


def test_seventy_thousand_frames_are_counted_exactly() -> None:
    """Of three values a median that counts in 16 bits would lose one: 70000 ones, and twice 69999."""
    formats = Formats({"image": (Format("gray", 1, 1),)}, frames=210_000)
    counts = Counts(formats, 16)
    for value, times in ((3, 69_999), (7, 70_000), (11, 69_999)):
        counts.counts[0, value] = times - 1
        counts.took(times - 1)
        counts.took(1)
        counts.count(slice(0, 1), np.full(1, value, np.uint8))
    ((_, bins),) = counts.middle()
    assert (bins.tolist(), counts.frames) == ([7], 209_998)


def test_more_frames_than_the_source_told_of_are_refused_and_never_counted_wrong() -> None:
    counts = Counts(Formats({"image": (Format("gray", 1, 1),)}, frames=1000), 16)
    counts.took(65535)
    with pytest.raises(
        ValueError, match=r"told of fewer frames than come: .* made for 65535; keep every n-th"
    ):
        counts.took(1)


def test_the_first_reading_is_put_in_front() -> None:
    (implied,) = TemporalMedian().implies().values()
    assert (implied.type, implied.reads) == ("coarse_median", "image")


def test_the_states_are_as_large_as_declared_and_the_results_stills() -> None:
    formats = Formats({"image": (Format("bgr24", 333, 77),)}, frames=99)
    coarse, fine = CoarseMedian(), TemporalMedian()
    counts, kept = fine.start(formats)
    assert held(counts) + len(kept) == fine.state_bytes(formats)
    assert held(coarse.start(formats)) == coarse.state_bytes(formats)
    assert (coarse.clock(), fine.clock()) == (STILL, STILL)


def held(counts: Counts) -> int:
    return sum(value.nbytes for value in vars(counts).values() if isinstance(value, np.ndarray))
