"""multiply."""

from collections.abc import Callable

import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes.multiply import Multiply


def test_all_pairs_are_imagemagicks_product_on_16_bits(pairs: tuple[Plane, Plane]) -> None:
    image, mask = (plane.astype(np.int64) * 257 for plane in pairs)
    wide = (2 * image * mask + 65535) // (2 * 65535)
    (out,) = run_node(Multiply(), *pairs)
    np.testing.assert_array_equal(out.data, (wide + 128 - ((wide + 128) >> 8)) >> 8)


def test_bits_are_those_of_imagemagick(pictures: list[Plane], digest: Callable[[Plane], str]) -> None:
    # ImageMagick 6.9.11-60 Q16: convert 0.ppm MASK -compose multiply -flatten out.ppm; the gray mask is the
    # blue channel of the fourth picture, the coloured one the second picture.
    (gray,) = run_node(Multiply(), pictures[0], pictures[3][..., 0])
    (colour,) = run_node(Multiply(), pictures[0], pictures[1])
    assert (digest(gray.data), digest(colour.data)) == ("f1feecce1fd5e46a", "7cce5ea4500a2a2d")


def test_a_gray_picture_needs_a_gray_mask(pictures: list[Plane]) -> None:
    with pytest.raises(ValueError, match="gray picture needs a gray mask"):
        run_node(Multiply(), pictures[0][..., 0], pictures[1])
