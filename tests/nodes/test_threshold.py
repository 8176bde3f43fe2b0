"""threshold."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph.units import Level
from flowgraph_nodes.threshold import Threshold

RAMP = np.arange(256, dtype=np.uint8).reshape(1, 256)


@pytest.mark.parametrize(
    ("level", "compare", "first"),
    [
        (Level(13), ">", 14),
        (Level(13), ">=", 13),
        (Level(12.75), ">", 13),
        (Level(12.75), ">=", 13),
        (Level(5, percent=True), ">", 13),
        (Level(20, percent=True), ">", 52),
        (Level(50, percent=True), ">", 128),
        (Level(0), ">", 1),
        (Level(0), ">=", 0),
        (Level(255), ">", 256),
        (Level(100, percent=True), ">=", 256),
    ],
)
def test_white_begins_at_the_first_sample_that_passes(
    level: Level, compare: Literal[">", ">="], first: int
) -> None:
    (out,) = run_node(Threshold(level=level, compare=compare), RAMP)
    np.testing.assert_array_equal(out.data, np.where(RAMP.astype(int) < first, 0, 255))


def test_sixteen_bits_are_compared_with_a_share_of_65536() -> None:
    picture = np.array([[0, 13106, 13107, 13108, 65535]], np.uint16)
    (out,) = run_node(Threshold(level=Level(20, percent=True)), picture)
    assert out.data.tolist() == [[0, 0, 0, 65535, 65535]]


def test_what_passes_or_does_not_may_be_kept_or_set() -> None:
    picture = np.array([[0, 12, 13, 200]], np.uint8)

    def out(below: Level | Literal["input"], above: Level | Literal["input"]) -> list[int]:
        node = Threshold(level=Level(13), compare=">=", below=below, above=above)
        found: list[int] = run_node(node, picture)[0].data[0].tolist()
        return found

    assert out(Level(0), "input") == [0, 0, 13, 200]
    assert out("input", Level(255)) == [0, 12, 255, 255]
    assert out(Level(255), Level(0)) == [255, 255, 0, 0]
    assert out(Level(100, percent=True), "input") == [255, 255, 13, 200]


@pytest.mark.parametrize(("percent", "first"), [(0, 1), (20, 13108), (50, 32769), (100, 65536)])
def test_sixteen_bits_become_black_and_white(percent: float, first: int) -> None:
    samples = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    (out,) = run_node(Threshold(level=Level(percent, percent=True)), samples)
    np.testing.assert_array_equal(out.data, np.where(samples < first, 0, 65535))


def test_values_are_scaled_to_sixteen_bits() -> None:
    node = Threshold(level=Level(50, percent=True), below=Level(10, percent=True), above="input")
    assert run_node(node, np.array([[5, 40000]], np.uint16))[0].data.tolist() == [[6554, 40000]]


@pytest.mark.parametrize(
    ("percent", "expected"), [(5, "4cb4a34fc62e960e"), (33.3, "2c5839de65b58418"), (50, "29d00a1fa8bb0485")]
)
def test_luma_gives_the_mask_that_imagemagick_gives(
    percent: float, expected: str, pictures: list[Plane], digest: Callable[[Plane], str]
) -> None:
    # ImageMagick 6.9.11-60 Q16: convert 0.ppm -threshold P%, one channel of its gray result.
    (out,) = run_node(Threshold(level=Level(percent, percent=True), per="luma"), pictures[0])
    assert out.format.pixel == "gray"
    assert digest(out.data) == expected


@pytest.mark.parametrize(("compare", "expected"), [(">", 0), (">=", 200)])
def test_luma_at_the_level_is_settled_exactly(compare: Literal[">", ">="], expected: int) -> None:
    node = Threshold(level=Level(13), compare=compare, per="luma", above=Level(200))
    (out,) = run_node(node, np.full((70, 2000, 3), 13, np.uint8))
    assert (out.data == expected).all()


def test_luma_of_a_gray_picture_is_the_picture() -> None:
    (out,) = run_node(Threshold(level=Level(13), per="luma"), RAMP)
    np.testing.assert_array_equal(out.data, np.where(RAMP > 13, 255, 0))


def test_a_mask_by_luma_can_not_keep_colours() -> None:
    with pytest.raises(ValueError, match="can't keep the input"):
        Threshold(per="luma", above="input").check()
