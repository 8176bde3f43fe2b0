"""What is measured: bundled graphs, and the same effects as FFmpeg filter graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Case:
    """A bundled graph, and FFmpeg's filters that do the same on RGB frames."""

    graph: str
    effect: str
    """Filters between `format=gbrp` and `format=yuv420p`, as the graph's article has them."""
    on_planes: bool = False
    """Whether flowgraph computes it without ever going through RGB."""
    quickest: str = ""
    """A quicker chain for FFmpeg, where there is one that is not in the article and rounds differently."""

    @property
    def filters(self) -> str:
        """The article's whole filter graph."""
        return _whole(self.effect)

    @property
    def peers(self) -> tuple[tuple[str, str], ...]:
        """What to race against: (name, whole filter graph)."""
        quick = (("quickest", _whole(self.quickest)),) if self.quickest else ()
        return (("article", self.filters), *quick)


def _whole(effect: str) -> str:
    return f"format=gbrp,{effect},format=yuv420p"


_NEGATIVE: Final = "split[a][b];[b]negate,tpad=start=1:start_mode=clone[c]"

CASES: Final = (
    Case("motion_tmix", "tmix=frames=3:weights=-1 0 1:scale=2"),
    Case(
        "motion_multiply128",
        "split[v1][v2];[v1]tmix=frames=3:weights=-1 0 1:scale=2[ov1];[v2][ov1]blend=all_mode=multiply128",
    ),
    Case(
        "motion_bloom",
        "split[v1][v2];[v1]tmix=frames=5:weights=-1 0 0 0 1:scale=2[ov1];"
        "[ov1]gblur=steps=6:sigma=5[ov2];[v2][ov2]blend=all_mode=addition",
    ),
    # tmix can't add an offset, so the previous frame is inverted beside it; the article has a script here.
    Case(
        "motion_mix",
        f"{_NEGATIVE};[a][c]mix=inputs=2:weights=1 1:duration=first",
        on_planes=True,
        quickest=f"{_NEGATIVE};[a][c]blend=all_mode=average:shortest=1",
    ),
)
