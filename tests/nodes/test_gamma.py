"""gamma."""

from collections.abc import Callable

import pytest

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes.gamma import Gamma


@pytest.mark.parametrize(("gamma", "expected"), [(1.7, "b0dd668c3e35499b"), (0.45, "0e967e04bb6cca4a")])
def test_bits_are_those_of_imagemagick(
    gamma: float, expected: str, pictures: list[Plane], digest: Callable[[Plane], str]
) -> None:
    # ImageMagick 6.9.11-60 Q16: convert 0.ppm -gamma G out.ppm
    (out,) = run_node(Gamma(gamma=gamma), pictures[0])
    assert digest(out.data) == expected
