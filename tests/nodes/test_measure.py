"""measure."""

import numpy as np
import pytest

from flowgraph.document.load import loads
from flowgraph.errors import GraphError
from flowgraph.frame import Format, Plane
from flowgraph.node import Formats
from flowgraph.single import compute_frame
from flowgraph.testing import run_node
from flowgraph.units import Level
from flowgraph_nodes.measure import COLUMNS, Measure


def measured(pictures: list[Plane], **settings: Level) -> list[dict[str, float]]:
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
