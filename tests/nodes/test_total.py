"""total."""

import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import STILL, Formats
from flowgraph.testing import run_node
from flowgraph_nodes.total import Total


@pytest.mark.parametrize("gamma", [0.5, 1, 2.2])
def test_the_largest_sum_is_white(gamma: float, pictures: list[Plane]) -> None:
    (out,) = run_node(Total(gamma=gamma), pictures)
    sums = np.sum(pictures, axis=0, dtype=float)
    np.testing.assert_array_equal(out.data, np.rint(255 * (sums / sums.max()) ** gamma))


def test_no_motion_at_all_is_black() -> None:
    (out,) = run_node(Total(), [np.zeros((3, 4), np.uint8)] * 3)
    assert not out.data.any()


def test_sums_go_on_after_16_bits_are_full() -> None:
    frames = [np.array([[255, 51]], np.uint8)] * 600
    (out,) = run_node(Total(), frames)
    assert out.data.tolist() == [[255, 51]]


def test_the_state_is_as_large_as_declared_and_the_result_a_still() -> None:
    node, formats = Total(), Formats({"image": (Format("gray", 333, 77),)})
    arrays = [value for value in vars(node.start(formats)).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in arrays) == node.state_bytes(formats)
    assert node.clock() == STILL
