"""The graphs of "Posy's Motion Amplification" that are FFmpeg filter graphs, against FFmpeg 5.1 itself."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fidelity_tools import (
    Clip,
    Compare,
    Pictures,
    filtered,
    filtered_planes,
    flowgraph,
    pictures_of_files,
    planes_of_file,
)

GRAPHS = {
    "motion_tblend": "tblend=all_mode=subtract",
    "motion_tmix": "tmix=frames=3:weights=-1 0 1:scale=2",
    "motion_multiply128": (
        "split[v1][v2];[v1]tmix=frames=3:weights=-1 0 1:scale=2[ov1];[v2][ov1]blend=all_mode=multiply128"
    ),
    "motion_bloom": (
        "split[v1][v2];[v1]tmix=frames=5:weights=-1 0 0 0 1:scale=2[ov1];"
        "[ov1]gblur=steps=6:sigma=5[ov2];[v2][ov2]blend=all_mode=addition"
    ),
}
EXTRA = {"motion_bloom": ["-p", "blur=ffmpeg"]}
# The recursive blur sums float32 in an order that compilers choose.
RGB_TOLERANCE = {"motion_bloom": {"most": 1, "share": 1e-5}}
# Two versions of the msmpeg4 decoder differ by up to 2 levels on a few samples.
# The libswscale of FFmpeg 5.1 and that of PyAV round full-range chroma differently.
PLANES_TOLERANCE = {"vtest.avi": {"most": 8, "share": 1e-4}, "full.mp4": {"most": 1, "share": 0.3}}


@pytest.mark.compares(*GRAPHS)
@pytest.mark.parametrize("graph", GRAPHS)
def test_on_rgb_frames_the_effect_is_ffmpegs(
    graph: str, lossless: tuple[Clip, Pictures], folder: Path, compare: Compare
) -> None:
    clip, _ = lossless
    flowgraph("run", graph, "-i", clip.path, "-o", "%03d.png", *EXTRA.get(graph, []))
    theirs = filtered(clip, f"format=gbrp,{GRAPHS[graph]},format=gbrp")
    ours = pictures_of_files(folder, "*.png")
    compare(graph, clip.name, "ffmpeg 5.1, RGB", ours, theirs, **RGB_TOLERANCE.get(graph, {}))


@pytest.mark.compares(*GRAPHS)
@pytest.mark.parametrize("graph", GRAPHS)
def test_from_file_to_file_the_planes_are_ffmpegs(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    for clip in (clip for clip in clips if not clip.odd):
        flowgraph("run", graph, "-i", clip.path, "-o", "out.mkv", *clip.limits, "--set", "out.codec=ffv1",
                  "--set", "video.rgb=accurate", *EXTRA.get(graph, []))  # fmt: skip
        theirs = filtered_planes(clip, f"format=gbrp,{GRAPHS[graph]}")
        tolerance = PLANES_TOLERANCE.get(clip.name, RGB_TOLERANCE.get(graph, {}))
        compare(graph, clip.name, "ffmpeg 5.1, planes", planes_of_file(Path("out.mkv")), theirs, **tolerance)


@pytest.mark.compares("motion_multiply128")
def test_the_command_gives_ffmpegs_planes(clips: list[Clip], folder: Path, compare: Compare) -> None:
    clip = clips[0]
    call = "run motion_multiply128 -o out.mkv --frames 20 --set out.codec=ffv1 --set video.rgb=accurate -i"
    command = [sys.executable, "-m", "flowgraph", *call.split(), str(clip.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    theirs = filtered_planes(replace(clip, frames=20), f"format=gbrp,{GRAPHS['motion_multiply128']}")
    compare(
        "motion_multiply128, command line",
        clip.name,
        "ffmpeg 5.1, planes",
        planes_of_file(Path("out.mkv")),
        theirs,
    )


@pytest.mark.compares(*GRAPHS)
@pytest.mark.parametrize("graph", GRAPHS)
def test_from_an_odd_sized_file_the_rgb_is_ffmpegs(
    graph: str, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    (clip,) = (clip for clip in clips if clip.odd)
    flowgraph(
        "run", graph, "-i", clip.path, "-o", "%03d.png", "--set", "video.rgb=accurate", *EXTRA.get(graph, [])
    )
    theirs = filtered(clip, f"format=gbrp,{GRAPHS[graph]},format=gbrp")
    ours = pictures_of_files(folder, "*.png")
    compare(graph, clip.name, "ffmpeg 5.1, RGB", ours, theirs, **RGB_TOLERANCE.get(graph, {}))


@pytest.mark.compares("motion_bloom")
def test_the_gaussian_bloom_is_near_ffmpegs(clips: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in clips:
        flowgraph("run", "motion_bloom", "-i", clip.path, "-o", "out.mkv", *clip.limits,
                  "--set", "out.codec=ffv1", "--set", "video.rgb=accurate")  # fmt: skip
        theirs = filtered_planes(clip, f"format=gbrp,{GRAPHS['motion_bloom']}")
        ours = planes_of_file(Path("out.mkv"))
        compare(
            "motion_bloom, gaussian", clip.name, "ffmpeg 5.1, planes", ours, theirs, most=64, share=1, psnr=45
        )


@pytest.mark.compares("motion_tmix")
def test_the_default_rgb_is_near_ffmpegs(clips: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in clips:
        flowgraph(
            "run", "motion_tmix", "-i", clip.path, "-o", "out.mkv", *clip.limits, "--set", "out.codec=ffv1"
        )
        theirs = filtered_planes(clip, f"format=gbrp,{GRAPHS['motion_tmix']}")
        ours = planes_of_file(Path("out.mkv"))
        compare("motion_tmix, fast", clip.name, "ffmpeg 5.1, planes", ours, theirs, most=64, share=1, psnr=40)
