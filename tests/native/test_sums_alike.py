"""Weighted sums have the same bits with the compiled kernels and without."""

import numpy as np
import pytest

from flowgraph import native
from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes.mix import Mix
from flowgraph_nodes.tmix import Tmix

PICTURES = np.random.default_rng(5).integers(0, 256, (9, 37, 61, 3), np.uint8)


@pytest.mark.parametrize(
    ("weights", "scale", "offset"),
    [
        ((2, -2), 1, 0),
        ((0.5, 0.5), 1, 0),
        ((0.5, -0.5), 1, 127.5),
        ((0.25, 0.5), 1, -3.125),
        ((60, -68), 1, 100),
        ((60, -69), 1, 100),  # sums of more than 15 bits
        ((0.3, 0.7), 1, 0),
        ((0.25, 0.25, 0.25, 0.25), 1, 0.5),
        ((-1, 0, 2), 1.5, 10),
        ((1, 1, 1, 1, 1, 1, 1, 1, 1), 1 / 9, 0),
        ((900, -800, 700), 0.01, 0),
    ],
)
def test_kernels_change_no_bit_of_a_mix(
    weights: tuple[float, ...], scale: float, offset: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = Mix(weights=weights, scale=scale, offset=offset)
    (found,) = run_node(node, *PICTURES[: len(weights)])
    monkeypatch.setattr(native, "available", lambda: False)
    (wanted,) = run_node(node, *PICTURES[: len(weights)])
    assert np.array_equal(found.data, wanted.data)


@pytest.mark.parametrize(
    ("frames", "weights", "scale"),
    [
        (3, (1,), 0),
        (5, (1,), 0),
        (9, (1,), 0),
        (3, (-1, 0, 1), 2),
        (3, (-1, 3, -1), 0.7),
        (4, (250, -9), 0.01),
    ],
)
def test_kernels_change_no_bit_of_a_mix_over_time(
    frames: int, weights: tuple[float, ...], scale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = Tmix(frames=frames, weights=weights, scale=scale)
    found = run_node(node, list(PICTURES))
    monkeypatch.setattr(native, "available", lambda: False)
    wanted = run_node(node, list(PICTURES))
    assert all(np.array_equal(a.data, b.data) for a, b in zip(found, wanted, strict=True))


def test_a_half_goes_to_the_even_level_wherever_it_lies() -> None:
    sums = np.arange(0, 511, dtype=np.int64)[None]
    first = np.minimum(sums, 255).astype(np.uint8)
    second = (sums - first).astype(np.uint8)
    wanted = np.rint(sums / 2).astype(np.uint8)
    for planes in ([first, second], [first, second, np.zeros_like(first)]):
        out = np.empty_like(first)
        native.divided_sum(planes, [1] * len(planes), 0, 2, out)
        assert np.array_equal(out, wanted)


def test_rows_may_lie_apart_and_an_input_may_be_the_output() -> None:
    room = PICTURES[:2].copy()
    first, second = room[0, 3:30, 5:40], room[1, 3:30, 5:40]
    kept: Plane = room.copy()
    kept[0, 3:30, 5:40] = np.clip(first.astype(int) - second + 9, 0, 255)
    native.divided_sum([first, second], [1, -1], 9, 1, first)
    assert np.array_equal(room, kept)
