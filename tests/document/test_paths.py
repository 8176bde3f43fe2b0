"""Where the files are that a graph names."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowgraph.document.load import load
from flowgraph.passes.expand import expand

GRAPH = """\
flowgraph: 1
params:
  input: {type: path, default: clip.mp4}
nodes:
  named:  {type: source, path: clip.mp4}
  given:  {type: source, path: $input}
  camera: {type: source, path: "v4l2:/dev/video0"}
  both:   {type: stack, in: [named, given, camera]}
  out:    {type: sink, in: both, path: out.mp4}
"""


@pytest.mark.parametrize(
    ("values", "given"),
    [({}, "{folder}/clip.mp4"), ({"input": "clip.mp4"}, "clip.mp4")],
    ids=["a default is beside the graph", "what the caller gives is where the caller is"],
)
def test_a_source_is_read_beside_the_graph_that_names_it(
    values: dict[str, str], given: str, tmp_path: Path
) -> None:
    path = tmp_path / "graph.yaml"
    path.write_text(GRAPH, encoding="utf-8")
    network = expand(load(path), values)
    paths = {node.name: str(node.node.model_dump()["path"]) for node in network.nodes if node.name != "both"}
    assert paths == {
        "named": f"{tmp_path}/clip.mp4",
        "given": given.format(folder=tmp_path),
        "camera": "v4l2:/dev/video0",
        "out": "out.mp4",
    }
