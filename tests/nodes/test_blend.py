"""blend."""

from collections.abc import Callable
from typing import get_args

import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.node import Formats
from flowgraph.testing import frame_of, run_node
from flowgraph_nodes._blending import FORMULAS, Mode
from flowgraph_nodes.blend import Blend

# glibc's cosf is one unit off at one of the samples: a single pair is a tie in FFmpeg and not here.
INEXACT = {"interpolate": 1}


def test_every_mode_has_a_formula() -> None:
    assert set(FORMULAS) == set(get_args(Mode))


@pytest.mark.parametrize("opacity", [1.0, 0.3])
@pytest.mark.parametrize("mode", FORMULAS)
def test_all_pairs_give_libavfilters_bits(
    mode: Mode, opacity: float, pairs: tuple[Plane, Plane], libavfilter: Callable[..., list[Plane]]
) -> None:
    top, bottom = pairs
    (out,) = run_node(Blend(mode=mode, opacity=opacity), top, bottom)
    (expected,) = libavfilter("blend", f"all_mode={mode}:all_opacity={opacity}", [top], [bottom])
    off = np.abs(out.data.astype(int) - expected)
    assert (off > 0).sum() <= INEXACT.get(mode, 0)
    assert off.max() <= 1


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("addition", [255, 15]),
        ("average", [175, 7]),
        ("subtract", [50, 0]),
        ("difference", [50, 5]),
        ("multiply128", [255, 89]),
        ("grainextract", [178, 123]),
        ("screen", [233, 15]),
    ],
)
def test_top_comes_first(mode: Mode, expected: list[int]) -> None:
    top, bottom = np.array([[200, 5]], np.uint8), np.array([[150, 10]], np.uint8)
    (out,) = run_node(Blend(mode=mode), top, bottom)
    assert out.data.tolist() == [expected]


@pytest.mark.parametrize("mode", FORMULAS)
def test_a_picture_may_be_blended_with_itself_in_place(mode: Mode, pictures: list[Plane]) -> None:
    node, picture = Blend(mode=mode), pictures[0]
    (expected,) = run_node(node, picture, picture)
    frame = frame_of(picture.copy())
    needs = node.scratch(Formats({"top": (frame.format,), "bottom": (frame.format,)}))
    node.process(frame, frame, frame, {name: np.empty(*spec) for name, spec in needs.items()})
    np.testing.assert_array_equal(frame.data, expected.data)
