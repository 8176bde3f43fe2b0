"""Small drawn clips, short and ten times as long."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from bundled_runs import GRAPHS

from flowgraph.session import Options, compile, execute

FRAMES = 20


def _draw(path: Path, frames: int) -> Path:
    values = {"output": str(path), "length": frames, "size": "96x64"}
    plan = compile(GRAPHS["make_clip"], values, {("out", "codec"): "ffv1"}, Options(threads=1))
    assert execute(plan, options=Options(threads=1)).frames == frames
    disc = cv2.circle(np.zeros((64, 96), np.uint8), (40, 30), 20, 255, -1)
    assert cv2.imwrite(str(path.with_suffix(".png")), disc)
    return path


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty frames of 96x64."""
    return _draw(tmp_path_factory.mktemp("short") / "clip.mkv", FRAMES)


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same drawing, ten times as long."""
    return _draw(tmp_path_factory.mktemp("long") / "clip.mkv", 10 * FRAMES)
