"""The nodes that docs/NODES.md shows do what it says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import flowgraph
from flowgraph.frame import Plane
from flowgraph.own import own_types
from flowgraph.testing import run_node

PAGE = Path(__file__).parents[2] / "docs" / "NODES.md"
CODE = "\n".join(re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))

GRAPH = """
flowgraph: 1
nodes:
  video: {type: testsrc, size: 64x48, length: 12, format: bgr24}
  few:
    in: video
    chain: [posterize, negative, {lift: 3}, strobe, afterimage]
  dark: {type: darkest, in: video}
  both: {type: absdiff, in: [few, dark]}
  some: {type: changes, in: both}
  out: {type: sink, in: some, path: 'null'}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All code of the page in one file."""
    path = tmp_path_factory.mktemp("page") / "my_nodes.py"
    path.write_text(CODE)
    return path


@pytest.fixture(scope="module")
def types(file: Path) -> dict[str, Any]:
    return dict(own_types([file]))


def pictures(*values: int) -> list[Plane]:
    return [np.full((4, 6, 3), value, np.uint8) for value in values]


def shown(frames: list[flowgraph.Frame]) -> list[int]:
    return [int(frame.data[0, 0, 0]) for frame in frames]


@pytest.mark.parametrize(
    ("type", "params", "given", "expected"),
    [
        ("posterize", {"levels": 4}, [70, 200], [64, 192]),
        ("negative", {"most": 250}, [50], [200]),
        ("lift", {"amount": 30}, [10, 240], [40, 255]),
        ("strobe", {"moments": 2, "apart": 1}, [5, 9, 1, 2, 3], [5, 9, 9, 9, 3]),
        ("afterimage", {"keep": 0.5}, [100, 100, 0], [50, 75, 37]),
        ("changes", {"least": 2.0}, [5, 6, 8, 8, 20], [5, 8, 20]),
        ("darkest", {}, [9, 3, 7], [3]),
    ],
)
def test_each_node_makes(
    types: dict[str, Any], type: str, params: dict[str, Any], given: list[int], expected: list[int]
) -> None:
    assert shown(run_node(types[type](**params), pictures(*given))) == expected


def test_all_of_them_run_in_one_graph(file: Path) -> None:
    graph = flowgraph.loads(GRAPH, nodes=[file])
    plans = [flowgraph.compile(graph, options=flowgraph.Options(threads=threads)) for threads in (1, 2)]
    assert [len(plan.passes) for plan in plans] == [2, 2]
    assert [flowgraph.execute(plan).frames for plan in plans] == [12, 12]


def test_the_test_on_the_page_passes(file: Path) -> None:
    names: dict[str, Any] = {"__name__": "page"}
    exec(compile(CODE, str(file), "exec"), names)
    names["test_the_darkest_of_three"]()
