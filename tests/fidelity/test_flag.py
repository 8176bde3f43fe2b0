"""Flags cut out of a drawn clip, against the exact masks."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_tools import Note, flowgraph, pictures_of_files
from flag_clip import Masks, Pictures, agreement, flicker, waving_flag


@pytest.fixture(scope="module")
def flag() -> tuple[Pictures, Masks]:
    """Frames, and where the flag is."""
    return waving_flag()


@pytest.fixture
def written(flag: tuple[Pictures, Masks], folder: Path) -> tuple[Pictures, Masks]:
    """The same, with the frames and the first mask written as pictures."""
    frames, masks = flag
    for k, frame in enumerate(frames):
        assert cv2.imwrite(f"in{k:03d}.png", frame)
    assert cv2.imwrite("mask.png", masks[0] * np.uint8(255))
    return flag


def shown(folder: Path) -> Masks:
    """Where what was written isn't black."""
    return pictures_of_files(folder, "out*.png").max(axis=3) > 0


def quality(shares: list[float]) -> str:
    """What the table says."""
    return f"IoU {np.mean(shares):.4f}, worst {min(shares):.4f}"


@pytest.mark.compares("flag_extract")
def test_a_flag_outlined_once_is_found_in_every_frame_and_flickers_no_more_than_it_waves(
    written: tuple[Pictures, Masks], folder: Path, note: Note
) -> None:
    frames, masks = written
    flowgraph("run", "flag_extract", "-i", "in%03d.png", "-o", "out%03d.png", "-p", "mask=mask.png")
    found = shown(folder)
    shares = agreement(found, masks)
    ratio = flicker(found) / flicker(masks)
    note("flag_extract", "drawn flag", "exact masks", f"{quality(shares)}, flicker {ratio:.2f}")
    assert np.mean(shares) >= 0.97
    assert min(shares) >= 0.95
    assert ratio <= 1
    ours = pictures_of_files(folder, "out*.png")
    np.testing.assert_array_equal(ours[found], frames[found])


def test_the_rest_can_be_kept_and_the_flag_blacked_out(written: tuple[Pictures, Masks], folder: Path) -> None:
    frames, masks = written
    flowgraph("run", "flag_extract", "-i", "in%03d.png", "-o", "out%03d.png", "-p", "mask=mask.png",
              "-p", "flag=0", "-p", "rest=100%", "--frames", "3")  # fmt: skip
    ours = pictures_of_files(folder, "out*.png")
    assert np.mean(agreement(ours.max(axis=3) == 0, masks[:3])) >= 0.95
    middle = (slice(None), slice(5, 25))
    np.testing.assert_array_equal(ours[middle], frames[:3][middle])


@pytest.mark.compares("colour_extract")
def test_a_flag_before_a_sky_is_found_by_colour(
    written: tuple[Pictures, Masks], folder: Path, note: Note
) -> None:
    _, masks = written
    flowgraph("run", "colour_extract", "-i", "in%03d.png", "-o", "out%03d.png",
              "-p", "x=119", "-p", "y=8", "-p", "width=260", "-p", "height=200")  # fmt: skip
    shares = agreement(shown(folder), masks[:, 8:208, 119:379])
    note("colour_extract", "drawn flag", "exact masks", quality(shares))
    assert np.mean(shares) >= 0.96
    assert min(shares) >= 0.94
