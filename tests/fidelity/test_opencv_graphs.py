"""The graphs of "Posy's Motion Amplification" that are OpenCV scripts, against these scripts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import fidelity_scripts as scripts
import numpy as np
import pytest
from fidelity_tools import (
    Clip,
    Compare,
    Pictures,
    flowgraph,
    pictures_of_files,
    planes_of_file,
    planes_of_pictures,
    watched,
)

Script = Callable[[Pictures], Pictures]

SCRIPTS: dict[str, Script] = {
    "motion_subtract": scripts.subtract,
    "motion_mix": scripts.mix,
    "motion_two_heads": scripts.two_heads,
    "motion_ring": scripts.ring,
}
EXACT = {name: [] if name == "motion_subtract" else ["-p", "format=bgr24"] for name in SCRIPTS}
# The libswscale of FFmpeg 5.1 and that of PyAV round full-range chroma differently.
PLANES_TOLERANCE = {"full.mp4": {"most": 1, "share": 0.3}}


def with_first(graph: str, frames: Pictures) -> Pictures:
    """The script's pictures, with frame 0, compared with itself, where the graph shows it too."""
    motion = SCRIPTS[graph](frames)
    if graph == "motion_subtract":
        return motion
    return np.concatenate([SCRIPTS[graph](frames[[0, 0]]), motion])


@pytest.mark.compares(*SCRIPTS)
@pytest.mark.parametrize("graph", SCRIPTS)
def test_on_rgb_frames_the_effect_is_the_scripts(
    graph: str, lossless: tuple[Clip, Pictures], folder: Path, compare: Compare
) -> None:
    clip, frames = lossless
    flowgraph("run", graph, "-i", clip.path, "-o", "%03d.png", *EXACT[graph])
    compare(
        graph, clip.name, "OpenCV script, RGB", pictures_of_files(folder, "*.png"), with_first(graph, frames)
    )


@pytest.mark.compares(*SCRIPTS)
@pytest.mark.parametrize("graph", SCRIPTS)
def test_from_a_file_the_effect_is_the_scripts_on_what_opencv_reads(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in clips:
        out = folder / clip.name
        out.mkdir()
        flowgraph("run", graph, "-i", clip.path, "-o", out / "%03d.png", *clip.limits, *EXACT[graph])
        theirs = with_first(graph, watched(clip))
        compare(graph, clip.name, "OpenCV script", pictures_of_files(out, "*.png"), theirs)


@pytest.mark.compares("motion_subtract", "motion_mix", "motion_two_heads")
@pytest.mark.parametrize("graph", ["motion_subtract", "motion_mix", "motion_two_heads"])
def test_from_file_to_file_the_planes_are_those_ffmpeg_makes_of_the_scripts_pictures(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in (clip for clip in clips if not clip.odd):
        flowgraph("run", graph, "-i", clip.path, "-o", "out.mkv", *clip.limits, "--set", "out.codec=ffv1",
                  *EXACT[graph])  # fmt: skip
        theirs = planes_of_pictures(clip, with_first(graph, watched(clip)))
        ours = planes_of_file(Path("out.mkv"))
        compare(
            graph, clip.name, "OpenCV script, planes", ours, theirs, **PLANES_TOLERANCE.get(clip.name, {})
        )


@pytest.mark.compares("motion_mix")
def test_a_longer_lag_compares_with_an_older_frame(
    lossless: tuple[Clip, Pictures], folder: Path, compare: Compare
) -> None:
    clip, frames = lossless
    flowgraph("run", "motion_mix", "-i", clip.path, "-o", "%03d.png", "-p", "lag=9", "-p", "format=bgr24")
    ours = pictures_of_files(folder, "*.png")[1:]
    compare("motion_mix, lag 9", clip.name, "OpenCV script, RGB", ours, scripts.mix(frames, 9))
