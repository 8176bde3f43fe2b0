"""plot."""

import sys

import numpy as np
import pytest

from flowgraph.frame import Format, Frame, table
from flowgraph.node import STILL, Formats
from flowgraph.testing import frame_of, run_node
from flowgraph_nodes.plot import Plot

COLUMNS = table("time", "quantity", "height")
FORMATS = Formats({"row": (COLUMNS,)})


def rows(count: int) -> list[Frame]:
    def row(k: int) -> Frame:
        values = np.array([[k / 25, 100 * (k == 70), np.nan if k < 3 else k % 5]])
        return frame_of(np.zeros((1, 3), np.uint8), k).view(COLUMNS, (values,))

    return [row(k) for k in range(count)]


def test_a_peak_is_seen_however_few_points_are_kept() -> None:
    for points in (2, 8, 128):
        (out,) = run_node(Plot(columns=("quantity",), points=points, size="320x240"), rows(100))
        curve = (out.data[:, :, 0].astype(int) - out.data[:, :, 2]) > 60
        top, bottom = np.flatnonzero(curve.any(axis=1))[[0, -1]]
        assert bottom - top > 120


def test_curves_stand_on_white_in_panels() -> None:
    (out,) = run_node(Plot(size="400x300", title="Two"), rows(50))
    assert out.data.shape == (300, 400, 3)
    assert (out.data == 255).all(axis=2).mean() > 0.7
    assert (out.data == 0).all(axis=2).any()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"columns": ["quantitty"]}, "no column 'quantitty'; did you mean 'quantity'?"),
        ({"x": "index"}, "no column 'index'; it has time, quantity, height"),
    ],
)
def test_an_unknown_column_is_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("?", r"\?")):
        Plot.model_validate(settings).output_formats(FORMATS)


def test_without_matplotlib_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.backends.backend_agg", None)
    with pytest.raises(ValueError, match=r"pip install 'flowgraph-engine\[plot\]'"):
        Plot().output_formats(FORMATS)


def test_the_state_is_as_large_as_declared_and_the_result_a_still() -> None:
    node = Plot(points=100)
    arrays = [v for fold in node.start(FORMATS)[1:] for v in vars(fold).values() if isinstance(v, np.ndarray)]
    assert sum(array.nbytes for array in arrays) == node.state_bytes(FORMATS)
    assert node.clock() == STILL
    assert node.output_formats(FORMATS)["plot"] == Format("bgr24", 1200, 800)
