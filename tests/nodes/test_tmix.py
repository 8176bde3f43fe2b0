"""tmix."""

from collections.abc import Callable

import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.node import Affine, Term
from flowgraph.testing import run_node
from flowgraph_nodes.tmix import Tmix


@pytest.mark.parametrize(
    ("frames", "weights", "scale"),
    [
        (3, (-1, 0, 1), 2),
        (5, (-1, 0, 0, 0, 1), 2),
        (3, (1,), 0),
        (9, (1, 2, 3), 0),
        (4, (0.3, 0.2, -0.1), 1.7),
        (7, (0.1, 0.7), 0),
        (2, (1, -1), 0.3),
        (5, (1,), 0),
    ],
)
def test_bits_are_those_of_libavfilter(
    frames: int,
    weights: tuple[float, ...],
    scale: float,
    libavfilter: Callable[..., list[Plane]],
    pictures: list[Plane],
) -> None:
    stream = [np.ascontiguousarray(picture[..., 0]) for picture in (*pictures, *pictures[::-1])]
    arguments = f"frames={frames}:weights={' '.join(map(str, weights))}:scale={scale}"
    out = run_node(Tmix(frames=frames, weights=weights, scale=scale), stream)
    expected = libavfilter("tmix", arguments, stream)
    assert len(out) == len(expected) == len(stream)
    for frame, plane in zip(out, expected, strict=True):
        np.testing.assert_array_equal(frame.data, plane)


def test_ties_of_equal_weights_round_to_even() -> None:
    # FFmpeg 5 does so; libavfilter 11 has a path of its own for equal weights, which rounds up.
    stream = [np.full((1, 1), value, np.uint8) for value in (0, 1, 2, 3)]
    out = run_node(Tmix(frames=2), stream)
    assert [frame.data.item() for frame in out] == [0, 0, 2, 2]


def test_what_got_brighter_is_doubled_on_all_pairs(pairs: tuple[Plane, Plane]) -> None:
    old, new = pairs
    out = run_node(Tmix(frames=2, weights=(-1, 1), scale=2), [old, new])
    np.testing.assert_array_equal(out[1].data, np.clip(2 * (new.astype(int) - old), 0, 255))


def test_weights_over_time_are_declared_newest_at_tap_zero() -> None:
    declared = Tmix(frames=3, weights=(-1, 0, 1), scale=2).affine({"image": 1})
    assert declared == Affine((Term("image", -2.0, tap=2), Term("image", 2.0, tap=0)))


def test_weights_that_sum_to_zero_need_a_scale() -> None:
    with pytest.raises(ValueError, match=r"sum to zero.*give one"):
        Tmix(frames=4, weights=(-1, 0, 0, 1)).check()
    Tmix(frames=4, weights=(-1, 0, 0, 1), scale=1).check()


def test_more_weights_than_frames_are_refused() -> None:
    with pytest.raises(ValueError, match="3 weights for 2 frames"):
        Tmix(frames=2, weights=(1, 2, 3)).check()


def test_one_frame_has_its_weight_too() -> None:
    (out,) = run_node(Tmix(frames=1, weights=(3,), scale=0.5), np.array([[10, 11]], np.uint8))
    assert out.data.tolist() == [[15, 16]]


def test_weights_of_zero_alone_give_black() -> None:
    out = run_node(Tmix(frames=2, weights=(0,), scale=0.3), [np.full((1, 1), 200, np.uint8)] * 2)
    assert [frame.data.item() for frame in out] == [0, 0]
