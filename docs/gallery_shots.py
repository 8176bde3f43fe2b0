"""What the gallery shows of each bundled graph: which clip, which values, which nodes at which moments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

NONE: Final[Mapping[str, Any]] = MappingProxyType({})
Box = tuple[float, float, float, float]
WHOLE: Final = (0.0, 0.0, 1.0, 1.0)
LEAP: Final = (0.12, 0.0, 0.62, 1.0)
"""Where on the stage the dancer leaps, at frames 60 to 75."""
TURN: Final = (0.4, 0.0, 0.9, 1.0)
"""Where she turns, at frames 95 to 130."""


@dataclass(frozen=True, slots=True)
class Tile:
    """Frame `at` of a node; `box` is what is shown of it, in shares; a `height` in pixels stretches it."""

    node: str
    at: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    box: Box = WHOLE
    height: int = 0
    overrides: Mapping[tuple[str, str], Any] = field(default_factory=dict)
    clip: str = ""
    """The clip that the graph reads, where not that of the shot."""
    graph: str = ""
    """Another graph whose node is shown."""


@dataclass(frozen=True, slots=True)
class Shot:
    """Rows of tiles, the clips that are read, and the values of parameters."""

    rows: tuple[tuple[Tile, ...], ...]
    read: Mapping[str, str] = field(default_factory=lambda: {"input": "stage"})
    values: Mapping[str, Any] = field(default_factory=dict)


CLIPS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "stage": ("make_clip", {"scene": "stage", "length": "9.6s"}),
    "crossing": ("make_clip", {"scene": "stage", "length": "6s"}),
    "other": ("make_clip", {"scene": "stage", "length": "6s", "seed": 1}),
    "third": ("make_clip", {"scene": "stage", "length": "6s", "seed": 2}),
    "fourth": ("make_clip", {"scene": "stage", "length": "6s", "seed": 3}),
    "spotlight": ("make_clip", {"scene": "spotlight", "length": "9.6s"}),
    "call": ("make_clip", {"scene": "call", "length": "9.6s"}),
    "flag": ("make_clip", {"scene": "flag", "length": "3s"}),
    "soft": ("ffmpeg_filter", {"input": "call", "filter": "gblur=sigma=5"}),
    "magnified": ("motion_magnify", {"input": "soft", "gain": 5, "wavelength": 24}),
}
"""Each clip is made by a graph with these values; `input` names another clip."""


def pair(
    at: int, values: Mapping[str, Any] = NONE, clip: str = "stage", box: Box = LEAP, late: int = 0
) -> Shot:
    """The video beside what the graph makes of it, which leaves out the first `late` frames."""
    tiles = (Tile("video", at, box=box), Tile("out", at - late, box=box))
    return Shot((tiles,), {"input": clip}, values)


def one(values: Mapping[str, Any] = NONE, clip: str = "stage", at: int = 0, **read: str) -> Shot:
    """One picture that the graph makes."""
    return Shot(((Tile("out", at),),), {"input": clip, **read}, values)


def still(at: int, values: Mapping[str, Any] = NONE, clip: str = "stage") -> Shot:
    """A frame of the video beside the one picture that the graph makes of all."""
    return Shot(((Tile("video", at), Tile("out")),), {"input": clip}, values)


def masks(early: int, late: int, values: Mapping[str, Any] = NONE) -> Shot:
    """Video, mask and what is cut out, at two moments."""
    rows = ((early, (0.06, 0.02, 0.56, 0.98)), (late, (0.46, 0.02, 0.96, 0.98)))
    nodes = ("video", "masks", "out")
    return Shot(tuple(tuple(Tile(n, k, box=box) for n in nodes) for k, box in rows), values=values)


def grams(values: Mapping[str, Any], more: Mapping[str, Any]) -> Shot:
    """Both pictures of a graph that makes two, with two choices of values."""
    sinks = ("out", "sideways")
    return Shot(tuple(tuple(Tile(n, values=v, height=170) for n in sinks) for v in (values, more)))


def _slit(clip: str) -> Tile:
    """The edge of a shoulder over the last seconds of a clip, time to the right."""
    values = {"of": "slit", "at": 0.39, "stretch": "none"}
    return replace(
        Tile("out", values=values, box=(0.58, 0.57, 1, 0.71), height=120), clip=clip, graph="videograms"
    )


_BINARY: Final = {"filter": "binary", "colours": "gray"}
_BLOB: Final = {"filter": "blob", "reach": 2, "inverted": True}
_GLOW: Final = {"mode": "screen", "gain": 5, "sigma": 14, "lag": 6}
_BOX: Final = {"x": 120, "y": 24, "width": 400, "height": 250, "distance": "38%"}
_SPOT: Final = {"input": "spotlight"}
_AWAY: Final = {"input": "call", "background": "beach.png"}

SHOTS: Final[Mapping[str, Shot]] = {
    "make_clip": Shot(
        (
            (Tile("out", 30), Tile("out", 70, {"scene": "stage"})),
            (Tile("out", 70, {"scene": "spotlight"}), Tile("out", 85, {"scene": "call"})),
        ),
        {},
    ),
    "demo": Shot(((Tile("out", 40),),), {}),
    "motion_mix": pair(68, {"lag": 5}),
    "motion_two_heads": pair(103, box=TURN),
    "motion_ring": pair(158, box=(0.5, 0.0, 1.0, 1.0)),
    "motion_subtract": Shot(((Tile("now", 65, box=LEAP), Tile("motion", 65, box=LEAP)),), _SPOT),
    "motion_tblend": pair(66, {"mode": "difference"}, "spotlight", late=1),
    "motion_tmix": pair(66, clip="spotlight"),
    "motion_multiply128": pair(66, clip="spotlight"),
    "motion_bloom": pair(66, clip="spotlight"),
    "motion_glow": pair(66, _GLOW, "spotlight"),
    "motion_video": Shot(
        (
            (Tile("video", 67, box=LEAP), Tile("out", 66, box=LEAP)),
            (Tile("out", 66, _BINARY, LEAP), Tile("out", 66, _BLOB, LEAP)),
        )
    ),
    "motion_expression": pair(66, {"formula": "if(abs(a - b) > 20, a, a / 5)"}),
    "motion_layers": one(at=78),
    "channel_delay": pair(66),
    "optical_flow": pair(66, {"most": 10, "quality": "medium"}),
    "optical_flow_arrows": Shot(
        ((Tile("out", 66, box=LEAP), Tile("out", 128, box=TURN)),),
        values={"step": 14, "scale": 3, "least": 4},
    ),
    "keyframes": Shot((tuple(Tile("out", k) for k in (3, 4, 5)), tuple(Tile("out", k) for k in (6, 7, 8)))),
    "keyframe_display": one(clip="crossing"),
    "masks_first_frame": masks(4, 8),
    "masks_adaptive_background": masks(4, 8),
    "masks_mean_background": masks(66, 110, {"level": "15%"}),
    "masks_median_background": masks(66, 110),
    "plate": still(105),
    "average_image": still(105),
    "stroboscope": one(clip="crossing"),
    "contact_sheet": one({"width": 160}),
    "motiongrams": grams({}, {"equalize": True}),
    "motiongrams_live": one({"width": 256}, at=200),
    "videograms": grams({}, {"of": "slit", "stretch": "none"}),
    "history": pair(68, {"frames": 14}),
    "motion_history": pair(66, {"fade": "1s"}, "spotlight", late=1),
    "motion_heatmap": one(),
    "quantity_of_motion": Shot(((Tile("plot", overrides={("curves", "size"): "640x480"}),),)),
    "compare_takes": one({"label": "Monday", "label2": "Friday", "letter": 28}, at=60, input2="other"),
    "compare_four_takes": one({"letter": 28}, at=60, input2="other", input3="third", input4="fourth"),
    "mixer": Shot(((Tile("out", 75), Tile("out", 75, {"choice": 2})),), {"input": "stage", "input2": "call"}),
    "virtual_background": Shot(((Tile("video", 80), Tile("out", 80)),), _AWAY),
    "virtual_background_adaptive": Shot(((Tile("video", 80), Tile("out", 80)),), _AWAY, {"room": "1s"}),
    "flag_extract": Shot(
        ((Tile("video"), Tile("drawn")), (Tile("video", 40), Tile("out", 40))),
        {"input": "flag", "mask": "first_frame_mask.png"},
    ),
    "colour_extract": pair(40, _BOX, "flag", WHOLE),
    "low_pass": pair(105, box=WHOLE),
    "high_pass": pair(105, box=TURN),
    "band_pass": pair(105, box=TURN),
    "motion_magnify": Shot(((_slit("soft"), _slit("magnified")),), {"input": "soft"}),
    "ffmpeg_filter": Shot(
        (
            (
                Tile("out", 66, {"filter": "lagfun=decay=0.97"}, LEAP),
                Tile("out", 66, {"filter": "edgedetect=mode=colormix:high=0.1"}, LEAP),
            ),
        ),
        _SPOT,
    ),
}
"""By the name of the graph."""
