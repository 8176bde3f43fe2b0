"""average."""

import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.node import Affine, Term
from flowgraph.testing import run_node
from flowgraph_nodes.average import Average


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_it_is_the_mean_half_rounded_to_even(count: int, pictures: list[Plane]) -> None:
    (out,) = run_node(Average(), *[[picture] for picture in pictures[:count]])
    np.testing.assert_array_equal(out.data, np.rint(np.sum(pictures[:count], axis=0, dtype=int) / count))


def test_equal_weights_are_declared() -> None:
    assert Average().affine({"image": 2}) == Affine((Term("image", 0.5, 0), Term("image", 0.5, 1)))
