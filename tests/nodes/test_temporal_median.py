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


def test_more_frames_than_the_counters_hold_are_refused() -> None:
    counts = Counts((1, 1), 16)
    counts.took(65535)
    with pytest.raises(ValueError, match="at most 65535 frames; keep every n-th"):
        counts.took(1)


def test_the_first_reading_is_put_in_front() -> None:
    (implied,) = TemporalMedian().implies().values()
    assert (implied.type, implied.reads) == ("coarse_median", "image")


def test_the_states_are_as_large_as_declared_and_the_results_stills() -> None:
    formats = Formats({"image": (Format("bgr24", 333, 77),)})
    coarse, fine = CoarseMedian(), TemporalMedian()
    counts, kept = fine.start(formats)
    assert held(counts) + len(kept) == fine.state_bytes(formats)
    assert held(coarse.start(formats)) == coarse.state_bytes(formats)
    assert (coarse.clock(), fine.clock()) == (STILL, STILL)


def held(counts: Counts) -> int:
    return sum(value.nbytes for value in vars(counts).values() if isinstance(value, np.ndarray))
