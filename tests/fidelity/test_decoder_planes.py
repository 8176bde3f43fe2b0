"""The format `auto`: sums that can't clip are made on the decoder's own planes, and mean the same there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fidelity_clips import soft_clip
from fidelity_tools import Clip, Compare, Samples, flowgraph, planes_of_file

LAGS = {"motion_mix": 1, "motion_two_heads": 5}


def run(graph: str, clip: Clip, format: str) -> Samples:
    """The planes that a graph writes."""
    flowgraph("run", graph, "-i", clip.path, "-o", f"{format}.mkv", *clip.limits, "--set", "out.codec=ffv1",
              "-p", f"format={format}")  # fmt: skip
    return planes_of_file(Path(f"{format}.mkv"))


def halves(clip: Clip, lag: int) -> Samples:
    """Half of each frame and half of the inverted earlier one, on the planes of the file."""
    planes = (
        planes_of_file(clip.path, "-frames:v", str(clip.frames)).reshape(-1, clip.samples).astype(np.int32)
    )
    past = planes[np.maximum(0, np.arange(len(planes)) - lag)]
    luma = clip.width * clip.height
    # Inverted: chroma about 128, and luma between black and white, 16 and 235 or 0 and 255.
    white_and_black = np.full(clip.samples, 256, np.int32)
    white_and_black[:luma] = 255 if "yuvj" in clip.tail else 251
    mixed = np.rint((planes + white_and_black - past) / 2)
    return np.clip(mixed, 0, 255).astype(np.uint8).ravel()


@pytest.mark.parametrize("graph", LAGS)
def test_the_sum_on_planes_is_exact(graph: str, clips: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in clips:
        ours = run(graph, clip, "auto")
        # Two versions of the msmpeg4 decoder differ by up to 2 levels on a few samples.
        tolerance = {"most": 2, "share": 1e-4} if clip.name == "vtest.avi" else {}
        compare(
            f"{graph}, auto",
            clip.name,
            "the same sum on planes",
            ours,
            halves(clip, LAGS[graph]),
            **tolerance,
        )


@pytest.mark.parametrize("graph", LAGS)
def test_where_no_colour_clips_or_jumps_the_result_is_that_of_rgb(
    graph: str, folder: Path, compare: Compare
) -> None:
    clip = soft_clip(folder)
    planes, rgb = (run(graph, clip, format) for format in ("auto", "bgr24"))
    compare(f"{graph}, auto", clip.name, "format=bgr24, share beyond 1", planes, rgb,
            most=4, share=1e-3, beyond=1, psnr=50)  # fmt: skip


@pytest.mark.parametrize("graph", LAGS)
def test_where_colours_clip_or_jump_the_result_is_near_that_of_rgb(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in clips:
        planes, rgb = (run(graph, clip, format) for format in ("auto", "bgr24"))
        compare(f"{graph}, auto", clip.name, "format=bgr24, share beyond 1", planes, rgb,
                most=24, share=2e-2, beyond=1, psnr=45)  # fmt: skip


def test_a_resized_picture_is_computed_in_rgb_either_way(
    clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in clips[:3]:
        free, rgb = (run("motion_ring", clip, format) for format in ("auto", "bgr24"))
        compare("motion_ring, auto", clip.name, "format=bgr24", free, rgb)
