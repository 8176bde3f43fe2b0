"""Two and more videos in one picture, against FFmpeg 5.1 and a script."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Clip, Compare, Pictures, ffmpeg, filtered, pictures_of
from numpy.typing import NDArray

WITHOUT_LABELS = [word for name in ("label", "label2", "label3") for word in ("-p", f"{name}=")]


@pytest.fixture
def others(lossless: tuple[Clip, Pictures], folder: Path) -> list[Path]:
    """Three videos of the same size: at half the rate, upside down, and a mirror image."""
    made: list[Path] = []
    for name, change in (("slow", "setpts=2*PTS"), ("turned", "vflip"), ("mirrored", "hflip")):
        made.append(folder / f"{name}.mkv")
        ffmpeg("-i", lossless[0].path, "-vf", change, "-fps_mode", "passthrough", "-c:v", "ffv1", made[-1])
    return made


def stacked(clip: Clip, others: list[Path], graph: str, across: int, down: int) -> Pictures:
    """What FFmpeg makes of a clip [a] and others [b], [c], ..., each pair of black lines 4 samples wide."""
    loaded = [
        f"movie={path.name},tpad=stop=1:stop_mode=clone,fps=25:round=down,format=gbrp[{name}]"
        for path, name in zip(others, "bcd", strict=False)
    ]
    size = (clip.width * across + 4 * (across - 1), clip.height * down + 4 * (down - 1))
    whole = Clip(clip.name, clip.path, *size, clip.frames)
    return filtered(whole, f"format=gbrp[a];{';'.join(loaded)};{graph},trim=end_frame={clip.frames}")


@pytest.mark.compares("compare_takes")
def test_two_takes_stand_side_by_side_as_ffmpeg_stacks_them(
    lossless: tuple[Clip, Pictures], others: list[Path], compare: Compare
) -> None:
    clip, _ = lossless
    for other in others[:2]:
        ours = pictures_of("compare_takes", clip, "-p", f"input2={other}", *WITHOUT_LABELS[:4])
        theirs = stacked(clip, [other], "[a]pad=iw+4:ih[left];[left][b]hstack", 2, 1)
        compare(f"compare_takes: {other.stem}", clip.name, "ffmpeg 5.1 hstack", ours, theirs)


@pytest.mark.compares("compare_takes")
def test_a_take_that_is_ahead_is_the_one_ffmpeg_cuts(
    lossless: tuple[Clip, Pictures], others: list[Path], compare: Compare
) -> None:
    clip, _ = lossless
    ours = pictures_of(
        "compare_takes", clip, "-p", f"input2={others[1]}", "-p", "offset=0.4", *WITHOUT_LABELS[:4]
    )
    graph = "[b]trim=start=0.4,setpts=PTS-STARTPTS,tpad=stop=10:stop_mode=clone[cut];"
    theirs = stacked(clip, others[1:2], f"{graph}[a]pad=iw+4:ih[left];[left][cut]hstack", 2, 1)
    compare("compare_takes: 0.4 s ahead", clip.name, "ffmpeg 5.1 trim, hstack", ours, theirs)


@pytest.mark.compares("compare_four_takes")
def test_four_takes_stand_in_a_grid_as_ffmpeg_stacks_them(
    lossless: tuple[Clip, Pictures], others: list[Path], compare: Compare
) -> None:
    clip, _ = lossless
    inputs = [word for k, path in enumerate(others, 2) for word in ("-p", f"input{k}={path}")]
    layout = f"0_0|{clip.width + 4}_0|0_{clip.height + 4}|{clip.width + 4}_{clip.height + 4}"
    theirs = stacked(clip, others, f"[a][b][c][d]xstack=inputs=4:layout={layout}:fill=black", 2, 2)
    ours = pictures_of("compare_four_takes", clip, *inputs, *WITHOUT_LABELS)
    compare("compare_four_takes", clip.name, "ffmpeg 5.1 xstack", ours, theirs)


@pytest.mark.compares("mixer")
def test_a_mixer_fades_and_shows_the_other_one_small(
    lossless: tuple[Clip, Pictures], others: list[Path], compare: Compare
) -> None:
    clip, frames = lossless
    ours = pictures_of(
        "mixer", clip, "-p", f"input2={others[1]}", "-p", "fade=3", "--set-at", "6:scene.choice=2"
    )
    flipped = frames[:, ::-1]
    shares = np.clip((np.arange(clip.frames) - 5) / 4, 0, 1)[:, None, None, None]
    theirs = mixed(frames, flipped, shares)
    for shown, other in zip(theirs, mixed(flipped, frames, shares), strict=True):
        size = (clip.width // 4, clip.height // 4)
        small = cv2.resize(other, size, interpolation=cv2.INTER_AREA)
        shown[-size[1] - 16 : -16, -size[0] - 16 : -16] = small
    compare("mixer", clip.name, "script with OpenCV", ours, theirs)


def mixed(first: Pictures, second: Pictures, shares: NDArray[np.float64]) -> Pictures:
    """Two videos, the second one with so much of a share."""
    return np.rint(first * (1 - shares) + second * shares).astype(np.uint8)
