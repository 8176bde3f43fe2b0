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
    decoded,
    flowgraph,
    pictures_of_files,
    planes_of_file,
    planes_of_pictures,
)

Script = Callable[[Pictures], Pictures]

SCRIPTS: dict[str, Script] = {
    "motion_subtract": scripts.subtract,
    "motion_mix": scripts.mix,
    "motion_two_heads": scripts.two_heads,
    "motion_ring": scripts.ring,
}
EXACT = {name: [] if name == "motion_subtract" else ["-p", "format=bgr24"] for name in SCRIPTS}
# Two versions of the msmpeg4 decoder differ by up to 2 levels on a few samples.
PLANES_TOLERANCE = {"vtest.avi": {"most": 8, "share": 1e-4}}


def with_first(graph: str, frames: Pictures) -> Pictures:
    """The script's pictures, with frame 0, compared with itself, where the graph shows it too."""
    motion = SCRIPTS[graph](frames)
    if graph == "motion_subtract":
        return motion
    return np.concatenate([SCRIPTS[graph](frames[[0, 0]]), motion])


@pytest.mark.parametrize("graph", SCRIPTS)
def test_on_rgb_frames_the_effect_is_the_scripts(
    graph: str, lossless: tuple[Clip, Pictures], folder: Path, compare: Compare
) -> None:
    clip, frames = lossless
    flowgraph("run", graph, "-i", clip.path, "-o", "%03d.png", *EXACT[graph])
    compare(
        graph, clip.name, "OpenCV script, RGB", pictures_of_files(folder, "*.png"), with_first(graph, frames)
    )


@pytest.mark.parametrize("graph", SCRIPTS)
def test_from_file_to_file_the_planes_are_the_scripts(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in clips:
        flowgraph("run", graph, "-i", clip.path, "-o", "out.mkv", *clip.limits, "--set", "out.codec=ffv1",
                  *EXACT[graph])  # fmt: skip
        theirs = planes_of_pictures(clip, with_first(graph, decoded(clip, "fast")))
        ours = planes_of_file(Path("out.mkv"))
        tolerance = PLANES_TOLERANCE.get(clip.name, {})
        compare(graph, clip.name, "OpenCV script, planes", ours, theirs, **tolerance)


def test_a_longer_lag_compares_with_an_older_frame(
    lossless: tuple[Clip, Pictures], folder: Path, compare: Compare
) -> None:
    clip, frames = lossless
    flowgraph("run", "motion_mix", "-i", clip.path, "-o", "%03d.png", "-p", "lag=9", "-p", "format=bgr24")
    ours = pictures_of_files(folder, "*.png")[1:]
    compare("motion_mix, lag 9", clip.name, "OpenCV script, RGB", ours, scripts.mix(frames, 9))


@pytest.mark.parametrize("graph", ["motion_mix", "motion_two_heads", "motion_ring"])
def test_on_the_decoders_planes_the_result_is_that_of_rgb(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in clips:
        for format in ("auto", "bgr24"):
            flowgraph("run", graph, "-i", clip.path, "-o", f"{format}.mkv", *clip.limits,
                      "--set", "out.codec=ffv1", "-p", f"format={format}")  # fmt: skip
        planes, rgb = (planes_of_file(Path(f"{format}.mkv")) for format in ("auto", "bgr24"))
        compare(f"{graph}, auto", clip.name, "format=bgr24, share beyond 1", planes, rgb,
                most=16, share=1e-3, beyond=1, psnr=45)  # fmt: skip
