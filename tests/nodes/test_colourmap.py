"""colourmap."""

import numpy as np
import pytest

from flowgraph.testing import run_node
from flowgraph_nodes.colourmap import Colourmap

RAMP = np.arange(256, dtype=np.uint8)[None]


def test_inferno_goes_from_black_to_light_yellow_by_way_of_magenta() -> None:
    (out,) = run_node(Colourmap(), RAMP)
    assert out.data[0, [0, 128, 255]].tolist() == [[4, 0, 0], [84, 55, 188], [164, 255, 252]]


@pytest.mark.parametrize("name", ["inferno", "magma", "plasma", "viridis", "cividis", "bone"])
def test_brighter_samples_get_brighter_colours(name: str) -> None:
    (out,) = run_node(Colourmap.model_validate({"map": name}), RAMP)
    luma = out.data[0].astype(float) @ (0.114, 0.587, 0.299)
    assert (np.diff(luma[::8]) > 0).all()
