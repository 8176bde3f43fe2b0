"""Graphs, plans and frames in a notebook; the notebook in examples/ runs from its first cell to its last."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest

import flowgraph
from flowgraph import GraphError, notebook
from flowgraph.frame import Format, Frame, new_frame, table
from flowgraph.session import Progress

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebook.ipynb"
GRAPH = flowgraph.loads(
    "flowgraph: 1\ntitle: Two & more\nnodes:\n  video: {type: testsrc, size: 64x48, length: 3}\n"
    "  dark: {type: invert, in: video}\n  out: {type: sink, in: dark, path: 'null'}\n"
)
EXECUTE = """
import sys, nbformat
from nbclient import NotebookClient
book = nbformat.read(sys.argv[1], 4)
NotebookClient(book, timeout=240, kernel_name="python3").execute()
nbformat.write(book, sys.argv[2])
"""


def shown(cell: dict[str, Any]) -> set[str]:
    """The kinds of output of a cell."""
    return {kind for output in cell["outputs"] for kind in (*output.get("data", {}), output["output_type"])}


def test_the_example_runs_and_shows_drawings_progress_and_pictures(tmp_path: Path) -> None:
    made = tmp_path / "made.ipynb"
    command = [sys.executable, "-c", EXECUTE, str(NOTEBOOK), str(made)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    cells = [cell for cell in json.loads(made.read_text())["cells"] if cell["cell_type"] == "code"]
    kinds = [shown(cell) for cell in cells]
    assert [kind in found for kind, found in zip(
        ["text/html", "text/html", "text/html", "image/png", "stream", "image/png"], kinds, strict=True
    )] == [True] * 6  # fmt: skip
    assert "glow.mkv: 50 frames" in "".join(cells[2]["outputs"][-1]["data"]["text/plain"])
    assert all(
        cell["outputs"] == [] for cell in json.loads(NOTEBOOK.read_text())["cells"] if "outputs" in cell
    )


def test_a_graph_is_drawn_as_it_is_written() -> None:
    drawn = notebook.graph_html(GRAPH)
    assert drawn.startswith('<figure style="margin:0;overflow-x:auto"><svg ')
    assert all(f">{name}<" in drawn for name in ("video", "dark", "out"))


def test_a_plan_is_drawn_with_its_formats_and_its_bound() -> None:
    drawn = notebook.plan_html(flowgraph.compile(GRAPH))
    assert "yuv420p 64x48" in drawn
    assert "<figcaption>at most " in drawn


@pytest.mark.parametrize("pixel", ["gray", "bgr24", "bgra", "yuv420p", "gbrp"])
def test_a_frame_is_a_picture(pixel: str) -> None:
    data = notebook.frame_png(new_frame(Format(pixel, 64, 48)))
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape == (48, 64, 3)


def test_a_row_of_numbers_is_no_picture() -> None:
    row = Frame(0, Fraction(0), table("time"), (np.zeros((1, 1)),))
    assert row._repr_png_() is None  # pyright: ignore[reportPrivateUsage] notebooks call it


def test_a_run_shows_the_last_frames_that_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for modules, pictures in ((set[str](), []), ({"ipykernel"}, ["dark: frame 2, 0.080 s"])):
        for name in modules:
            monkeypatch.setitem(sys.modules, name, ModuleType(name))
        with GRAPH.open(outputs=["dark"], sinks=False) as run:
            assert [frame.index for frame in run["dark"]] == [0, 1, 2]
        drawn = run._repr_html_()  # pyright: ignore[reportPrivateUsage] notebooks call it
        assert drawn.startswith("<figure")
        assert re.findall(r"<figcaption>(\w+: frame [^<]+)<", drawn) == pictures


def test_names_are_written_as_text() -> None:
    frames = {"<b>": new_frame(Format("gray", 4, 4), 7, Fraction(1, 2))}
    assert "&lt;b&gt;: frame 7, 0.500 s" in notebook.frames_html(frames)


def test_a_bar_follows_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Handle:
        def update(self, text: str) -> None:
            seen.append(text)

    class Display:
        HTML = staticmethod(str)

        @staticmethod
        def display(text: str, *, display_id: bool) -> Handle:
            assert display_id
            seen.append(text)
            return Handle()

    monkeypatch.setattr(notebook, "import_module", lambda name: Display)
    show = notebook.progress(flowgraph.compile(GRAPH))
    for frames in (1, 2, 3):
        show(Progress(0, 1, frames, 3, 0.5, 1024))
    assert seen[0] == "<progress></progress> starting"
    assert seen[-1].startswith('<progress value="3" max="3"></progress> 3 of 3 frames')


def test_outside_of_a_notebook_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(notebook, "import_module", missing)
    with pytest.raises(GraphError, match="needs IPython"):
        notebook.progress(flowgraph.compile(GRAPH))
