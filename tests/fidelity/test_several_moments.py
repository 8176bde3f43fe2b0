"""Frames mixed with earlier ones, against FFmpeg 5.1's own filters."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Compare, filtered, pictures_of

RGB = ("--set", "video.rgb=accurate", "--set", "video.format=bgr24")


def past(lag: int, stream: str, name: str) -> str:
    """FFmpeg's way to delay a stream: its first frame is repeated."""
    return f"[{stream}]tpad=start={lag}:start_mode=clone[{name}]"


@pytest.fixture
def compared(clips: list[Clip]) -> list[Clip]:
    """A drawn clip, one of odd size, and a filmed one."""
    return [*clips[:2], *clips[5:6]]


@pytest.mark.compares("motion_layers")
def test_layers_are_a_tmix_of_as_many_frames(compared: list[Clip], folder: Path, compare: Compare) -> None:
    lags = ("-p", "first=2", "-p", "second=5", "-p", "third=7")
    for clip in compared:
        ours = pictures_of("motion_layers", clip, *RGB, *lags)
        theirs = filtered(clip, "format=gbrp,tmix=frames=8:weights=0.1 0 0.2 0 0 0.3 0 0.4:scale=1")
        # Tenths have no exact binary form: where the sum lies half-way, FFmpeg's float32 decides by chance.
        compare("motion_layers", clip.name, "ffmpeg 5.1 tmix", ours, theirs, most=2, share=0.1)
        ours = pictures_of(
            "motion_layers", clip, *RGB, *lags, "--set", "layers.weights=[0.5,0.25,0.125,0.125]"
        )
        theirs = filtered(clip, "format=gbrp,tmix=frames=8:weights=0.125 0 0.125 0 0 0.25 0 0.5:scale=1")
        compare("motion_layers, binary weights", clip.name, "ffmpeg 5.1 tmix", ours, theirs)


@pytest.mark.compares("channel_delay")
def test_delayed_channels_are_ffmpegs_planes_merged(
    compared: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in compared:
        # FFmpeg delays by times, not by frames, which parts the two where a recording has gaps.
        graph = (
            "format=gbrp,setpts=N/25/TB,extractplanes=r+g+b[r][g][b];"
            f"{past(4, 'g', 'g4')};{past(8, 'b', 'b8')};"
            f"[g4][b8][r]mergeplanes=0x001020:gbrp,trim=end_frame={clip.frames}"
        )
        ours = pictures_of("channel_delay", clip, "--set", "video.rgb=accurate")
        compare("channel_delay", clip.name, "ffmpeg 5.1 mergeplanes", ours, filtered(clip, graph))


FORMULAS = {
    "a / 3 + 2 * abs(a - b)": "lut2={}='clip(round(x/3+2*abs(x-y)),0,255)'",
    "if(x < w / 2, a, abs(a - b) * 3)": "blend={}_expr='if(lt(X,W/2),A,clip(abs(A-B)*3,0,255))'",
    "128 + (a - b) * sin(2 * PI * t + y / 9)": "blend={}_expr='clip(round(128+(A-B)*sin(2*PI*T+Y/9)),0,255)'",
}


@pytest.mark.compares("motion_expression")
@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_gives_what_ffmpegs_expressions_give(
    formula: str, compared: list[Clip], folder: Path, compare: Compare
) -> None:
    name, _, expression = FORMULAS[formula].partition("=")
    merged = name + "=" + ":".join(expression.format(f"c{k}") for k in range(3))
    for clip in compared:
        graph = f"format=gbrp,split[a][b];{past(5, 'b', 'p')};[a][p]{merged},trim=end_frame={clip.frames}"
        ours = pictures_of(
            "motion_expression", clip, "--set", "video.rgb=accurate", "-p", f"formula={formula}"
        )
        compare(f"motion_expression: {name}", clip.name, f"ffmpeg 5.1 {name}", ours, filtered(clip, graph))


@pytest.mark.compares("motion_glow")
@pytest.mark.parametrize("mode", ["addition", "screen"])
def test_a_glow_is_ffmpegs_motion_under_a_gaussian(
    mode: str, compared: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in compared:
        ours = pictures_of("motion_glow", clip, "--set", "video.rgb=accurate", "-p", f"mode={mode}")
        motion = filtered(clip, "format=gbrp,tmix=frames=5:weights=-1 0 0 0 1:scale=2").astype(np.float32)
        light = np.stack([np.rint(cv2.GaussianBlur(frame, (41, 41), 5)) for frame in motion])
        scene = filtered(clip, "format=gbrp").astype(np.int32)
        over = 255 - (255 - scene) * (255 - light) // 255 if mode == "screen" else scene + light
        theirs = np.clip(over, 0, 255).astype(np.uint8)
        # The blur works on halved pictures of 8 bits.
        compare(
            f"motion_glow: {mode}",
            clip.name,
            "ffmpeg 5.1 tmix, Gaussian",
            ours,
            theirs,
            most=3,
            share=0.01,
            beyond=1,
        )
