"""Checksums that are compared, and frames that are measured."""

from __future__ import annotations

import numpy as np

from flowgraph.frame import Format, Frame, new_frame
from flowgraph.sums import frame_sum
from flowgraph_tools.compare import Measured, NodeDifference, compare_sums, measure
from flowgraph_tools.record import NodeSums

GRAY = Format("gray", 4, 2)


def sums(indexes: list[int], values: list[int], format: str = "gray 4x2") -> NodeSums:
    return NodeSums("blur", format, np.array(indexes, np.int64), np.array(values, np.uint64))


def gray(*samples: int) -> Frame:
    frame = new_frame(GRAY)
    frame.data[:] = np.array(samples, np.uint8).reshape(2, 4)
    return frame


def test_the_first_node_and_frame_that_differ_are_named_in_the_order_of_flow() -> None:
    a = {"out": sums([0, 1], [5, 6]), "soft": sums([0, 1], [1, 2]), "video": sums([0, 1], [8, 9])}
    b = {"out": sums([0, 1], [7, 7]), "soft": sums([0, 1], [1, 3]), "video": sums([0, 1], [8, 9])}
    found = compare_sums(a, b, ["video", "soft", "out"])
    assert found.alike == ("video",)
    assert found.different == (
        NodeDifference("soft", "blur", 1, 1, 2, ("gray 4x2", "gray 4x2")),
        NodeDifference("out", "blur", 0, 2, 2, ("gray 4x2", "gray 4x2")),
    )


def test_frames_that_one_run_lacks_count_as_different() -> None:
    found = compare_sums({"x": sums([0, 1, 2], [1, 2, 3])}, {"x": sums([0, 2], [1, 3])}, ["x"])
    assert found.different == (NodeDifference("x", "blur", 1, 1, 3, ("gray 4x2", "gray 4x2"), "A"),)


def test_of_sampled_runs_only_common_frames_count() -> None:
    found = compare_sums({"x": sums([0, 4], [1, 2])}, {"x": sums([0, 3], [1, 7])}, ["x"], sampled=True)
    assert found.alike == ("x",)


def test_another_format_is_a_difference_whatever_the_samples() -> None:
    found = compare_sums({"x": sums([0], [1])}, {"x": sums([0], [1], "gray 2x4")}, ["x"])
    assert found.different[0].formats == ("gray 4x2", "gray 2x4")


def test_nodes_of_one_run_only_are_listed() -> None:
    found = compare_sums({"x": sums([0], [1])}, {"y": sums([0], [1])}, ["x"])
    assert (found.only_a, found.only_b) == (("x",), ("y",))


def test_samples_that_differ_are_counted_and_measured() -> None:
    found = measure(gray(0, 0, 0, 0, 10, 10, 10, 10), gray(0, 0, 0, 4, 10, 10, 10, 6))
    assert found == Measured(differing=2, samples=8, most=4, mean=1.0)


def test_frames_of_other_pixel_formats_are_measured_in_rgb() -> None:
    white = new_frame(Format("bgr24", 4, 2))
    white.data[:] = 200
    assert measure(gray(*[200] * 8), white) == Measured(0, 24, 0, 0, in_rgb=True)


def test_frames_of_other_sizes_have_no_measure() -> None:
    assert measure(new_frame(GRAY), new_frame(Format("gray", 2, 4))) is None


def test_equal_frames_have_equal_sums_whatever_their_padding() -> None:
    frame = gray(1, 2, 3, 4, 5, 6, 7, 8)
    wide = np.zeros((2, 16), np.uint8)
    wide[:, :4] = frame.data
    assert frame_sum([frame]) == frame_sum([frame.view(GRAY, (wide[:, :4],))])
    assert frame_sum([frame]) != frame_sum([gray(1, 2, 3, 4, 5, 6, 8, 7)])
