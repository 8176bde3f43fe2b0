"""How much faster two workers are than one, against two bare threads that make the same OpenCV calls."""

from __future__ import annotations

from threading import Thread
from time import perf_counter
from typing import Final

import cv2
import numpy as np

from flowgraph.document.builder import GraphBuilder
from flowgraph.plan import Plan
from flowgraph.session import Options, compile, execute

SIGMA: Final = 2.0
"""Small enough that the node `blur` is one call of GaussianBlur."""
_SIDE: Final = 15


def gains(size: str, frames: int) -> tuple[float, float]:
    """Time of one over time of two: of flowgraph's workers, and of bare threads."""
    return _engine(size, frames), _bare(size, frames)


def _engine(size: str, frames: int) -> float:
    plans = [_plan(size, frames, threads) for threads in (1, 2)]
    one, two = (_seconds(plan, threads) for threads, plan in enumerate(plans, 1))
    return one / two


def _plan(size: str, frames: int, threads: int) -> Plan:
    graph = GraphBuilder("Two threads against one")
    video = graph.add("testsrc", name="video", size=size, length=frames, format="bgr24")
    soft = graph.add("blur", video, sigma=SIGMA)
    graph.add("sink", soft, name="out", path="null", codec="rawvideo", pixel_format="bgr24")
    return compile(graph.build(), options=Options(threads=threads, quiet=True))


def _seconds(plan: Plan, threads: int) -> float:
    started = perf_counter()
    execute(plan, options=Options(threads=threads, quiet=True))
    return perf_counter() - started


def _bare(size: str, frames: int) -> float:
    width, height = map(int, size.split("x"))
    one = _blurred(width, height, [frames])
    return one / _blurred(width, height, [frames // 2, frames - frames // 2])


def _blurred(width: int, height: int, shares: list[int]) -> float:
    """Seconds that threads take for so many calls each."""
    threads = [Thread(target=_calls, args=(width, height, share)) for share in shares]
    cv2.setNumThreads(1)
    started = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return perf_counter() - started


def _calls(width: int, height: int, count: int) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    out = np.empty_like(picture)
    for _ in range(count):
        cv2.GaussianBlur(picture, (_SIDE, _SIDE), SIGMA, dst=out)
