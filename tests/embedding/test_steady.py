"""Ten thousand frames take no more memory, threads or descriptors than a few."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from opened import descriptors
from sessions import CAMERA, graph, gray

from flowgraph.stepping import Session

BUSY = graph(
    CAMERA,
    "past: {type: delay, in: camera, frames: 4}",
    "change: {type: absdiff, in: [camera, past]}",
    "soft: {type: blur, in: change, sigma: 1}",
    "late: {type: advance, in: soft, frames: 3}",
    "glow: {type: blend, in: [camera, soft], mode: screen}",
    "thin: {type: every, in: glow, n: 5}",
    "result: {type: output, in: glow}",
    "later: {type: output, in: late}",
    "some: {type: output, in: thin}",
)
PICTURE = gray(5)
FRAMES = 10_000


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def steps(session: Session, frames: int) -> None:
    for _ in range(frames):
        for frame in session.step(camera=PICTURE).values():
            if frame is not None:
                frame.data.any()


def pushes(session: Session, frames: int) -> None:
    for _ in range(frames):
        session.push(camera=PICTURE)
        for output in ("result", "later", "some"):
            while (frame := session.pull(output)) is not None:
                frame.data.any()


@pytest.mark.parametrize("use", [steps, pushes])
def test_ten_thousand_frames_leave_nothing_behind(use: Callable[[Session, int], None]) -> None:
    with BUSY.session() as session:
        use(session, 500)
        gc.collect()
        before = (threading.active_count(), descriptors(), len(gc.get_objects()))
        memory, pool = resident_bytes(), session.control.status().peak_bytes
        use(session, FRAMES)
        gc.collect()
        after = (threading.active_count(), descriptors())
        assert after == before[:2]
        assert len(gc.get_objects()) - before[2] < 500
        assert resident_bytes() - memory < 1 << 20
        assert session.control.status().peak_bytes == pool <= session.plan.bound_bytes


def test_sessions_that_were_closed_leave_nothing_behind() -> None:
    def once() -> None:
        with BUSY.session() as session:
            steps(session, 3)

    for _ in range(10):
        once()
    gc.collect()
    before = (threading.active_count(), descriptors())
    memory = resident_bytes()
    for _ in range(200):
        once()
    gc.collect()
    assert (threading.active_count(), descriptors()) == before
    assert resident_bytes() - memory < 2 << 20
