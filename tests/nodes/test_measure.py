"""measure."""

from typing import Any

import cv2
import numpy as np
import pytest

from flowgraph.document.load import loads
from flowgraph.errors import GraphError
from flowgraph.frame import Format, Plane
from flowgraph.node import Formats
from flowgraph.single import compute_frame
from flowgraph.testing import run_node
from flowgraph.units import Level
from flowgraph_nodes._contours import largest_outline
from flowgraph_nodes.measure import COLUMNS, Measure


def measured(pictures: list[Plane], **settings: Any) -> list[dict[str, float]]:
    return [
        dict(zip(COLUMNS, frame.data[0].tolist(), strict=True))
        for frame in run_node(Measure(**settings), pictures)
    ]


def test_a_white_square_is_measured() -> None:
    picture = np.zeros((10, 20), np.uint8)
    picture[2:4, 5:9] = 255
    _, row = measured([picture, picture])
    assert row == pytest.approx(
        {"time": 0.04, "quantity": 8, "centroid_x": 7 / 20, "centroid_y": 7 / 10, "left": 5, "top": 2,
         "width": 4, "height": 2, "area": 8 / 200}
    )  # fmt: skip


def test_nothing_has_no_centre() -> None:
    (row,) = measured([np.zeros((4, 4), np.uint8)])
    assert np.isnan([row["centroid_x"], row["centroid_y"]]).all()
    assert (row["quantity"], row["width"], row["area"]) == (0, 0, 0)


def test_brighter_samples_pull_the_centre() -> None:
    (row,) = measured([np.array([[50, 0, 0, 150]], np.uint8)])
    assert row["quantity"] == pytest.approx(200 / 255)
    assert row["centroid_x"] == pytest.approx((0.5 * 50 + 3.5 * 150) / 200 / 4)


def test_the_box_leaves_out_what_is_below_the_level() -> None:
    picture = np.array([[9, 0, 10, 30]], np.uint8)
    (row,) = measured([picture], level=Level(10))
    assert (row["left"], row["width"]) == (2, 2)


def test_an_outline_goes_around_the_largest_quiet_place_beside_motion() -> None:
    picture = np.zeros((120, 200), np.uint8)
    picture[60:64, 20:24] = 255
    picture[20:30, 120:150] = 255
    (row,) = measured([picture], box="outline")
    # The mean of 51x51 samples is 2 or more up to 24 columns and 25 rows from the bright ones.
    assert [row[side] for side in ("left", "top", "width", "height")] == [96, 0, 78, 55]
    assert row["area"] == 78 * 55 / (120 * 200)


def test_nothing_has_no_outline() -> None:
    (row,) = measured([np.zeros((4, 4), np.uint8)], box="outline")
    assert [row[side] for side in ("left", "top", "width", "height", "area")] == [0, 0, 0, 0, 0]


def test_a_level_is_refused_where_nobody_looks_at_it() -> None:
    with pytest.raises(ValueError, match="level says what a box of samples goes around"):
        Measure(box="outline", level=Level(9)).check()


@pytest.mark.parametrize("share", [0.02, 0.1, 0.3, 0.6])
def test_the_largest_outline_is_the_first_of_the_largest_contours(share: float) -> None:
    random = np.random.default_rng(int(100 * share))
    for height, width in random.integers(1, 24, (200, 2)):
        mask = np.where(random.random((height, width)) < share, 255, 0).astype(np.uint8)
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        expected = tuple(cv2.boundingRect(max(contours, key=cv2.contourArea))) if contours else (0, 0, 0, 0)
        assert largest_outline(mask, np.zeros(mask.shape, np.int32)) == expected


def test_rows_have_named_columns() -> None:
    found = Measure().output_formats(Formats({"image": (Format("gray", 8, 8),)}))
    assert str(found["row"]).startswith("table of time, quantity, centroid_x")


def test_a_row_of_numbers_is_no_frame_to_look_at() -> None:
    graph = loads(
        "flowgraph: 1\nnodes:\n  video: {type: testsrc, length: 3}\n  numbers: {type: measure, in: video}\n"
        "  out: {type: sink, in: numbers, path: n.csv}\n"
    )
    with pytest.raises(GraphError, match=r"a table of time, .* and no picture; a sink writes it"):
        compute_frame(graph, node="numbers", at=1)
