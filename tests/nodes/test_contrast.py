"""contrast."""

import numpy as np
import pytest

from flowgraph.node import Affine, Term
from flowgraph.testing import run_node
from flowgraph_nodes.contrast import Contrast

RAMP = np.arange(256, dtype=np.uint8).reshape(1, 256)


@pytest.mark.parametrize(("amount", "brightness"), [(1.25, 5), (0.5, 0), (3, -40), (0, 0), (1, 0)])
def test_samples_move_away_from_mid_gray(amount: float, brightness: float) -> None:
    node = Contrast(amount=amount, brightness=brightness)
    (out,) = run_node(node, RAMP)
    expected = np.clip(np.rint((RAMP.astype(float) - 128) * amount + 128 + brightness), 0, 255)
    np.testing.assert_array_equal(out.data, expected)


def test_weight_and_offset_are_declared() -> None:
    declared = Contrast(amount=1.25, brightness=5).affine({"image": 1})
    assert declared == Affine((Term("image", 1.25),), -27.0)
