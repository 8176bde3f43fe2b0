"""flip."""

from typing import Literal

import numpy as np
import pytest

from flowgraph.frame import Format, new_frame
from flowgraph.testing import run_node
from flowgraph_nodes.flip import Flip

Direction = Literal["horizontal", "vertical", "both"]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("horizontal", [[3, 2, 1], [6, 5, 4]]),
        ("vertical", [[4, 5, 6], [1, 2, 3]]),
        ("both", [[6, 5, 4], [3, 2, 1]]),
    ],
)
def test_directions(direction: Direction, expected: list[list[int]]) -> None:
    (out,) = run_node(Flip(direction=direction), np.array([[1, 2, 3], [4, 5, 6]], np.uint8))
    assert out.data.tolist() == expected


def test_channels_stay_in_their_order() -> None:
    (out,) = run_node(Flip(), np.array([[[1, 2, 3], [4, 5, 6]]], np.uint8))
    assert out.data.tolist() == [[[4, 5, 6], [1, 2, 3]]]


def test_every_plane_is_mirrored() -> None:
    image = new_frame(Format("yuv420p", 4, 1))
    for plane in image.planes:
        plane[...] = np.arange(plane.shape[1])
    (out,) = run_node(Flip(), image)
    assert [plane.tolist() for plane in out.planes] == [[[3, 2, 1, 0]], [[1, 0]], [[1, 0]]]


@pytest.mark.parametrize(
    ("direction", "pixel", "size", "accepted"),
    [
        ("horizontal", "yuv420p", (4, 3), True),
        ("horizontal", "yuv420p", (3, 4), False),
        ("vertical", "yuv420p", (4, 3), False),
        ("vertical", "yuv420p", (3, 4), True),
        ("both", "yuv422p", (4, 3), True),
        ("both", "yuv420p", (4, 3), False),
        ("both", "yuv444p", (3, 3), True),
        ("both", "grayf32le", (3, 3), True),
    ],
)
def test_chroma_samples_must_end_with_the_picture(
    direction: Direction, pixel: str, size: tuple[int, int], accepted: bool
) -> None:
    assert Flip(direction=direction).accepts("image", Format(pixel, *size)) is accepted
