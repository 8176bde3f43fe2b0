"""Bundled graphs, and the same effects as FFmpeg filter graphs: what is raced, and what is compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

ALL_VERSIONS: Final = ("1080p", "1080p BT.709", "1080p full range")


@dataclass(frozen=True, slots=True)
class Effect:
    """A bundled graph, and FFmpeg's filters that do the same on RGB frames."""

    name: str
    graph: str
    filters: str
    """Filters between `format=gbrp` and `format=yuv420p`."""
    settings: tuple[str, ...] = ()
    """Further words of flowgraph's command."""
    on_planes: bool = False
    """Whether flowgraph computes it without ever going through RGB."""
    in_rgb: bool = False
    """Whether packed RGB goes out as well: then OpenCV's way to RGB is the reference."""
    clips: tuple[str, ...] = ALL_VERSIONS
    """What its picture is checked on."""

    @property
    def whole(self) -> str:
        """The filter graph as the article has it: RGB in the middle."""
        return f"format=gbrp,{self.filters},format=yuv420p"


_NEGATIVE: Final = (
    "split[a][b];[b]negate,tpad=start={lag}:start_mode=clone[c];[a][c]mix=inputs=2:weights=1 1:duration=first"
)
_MOTION: Final = "tmix=frames=3:weights=-1 0 1:scale=2"

TMIX: Final = Effect("tmix of 3", "motion_tmix", _MOTION)
TMIX5: Final = Effect(
    "tmix of 5",
    "motion_tmix",
    "tmix=frames=5:weights=-1 0 0 0 1:scale=2",
    ("--set", "motion.frames=5", "--set", "motion.weights=[-1, 0, 0, 0, 1]"),
    clips=("1080p",),
)
TMIX9: Final = Effect(
    "tmix of 9",
    "motion_tmix",
    "tmix=frames=9:weights=-1 0 0 0 0 0 0 0 1:scale=2",
    ("--set", "motion.frames=9", "--set", "motion.weights=[-1, 0, 0, 0, 0, 0, 0, 0, 1]"),
    clips=("1080p",),
)
MULTIPLY: Final = Effect(
    "multiply128",
    "motion_multiply128",
    f"split[v1][v2];[v1]{_MOTION}[ov1];[v2][ov1]blend=all_mode=multiply128",
)
BLOOM: Final = Effect(
    "bloom",
    "motion_bloom",
    "split[v1][v2];[v1]tmix=frames=5:weights=-1 0 0 0 1:scale=2[ov1];"
    "[ov1]gblur=steps=6:sigma=5[ov2];[v2][ov2]blend=all_mode=addition",
)
TBLEND: Final = Effect("tblend", "motion_tblend", "tblend=all_mode=subtract")
MIX: Final = Effect("motion_mix", "motion_mix", _NEGATIVE.format(lag=1), on_planes=True)
TWO_HEADS: Final = Effect(
    "two heads", "motion_two_heads", _NEGATIVE.format(lag=5), on_planes=True, clips=("1080p",)
)
RING: Final = Effect(
    "ring",
    "motion_ring",
    f"scale=iw/2:ih/2:flags=area+accurate_rnd,{_NEGATIVE.format(lag=6)}",
    on_planes=True,
    clips=("1080p",),
)
SUBTRACT: Final = Effect(
    "subtract",
    "motion_subtract",
    "split[a][b];[b]tblend=all_mode=subtract[m];[a]trim=start_frame=1[n];[n][m]hstack",
    ("--set", "out.codec=rawvideo", "--set", "out.pixel_format=bgr24"),
    in_rgb=True,
    clips=("1080p",),
)
MOTION_VIDEO: Final = Effect(
    "motion video",
    "motion_video",
    "tblend=all_mode=difference,lutrgb="
    + ":".join(f"{channel}='if(gte(val,13),val,0)'" for channel in "rgb"),
    clips=("1080p",),
)

RACED: Final = (TMIX, TMIX5, TMIX9, MULTIPLY, BLOOM, TBLEND, MIX)
"""Against FFmpeg."""
CHECKED: Final = (*RACED, TWO_HEADS, RING, SUBTRACT, MOTION_VIDEO)
"""Whatever is timed and gives a video."""
