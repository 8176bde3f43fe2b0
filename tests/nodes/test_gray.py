"""gray."""

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np
import pytest

from flowgraph.frame import Plane
from flowgraph.testing import run_node
from flowgraph_nodes.gray import Gray


def test_opencvs_rule_is_opencvs_gray(pictures: list[Plane]) -> None:
    (out,) = run_node(Gray(), pictures[0])
    np.testing.assert_array_equal(out.data, cv2.cvtColor(pictures[0], cv2.COLOR_BGR2GRAY))


def test_luma_is_imagemagicks(pictures: list[Plane], digest: Callable[[Plane], str]) -> None:
    # ImageMagick 6.9.11-60 Q16: convert 0.ppm -grayscale Rec709Luma out.pgm
    (out,) = run_node(Gray(rule="rec709"), pictures[0])
    assert digest(out.data) == "1ecad6b18cd1fc96"


def test_the_average_of_three_channels_is_rounded(pictures: list[Plane]) -> None:
    (out,) = run_node(Gray(rule="average"), pictures[0])
    np.testing.assert_array_equal(out.data, np.rint(pictures[0].sum(axis=2) / 3))


@pytest.mark.parametrize("rule", ["opencv", "rec709", "average"])
def test_gray_stays_gray(rule: Literal["opencv", "rec709", "average"], pictures: list[Plane]) -> None:
    gray = pictures[0][..., 0]
    (flat,) = run_node(Gray(rule=rule), gray)
    (deep,) = run_node(Gray(rule=rule), np.repeat(gray[..., None], 3, axis=2))
    np.testing.assert_array_equal(flat.data, gray)
    np.testing.assert_array_equal(deep.data, gray)
