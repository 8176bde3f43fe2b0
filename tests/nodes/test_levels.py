"""levels."""

import numpy as np
import pytest

from flowgraph.node import Affine, Term
from flowgraph.testing import run_node
from flowgraph.units import Level
from flowgraph_nodes.levels import Levels

RAMP = np.arange(256, dtype=np.uint8).reshape(1, 256)


def test_limited_range_is_stretched_to_full_range() -> None:
    (out,) = run_node(Levels(in_black=Level(16), in_white=Level(235)), RAMP)
    np.testing.assert_array_equal(out.data, np.clip(np.rint((RAMP.astype(int) - 16) * 255 / 219), 0, 255))


def test_samples_outside_of_the_input_range_stop_at_the_output_range() -> None:
    node = Levels(in_black=Level(16), in_white=Level(235), out_black=Level(20), out_white=Level(100))
    (out,) = run_node(node, RAMP)
    expected = np.clip(np.rint(20 + (RAMP.astype(int) - 16) * 80 / 219), 20, 100)
    np.testing.assert_array_equal(out.data, expected)
    assert node.affine({"image": 1}) is None


def test_exchanged_output_levels_make_a_negative() -> None:
    node = Levels(out_black=Level(255), out_white=Level(0))
    (out,) = run_node(node, RAMP)
    np.testing.assert_array_equal(out.data, 255 - RAMP)
    assert node.affine({"image": 1}) == Affine((Term("image", -1.0),), 255.0)


def test_an_empty_input_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"in_black \(200\) must be below in_white \(50%\)"):
        Levels(in_black=Level(200), in_white=Level(50, percent=True)).check()
