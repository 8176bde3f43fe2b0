"""absdiff."""

import numpy as np

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes.absdiff import Absdiff


def test_all_pairs_give_their_distance(pairs: tuple[Plane, Plane]) -> None:
    (out,) = run_node(Absdiff(), *pairs)
    np.testing.assert_array_equal(out.data, np.abs(np.subtract(*pairs, dtype=int)))
