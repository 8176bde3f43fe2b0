"""Motion videos against the filters that the Musical Gestures Toolbox has FFmpeg run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fidelity_tools import Clip, Compare, filtered, flowgraph, pictures_of_files

# The Toolbox's FFmpeg compares with a constant picture, which it draws in YUV; a table has the exact number.
REGULAR = "lutrgb=r='if(lt(val,13),0,val)':g='if(lt(val,13),0,val)':b='if(lt(val,13),0,val)'"
BINARY = "lutrgb=r='if(lt(val,13),0,255)':g='if(lt(val,13),0,255)':b='if(lt(val,13),0,255)'"
DIFFERENCE = "tblend=all_mode=difference"

CASES = {
    "regular": (f"{DIFFERENCE},{REGULAR}", []),
    "binary": (f"{DIFFERENCE},{BINARY}", ["-p", "filter=binary"]),
    "blob": (f"{DIFFERENCE},median=radius=5:percentile=0", ["-p", "filter=blob"]),
    "blurred": (f"avgblur=sizeX=10,{DIFFERENCE},{REGULAR}", ["-p", "blur=10"]),
    "median": (f"{DIFFERENCE},{REGULAR},median=radius=2", ["-p", "median=2"]),
    "inverted": (f"{DIFFERENCE},{BINARY},negate", ["-p", "filter=binary", "-p", "inverted=true"]),
}


@pytest.mark.compares("motion_video")
@pytest.mark.parametrize("kind", CASES)
def test_a_motion_video_is_the_toolboxs(kind: str, clips: list[Clip], folder: Path, compare: Compare) -> None:
    graph, settings = CASES[kind]
    for clip in clips[:2] + clips[5:]:
        out = folder / clip.name
        out.mkdir()
        flowgraph("run", "motion_video", "-i", clip.path, "-o", out / "%03d.png", "-p", "rgb=accurate",
                  *clip.limits, *settings)  # fmt: skip
        theirs = filtered(clip, f"format=gbrp,{graph}")
        # Two FFmpeg versions decode a few samples of msmpeg4v3 differently, some of them at the level.
        loose = {"most": 255, "share": 1e-4} if clip.name == "vtest.avi" else {}
        compare(
            f"motion_video: {kind}", clip.name, "ffmpeg 5.1", pictures_of_files(out, "*.png"), theirs, **loose
        )


@pytest.mark.compares("motion_video")
def test_a_gray_motion_video_is_that_of_the_decoders_luma(
    clips: list[Clip], folder: Path, compare: Compare
) -> None:
    clip = clips[0]
    flowgraph("run", "motion_video", "-i", clip.path, "-o", "%03d.png", "-p", "colours=gray", *clip.limits)
    luma = filtered(clip, f"format=gray,{DIFFERENCE}")
    theirs = np.where(luma < 13, 0, luma).astype(np.uint8)
    # Two versions of libswscale make gray that differs by 1, also at the level.
    compare("motion_video: gray", clip.name, "ffmpeg 5.1", pictures_of_files(folder, "*.png"), theirs,
            most=14, share=0.1)  # fmt: skip
