"""select."""

import numpy as np

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph.units import Level
from flowgraph_nodes.select import Select


def test_a_hard_mask_chooses_above_its_level(pictures: list[Plane]) -> None:
    mask, image, other = pictures[3][..., 0], pictures[0], pictures[2]
    (half,) = run_node(Select(), mask, image, other)
    np.testing.assert_array_equal(half.data, np.where(mask[..., None] > 127, image, other))
    (above,) = run_node(Select(level=Level(3)), mask, image[..., 1], other[..., 1])
    np.testing.assert_array_equal(above.data, np.where(mask > 3, image[..., 1], other[..., 1]))


def test_a_soft_mask_mixes_and_rounds(pictures: list[Plane]) -> None:
    mask, image, other = pictures[3][..., 0].astype(int)[..., None], pictures[0], pictures[2]
    expected = np.rint((image * mask + other * (255 - mask)) / 255)
    (colour,) = run_node(Select(soft=True), pictures[3][..., 0], image, other)
    np.testing.assert_array_equal(colour.data, expected)
    (gray,) = run_node(Select(soft=True), pictures[3][..., 0], image[..., 1], other[..., 1])
    np.testing.assert_array_equal(gray.data, expected[..., 1])


def test_a_soft_mask_is_exact_where_both_pictures_are_extreme(pairs: tuple[Plane, Plane]) -> None:
    mask, other = pairs
    (out,) = run_node(Select(soft=True), mask, np.full_like(mask, 255), other)
    expected = np.rint((255 * mask.astype(int) + other * (255 - mask.astype(int))) / 255)
    np.testing.assert_array_equal(out.data, expected)
