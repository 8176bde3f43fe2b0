"""Keyframes, their displays and their masks, against FFmpeg 5.1 and ImageMagick 6."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fidelity_tools import Clip, Compare, decoded, ffmpeg, flowgraph, imagemagick, pictures_of_files

KEYFRAMES = ["-skip_frame", "nokey"]


@pytest.fixture
def tiffs(folder: Path) -> Path:
    """Where keyframes stand as TIFF files, as ImageMagick reads them right: in RGB."""
    (folder / "tiffs").mkdir()
    return folder / "tiffs"


def extract(clip: Clip, tiffs: Path, *options: str) -> list[Path]:
    """Write frames as TIFF files: the keyframes, if `options` say so."""
    for old in tiffs.glob("*"):
        old.unlink()
    ffmpeg(*options, "-i", clip.path, "-frames:v", str(clip.frames), "-fps_mode", "passthrough",
           "-pix_fmt", "rgb24", "-f", "image2", tiffs / "t%02d.tiff")  # fmt: skip
    return sorted(tiffs.glob("t*.tiff"))


@pytest.fixture
def keyed(clips: list[Clip]) -> list[Clip]:
    """The clips of which FFmpeg 5.1 makes RGB by tables, limited to their first four keyframes."""
    return [replace(clip, frames=4) for clip in clips if not clip.odd]


@pytest.mark.compares("keyframes")
def test_keyframes_are_ffmpegs(keyed: list[Clip], folder: Path, compare: Compare) -> None:
    for clip in keyed:
        out = folder / clip.name
        out.mkdir()
        flowgraph("run", "keyframes", "-i", clip.path, "-o", out / "k%03d.png", *clip.limits)
        ours = pictures_of_files(out, "*.png")
        compare(
            "keyframes", clip.name, "ffmpeg 5.1 -skip_frame nokey", ours, decoded(clip, "fast", *KEYFRAMES)
        )


@pytest.mark.compares("keyframe_display")
def test_keyframe_display_is_imagemagicks_darken(
    keyed: list[Clip], tiffs: Path, folder: Path, compare: Compare
) -> None:
    for clip in keyed:
        flowgraph("run", "keyframe_display", "-i", clip.path, "-o", "display.png", *clip.limits)
        darkest = ["-background", "white", "-compose", "darken", "-flatten"]
        imagemagick(*extract(clip, tiffs, *KEYFRAMES), *darkest, "display.ppm")
        ours, theirs = (pictures_of_files(folder, f"display.{kind}") for kind in ("png", "ppm"))
        compare("keyframe_display", clip.name, "convert -compose darken -flatten", ours, theirs)


@pytest.mark.compares("average_image")
@pytest.mark.parametrize("count", [2, 7, 24])
def test_average_image_is_imagemagicks_mean(
    count: int, keyed: list[Clip], tiffs: Path, folder: Path, compare: Compare
) -> None:
    for short in (replace(clip, frames=count) for clip in keyed[:4]):
        flowgraph("run", "average_image", "-i", short.path, "-o", "average.png", *short.limits)
        imagemagick(*extract(short, tiffs), "-evaluate-sequence", "mean", "average.ppm")
        ours, theirs = (pictures_of_files(folder, f"average.{kind}") for kind in ("png", "ppm"))
        compare(f"average_image of {count}", short.name, "convert -evaluate-sequence mean", ours, theirs)


@pytest.mark.compares("masks_first_frame", "masks_adaptive_background")
@pytest.mark.parametrize("graph", ["masks_first_frame", "masks_adaptive_background"])
def test_masks_and_foreground_are_imagemagicks(
    graph: str, keyed: list[Clip], tiffs: Path, folder: Path, compare: Compare
) -> None:
    for clip in keyed:
        ours = folder / f"{graph}-{clip.name}"
        ours.mkdir()
        flowgraph("run", graph, "-i", clip.path, "-o", ours / "clean%03d.png",
                  "-p", f"masks={ours}/mask%03d.png", *clip.limits)  # fmt: skip
        pictures = extract(clip, tiffs, *KEYFRAMES)
        background = pictures[0]
        if graph == "masks_adaptive_background":
            background = folder / "background.tiff"
            imagemagick(*pictures, "-background", "black", "-compose", "lighten", "-flatten", background)
        for picture in pictures:
            mask = picture.with_suffix(".mask.tiff")
            imagemagick(background, picture, "-compose", "difference", "-composite", "-threshold", "5%",
                        "-blur", "0x3", "-threshold", "20%", "-blur", "0x3", mask)  # fmt: skip
            # PNG files of ImageMagick 6 round 16 bits down, PPM files to the nearest.
            imagemagick(mask, picture.with_suffix(".mask.ppm"))
            imagemagick(picture, mask, "-compose", "multiply", "-flatten", picture.with_suffix(".clean.ppm"))
        for kind in ("mask", "clean"):
            theirs = pictures_of_files(tiffs, f"*.{kind}.ppm")
            compare(
                f"{graph}: {kind}",
                clip.name,
                "ImageMagick 6",
                pictures_of_files(ours, f"{kind}*.png"),
                theirs,
            )


@pytest.mark.compares("masks_adaptive_background")
def test_a_foreground_jpeg_is_written_as_imagemagick_does(
    keyed: list[Clip], folder: Path, compare: Compare
) -> None:
    clip = keyed[0]
    flowgraph("run", "masks_adaptive_background", "-i", clip.path, "-o", "ours%03d.jpg", *clip.limits)
    flowgraph("run", "masks_adaptive_background", "-i", clip.path, "-o", "exact%03d.png", *clip.limits)
    for picture in sorted(folder.glob("exact*.png")):
        imagemagick(picture, "-sampling-factor", "1x1", "-quality", "92", picture.with_suffix(".jpg"))
    ours, theirs = (pictures_of_files(folder, f"{name}*.jpg") for name in ("ours", "exact"))
    compare("masks_adaptive_background: jpeg", clip.name, "ImageMagick 6, quality 92, 4:4:4", ours, theirs)
