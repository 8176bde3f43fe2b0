"""The format `auto`: sums that can't clip are made on the decoder's own planes, and mean the same there."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_clips import shared_clips, soft_clip
from fidelity_tools import Clip, Compare, Samples, flowgraph, planes_of_file
from numpy.typing import NDArray

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


@pytest.mark.compares(*LAGS)
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


@pytest.mark.compares(*LAGS)
@pytest.mark.parametrize("graph", LAGS)
def test_where_rgb_clips_nothing_the_result_is_that_of_rgb(
    graph: str, folder: Path, compare: Compare
) -> None:
    for clip in (soft_clip(folder), *shared_clips()):
        planes, rgb = (run(graph, clip, format) for format in ("auto", "bgr24"))
        inside = in_gamut(clip, LAGS[graph])
        compare(f"{graph}, auto", clip.name, "bgr24, in gamut, beyond 1", planes[inside], rgb[inside],
                most=4, share=1e-3, beyond=1, psnr=50)  # fmt: skip


@pytest.mark.compares(*LAGS)
@pytest.mark.parametrize("graph", LAGS)
def test_where_rgb_clips_or_colours_jump_the_result_is_near_that_of_rgb(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    # RGB repeats chroma samples and filters them on the way back, which softens hard edges of colour.
    for clip in clips:
        planes, rgb = (run(graph, clip, format) for format in ("auto", "bgr24"))
        compare(f"{graph}, auto", clip.name, "bgr24, all, beyond 1", planes, rgb,
                most=24, share=2e-2, beyond=1, psnr=45)  # fmt: skip


def in_gamut(clip: Clip, lag: int) -> NDArray[np.bool_]:
    """Which samples depend on no pixel, now or `lag` frames ago, whose RGB values would be clipped."""
    frames = planes_of_file(clip.path, "-frames:v", str(clip.frames)).reshape(-1, clip.samples)
    inside = [_in_gamut(clip, frame) for frame in frames]
    pairs = ((inside[k], inside[max(0, k - lag)]) for k in range(len(inside)))
    return np.concatenate([now & past for now, past in pairs])


def _in_gamut(clip: Clip, frame: Samples) -> NDArray[np.bool_]:
    height, width = clip.height, clip.width
    luma = frame[: width * height].reshape(height, width).astype(np.float32)
    u, v = frame[width * height :].reshape(2, height // 2, width // 2).astype(np.float32) - 128
    black, span = (0, (1, 1)) if "yuvj" in clip.tail else (16, (255 / 219, 255 / 224))
    y = (luma - black) * span[0]
    u, v = (plane.repeat(2, 0).repeat(2, 1) * span[1] for plane in (u, v))
    red, blue = (0.2126, 0.0722) if "bt709" in clip.tail else (0.299, 0.114)
    r, b = y + 2 * (1 - red) * v, y + 2 * (1 - blue) * u
    g = (y - red * r - blue * b) / (1 - red - blue)
    inside = np.all([(plane > -0.5) & (plane < 255.5) for plane in (r, g, b)], axis=0)
    # Each chroma sample is made of several pixels by a bicubic filter.
    around = cv2.erode(inside.astype(np.uint8), np.ones((9, 9), np.uint8))[::2, ::2].ravel() == 1
    return np.concatenate([inside.ravel(), around, around])


@pytest.mark.compares("motion_ring")
def test_a_resized_picture_is_computed_in_rgb_either_way(
    clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in clips[:3]:
        free, rgb = (run("motion_ring", clip, format) for format in ("auto", "bgr24"))
        compare("motion_ring, auto", clip.name, "format=bgr24", free, rgb)
