"""Lines that fold."""

from typing import Any

import numpy as np
import pytest

from flowgraph_nodes._folding import Folding


def folded(indexes: range, most: int = 4, combine: Any = np.add) -> Folding:
    fold = Folding(most, (1,), "uint32", combine)
    for index in indexes:
        fold.add(index, np.array([index + 1]))
    return fold


@pytest.mark.parametrize(
    ("indexes", "sums", "counts"),
    [
        (range(4), [1, 2, 3, 4], [1, 1, 1, 1]),
        (range(5), [3, 7, 5], [2, 2, 1]),
        (range(8), [3, 7, 11, 15], [2, 2, 2, 2]),
        (range(9), [10, 26, 9], [4, 4, 1]),
        (range(1, 6), [2, 7, 11], [1, 2, 2]),
        (range(0, 50, 10), [12, 52, 41], [2, 2, 1]),
    ],
)
def test_neighbours_become_one_when_there_is_no_room(
    indexes: range, sums: list[int], counts: list[int]
) -> None:
    fold = folded(indexes)
    assert fold.lines[:, 0].tolist() == sums
    assert fold.counts.tolist() == counts


def test_the_least_and_the_largest_fold_too() -> None:
    assert folded(range(6), combine=np.minimum).lines[:, 0].tolist() == [1, 3, 5]
    assert folded(range(6), combine=np.maximum).lines[:, 0].tolist() == [2, 4, 6]


@pytest.mark.parametrize("step", [1, 3])
@pytest.mark.parametrize("cut", [1, 2, 5, 17, 30])
def test_two_stretches_merge_to_the_list_of_both(cut: int, step: int) -> None:
    first, both = folded(range(0, cut * step, step)), folded(range(0, 31 * step, step))
    first.merge(folded(range(cut * step, 31 * step, step)))
    np.testing.assert_array_equal(first.lines, both.lines)
    assert first.counts.tolist() == both.counts.tolist()


def test_its_memory_is_what_was_said() -> None:
    fold = Folding(100, (7, 3), "uint32", np.add)
    arrays = [value for value in vars(fold).values() if isinstance(value, np.ndarray)]
    assert sum(array.nbytes for array in arrays) == Folding.nbytes(100, (7, 3), "uint32")
