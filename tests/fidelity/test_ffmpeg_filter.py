"""FFmpeg's filters as nodes, against FFmpeg 5.1's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fidelity_tools import Clip, Compare, filtered_planes, flowgraph, planes_of_file

FILTERS = ["atadenoise,unsharp", "lagfun=decay=0.97,vignette", "median=radius=2", "negate"]


@pytest.mark.compares("ffmpeg_filter")
@pytest.mark.parametrize("filter", FILTERS)
def test_a_filter_gives_ffmpegs_planes(
    filter: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    names = re.sub("=[^,]*", "", filter)
    for clip in [clips[0], *clips[5:6]]:
        flowgraph("run", "ffmpeg_filter", "-i", clip.path, "-o", "out.mkv", *clip.limits,
                  "-p", f"filter={filter}", "--set", "out.codec=ffv1")  # fmt: skip
        ours = planes_of_file(Path("out.mkv"))
        compare(
            f"ffmpeg_filter: {names}", clip.name, "ffmpeg 5.1, planes", ours, filtered_planes(clip, filter)
        )
