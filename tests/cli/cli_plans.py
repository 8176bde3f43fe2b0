"""Literal plans for the tests of what prints and draws them, and the type of a caller of the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal

from flowgraph.errors import Place
from flowgraph.frame import Format
from flowgraph.graph import Network, Port
from flowgraph.node import Formats, Limits, SourceInfo
from flowgraph.plan import Arg, Clock, Cost, Feed, FiringList, Note, Pass, Plan, PoolClass, Result, Step

Call = Callable[..., tuple[int, str, str]]
"""Runs one command line: its exit status, what it printed, and what it said on standard error."""

Kind = Literal["source", "node", "reduce", "sink", "window", "border"]
How = Literal["fresh", "in place", "forward", "source"]

BGR = Format("bgr24", 640, 360, "bt709")
YUV = Format("yuv420p", 640, 360, "bt709")
GRAY = Format("gray", 640, 360, "bt709")
FRAMES = Clock("clip", (), "video")
SECOND = Clock("clip", (("every", 2),), "video")
STILL = Clock()


def arg(node: str, slot: int, *, still: bool = False, tap: int = 0) -> Arg:
    return Arg(Port(node, "image"), slot, still, windowed=tap > 0, tap=tap)


def result(node: str, slot: int, format: Format, how: How = "fresh", input: str = "") -> Result:
    return Result(Port(node, "image"), slot, format, how, input)


def step(
    name: str,
    type: str,
    reads: tuple[Arg, ...],
    *results: Result,
    kind: Kind = "node",
    clock: Clock = FRAMES,
    latency: int = 0,
    history: int = 0,
    implied: str = "",
) -> Step:
    args: Mapping[str, tuple[Arg, ...]] = {"image": reads} if reads else {}
    return Step(
        name,
        type,
        kind,
        None,
        args,
        results,
        Formats({}),
        clock,
        latency=latency,
        total_latency=latency,
        history=history,
        implied=implied,
    )


FIRST = FiringList(
    FRAMES,
    (
        step("video", "source", (), result("video", 0, BGR, "source"), kind="source"),
        step("background", "flatten", (arg("video", 0),), result("background", 1, BGR), kind="reduce"),
    ),
    2,
)
ONCE = FiringList(
    STILL,
    (
        step(
            "backdrop",
            "blur",
            (arg("background", 0, still=True),),
            result("backdrop", 0, BGR),
            clock=STILL,
        ),
    ),
    1,
)
CONVERTED = "video:bgr24"
SECOND_LIST = FiringList(
    FRAMES,
    (
        step("video", "source", (), result("video", 0, YUV, "source"), kind="source"),
        step(
            CONVERTED,
            "convert",
            (arg("video", 0),),
            result(CONVERTED, 1, BGR),
            implied="'change' computes in bgr24",
        ),
        step("past", "window", (arg(CONVERTED, 1),), result("past", 2, BGR), kind="window", history=4),
        step(
            "change",
            "absdiff",
            (arg(CONVERTED, 2, tap=4), arg("backdrop", 0, still=True)),
            result("change", 3, BGR),
            latency=2,
        ),
        step("mask", "threshold", (arg("change", 3),), result("mask", 4, GRAY, "in place", "image")),
        step("half", "every", (arg("mask", 4),), result("half", 5, GRAY, "forward"), clock=SECOND),
        step("out", "sink", (arg("half", 5),), kind="sink", clock=SECOND),
    ),
    6,
    drain=2,
)
SOURCE = SourceInfo(
    YUV,
    "clip",
    Fraction(25),
    250,
    describe="h264, 640x360, 25 frames/s, 10.0 s",
    notes=("rotated by 90 degrees",),
)
PASSES = (
    Pass(
        0,
        FiringList(STILL, (), 0),
        (FIRST,),
        (Feed("video", "read", ""),),
        "'background' needs every frame of 'video' before its picture is done",
        (PoolClass(691_200, 1),),
        {"video": 4},
    ),
    Pass(
        1,
        ONCE,
        (SECOND_LIST,),
        (Feed("video", "read again", "keeping 250 frames would take 164.8 MiB"),),
        "'change' needs the finished 'background'",
    ),
)
TWO_PASSES = Plan(
    network=Network(()),
    passes=PASSES,
    sources={"video": SOURCE},
    clocks={"video": FRAMES, "out": SECOND},
    formats={},
    stills=(PoolClass(691_200, 2),),
    costs=(
        Cost("finished pictures", 691_200, 2, reason="'background', 'backdrop'"),
        Cost("frames of the reader", 691_200, 4, "video", pass_index=0),
        Cost("buffers of frames on the way", 691_200, 6, reason="3 frames of 2 buffers", pass_index=1),
        Cost("history of", 691_200, 4, "video", pass_index=1),
        Cost("working memory", 4096, 2, "backdrop", pass_index=1),
    ),
    codec_bytes=12_000_000,
    tokens=3,
    threads=2,
    limits=Limits(None, Fraction(1, 2), None),
    notes=(Note("out", "audio is not copied: every second frame is left out", Place("masks.yaml", 12, 3)),),
    warnings=("masks.yaml:9:3: nothing reads 'spare'",),
)
