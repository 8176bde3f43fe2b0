"""Literal plans for the tests of what prints and draws them."""

from __future__ import annotations

from fractions import Fraction

from flowgraph.errors import Place
from flowgraph.frame import Format
from flowgraph.graph import Network, Port
from flowgraph.node import Formats, Limits, SourceInfo
from flowgraph.plan import Arg, Clock, Cost, Feed, FiringList, Note, Pass, Plan, Result, Step

BGR = Format("bgr24", 640, 360, "bt709")
YUV = Format("yuv420p", 640, 360, "bt709")
GRAY = Format("gray", 640, 360, "bt709")
FRAMES = Clock("clip", (), "video")
EVERY = Clock("clip", (("every", 2),), "video")
STILL = Clock()
VIDEO = Port("video", "image")
NO_FORMATS = Formats({})


def reads(node: str, slot: int, *, still: bool = False, windowed: bool = False, tap: int = 0) -> tuple[Arg, ...]:
    return (Arg(Port(node, "image"), slot, still, windowed, tap),)


def makes(node: str, slot: int, format: Format, how: str = "fresh", input: str = "") -> tuple[Result, ...]:
    return (Result(Port(node, "image"), slot, format, how, input),)  # type: ignore[arg-type] # one of its literals


def step(name: str, type: str, kind: str, args: dict[str, tuple[Arg, ...]], results: tuple[Result, ...], **more: object) -> Step:
    clock = more.pop("clock", FRAMES)
    return Step(name, type, kind, None, args, results, NO_FORMATS, clock, **more)  # type: ignore[arg-type] # literals


NOTHING = FiringList(STILL, (), 0)
SOURCE = SourceInfo(
    YUV, "clip", Fraction(25), 250, describe="h264, 640x360, 25 frames/s, 10.0 s", notes=("rotated by 90 degrees",)
)

TWO_PASSES = Plan(
    network=Network(()),
    passes=(
        Pass(
            0,
            NOTHING,
            (
                FiringList(
                    FRAMES,
                    (
                        step("video", "source", "source", {}, makes("video", 0, BGR, "source")),
                        step("background", "flatten", "reduce", {"image": reads("video", 0)}, makes("background", 1, BGR), ordered=True),
                    ),
                    2,
                ),
            ),
            (Feed("video", "read", ""),),
            "'background' needs every frame of 'video' before its one picture is done",
        ),
        Pass(
            1,
            FiringList(
                STILL,
                (step("backdrop", "blur", "node", {"image": reads("background", 0, still=True)}, makes("backdrop", 0, BGR), clock=STILL),),
                1,
            ),
            (
                FiringList(
                    FRAMES,
                    (
                        step("video", "source", "source", {}, makes("video", 0, YUV, "source")),
                        step(
                            "video:bgr24", "convert", "node", {"image": reads("video", 0)}, makes("video:bgr24", 1, BGR),
                            implied="'change' computes in bgr24",
                        ),
                        step("video:history", "window", "window", {"image": reads("video:bgr24", 1)}, makes("video:history", 2, BGR), history=4, ordered=True),
                        step(
                            "change", "absdiff", "node",
                            {"image": (*reads("video:bgr24", 2, windowed=True, tap=4), *reads("backdrop", 0, still=True))},
                            makes("change", 3, BGR), latency=2, total_latency=2,
                        ),
                        step("mask", "threshold", "node", {"image": reads("change", 3)}, makes("mask", 4, GRAY, "in place", "image")),
                        step("half", "every", "node", {"image": reads("mask", 4)}, makes("half", 5, GRAY, "forward"), clock=EVERY),
                        step("out", "sink", "sink", {"image": reads("half", 5)}, (), clock=EVERY, ordered=True),
                    ),
                    6,
                    drain=2,
                ),
            ),
            (Feed("video", "read again", "keeping 250 frames would take 164.8 MiB"),),
            "'change' needs the finished 'background'",
        ),
    ),
    sources={"video": SOURCE},
    clocks={"video": FRAMES, "out": EVERY},
    formats={},
    pool=(),
    outside={"video": 4},
    costs=(
        Cost("buffers of live tokens", 691_200, 6, reason="3 live tokens of 2 buffers"),
        Cost("history of", 691_200, 4, "video"),
        Cost("the finished picture of", 691_200, 1, "background", "a still of pass 1"),
        Cost("working memory", 4096, 2, "backdrop"),
    ),
    codec_bytes=12_000_000,
    tokens=3,
    threads=2,
    limits=Limits(None, Fraction(1, 2), None),
    notes=(Note("out", "audio is not copied: the stream has every second frame", Place("masks.yaml", 12, 3)),),
    warnings=("masks.yaml:9:3: nothing reads 'spare'",),
)  # fmt: skip
