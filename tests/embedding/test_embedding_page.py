"""The examples of docs/EMBEDDING.md run, one after the other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import av
import pytest
from opened import wait_for_threads

from flowgraph.cli.main import main

PAGE = Path(__file__).parents[2] / "docs" / "EMBEDDING.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_all_examples_run_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    clip = ("-p", "scene=stage", "-p", "length=50", "-p", "size=64x48")
    assert main(["run", "make_clip", "-o", "dance.mp4", "-q", *clip]) == 0
    names: dict[str, Any] = {"__name__": "page"}
    for number, block in enumerate(BLOCKS):
        exec(compile(block, f"block {number}", "exec"), names)
    with av.open("glow.mp4") as container:
        assert sum(1 for _ in container.decode(video=0)) == 50
    assert (names["report"].frames, names["frame"].data.shape) == (50, (48, 64, 3))
    wait_for_threads()


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)", TEXT))))
def test_links_lead_somewhere(link: str) -> None:
    assert (PAGE.parent / link).exists()
