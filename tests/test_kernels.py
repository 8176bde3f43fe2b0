"""kernels."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowgraph.frame import Plane
from flowgraph.kernels import BAND_SAMPLES, affine, affine_scratch, affine_table, row_bands

FIRST, SECOND = np.indices((256, 256), dtype=np.uint8)


def working(shape: Sequence[int], count: int) -> Mapping[str, Plane]:
    return {name: np.full(size, 7, kind) for name, (size, kind) in affine_scratch(shape, count).items()}


def computed(planes: Sequence[Plane], weights: Sequence[float], offset: float) -> Plane:
    out = np.full_like(planes[0], 99)
    affine(planes, weights, offset, out, working(out.shape, len(planes)))
    return out


def exact(planes: Sequence[Plane], weights: Sequence[str], offset: str) -> Plane:
    """The sum in whole numbers, half rounded to even."""
    fractions = [Fraction(weight) for weight in weights]
    q = lcm(*(f.denominator for f in fractions), Fraction(offset).denominator)
    total = sum(int(f * q) * plane.astype(np.int64) for f, plane in zip(fractions, planes, strict=True))
    floor, rest = np.divmod(total + int(Fraction(offset) * q), q)
    up = (2 * rest > q) | ((2 * rest == q) & (floor % 2 == 1))
    found: Plane = np.clip(floor + up, 0, 255).astype(np.uint8)
    return found


@pytest.mark.parametrize(
    ("weights", "offset"),
    [
        (("1/2", "1/2"), "0"),
        (("1/2", "-1/2"), "255/2"),
        (("1", "-1"), "0"),
        (("2", "-2"), "0"),
        (("-4", "4"), "0"),
        (("2", "-2"), "1/2"),
        (("3/10", "7/10"), "0"),
        (("1/3", "2/3"), "0"),
        (("1/3", "2/3"), "1/2"),
        (("1/6", "5/6"), "0"),
        (("17/10", "-2/5"), "33/10"),
        (("1", "1"), "0"),
        (("1", "1"), "-128"),
        (("-1", "-1"), "400"),
        (("999/1000", "1/1000"), "0"),
        (("100", "-100"), "3"),
        (("1", "0"), "0"),
        (("0", "-1"), "255"),
        (("13/10", "0"), "-192/5"),
        (("1/2", "0"), "1/2"),
    ],
)
def test_two_weights_are_exact_on_all_pairs(weights: tuple[str, str], offset: str) -> None:
    numbers = [float(Fraction(weight)) for weight in weights]
    found = computed([FIRST, SECOND], numbers, float(Fraction(offset)))
    np.testing.assert_array_equal(found, exact([FIRST, SECOND], weights, offset))


def test_irrational_weights_are_summed_in_float64() -> None:
    found = computed([FIRST, SECOND], [2**0.5, -(3**0.5)], 0.1)
    expected = np.clip(np.rint(FIRST * 2**0.5 - SECOND * 3**0.5 + 0.1), 0, 255)
    np.testing.assert_array_equal(found, expected)


def test_a_weight_that_floats_miss_counts_as_its_fraction() -> None:
    # 0.1 * 3 is not 0.3 in floating point, and 5 * 0.3 must still be the tie 1.5.
    assert computed([np.full((1, 1), 5, np.uint8)], [0.1 * 3], 0).item() == 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-40, 40), min_size=1, max_size=7),
    st.integers(1, 30),
    st.integers(-3000, 3000),
    st.integers(0, 2**32 - 1),
)
def test_any_fractions_are_exact(numerators: list[int], denominator: int, offset: int, seed: int) -> None:
    planes = list(np.random.default_rng(seed).integers(0, 256, (len(numerators), 5, 9, 3), dtype=np.uint8))
    found = computed(planes, [n / denominator for n in numerators], offset / denominator)
    fractions = [f"{n}/{denominator}" for n in numerators]
    np.testing.assert_array_equal(found, exact(planes, fractions, f"{offset}/{denominator}"))


def test_out_may_be_any_of_the_inputs() -> None:
    planes = list(np.random.default_rng(1).integers(0, 256, (3, 300, 500), dtype=np.uint8))
    for weights in ([1, 0, 0], [0, -1, 0], [0.5, 0, 0.5], [0, 2, -2], [0.3, 0.3, 0.4], [2**0.5, -1, 0.1]):
        expected = computed(planes, weights, 0.5)
        for target in range(3):
            copies = [plane.copy() for plane in planes]
            affine(copies, weights, 0.5, copies[target], working(planes[0].shape, 3))
            np.testing.assert_array_equal(copies[target], expected)


def test_views_with_padded_rows_and_read_only_inputs_are_taken() -> None:
    wide = np.random.default_rng(2).integers(0, 256, (3, 40, 70, 3), dtype=np.uint8)
    planes = [plane[:, :61] for plane in wide]
    expected = computed([plane.copy() for plane in planes], [0.2, 0.3, 0.4], 1)
    wide.flags.writeable = False
    out = np.zeros((40, 99, 3), np.uint8)
    affine(planes, [0.2, 0.3, 0.4], 1, out[:, :61], working(planes[0].shape, 3))
    np.testing.assert_array_equal(out[:, :61], expected)
    assert not out[:, 61:].any()


def test_without_inputs_the_offset_is_what_comes_out() -> None:
    out = np.zeros((2, 3), np.uint8)
    affine([], [], 127.5, out, {})
    assert out.tolist() == [[128] * 3] * 2


def test_a_table_holds_the_result_of_each_sample() -> None:
    assert affine_table(-2, 300)[[0, 22, 23, 100, 150, 255]].tolist() == [255, 255, 254, 100, 0, 0]


def test_bands_cover_all_rows_once_and_hold_at_least_one() -> None:
    assert [rows for rows, _ in row_bands((3, BAND_SAMPLES + 1))] == [slice(0, 1), slice(1, 2), slice(2, 3)]
    assert [shape for _, shape in row_bands((5, BAND_SAMPLES // 4, 2))] == [
        (2, BAND_SAMPLES // 2),
        (2, BAND_SAMPLES // 2),
        (1, BAND_SAMPLES // 2),
    ]
