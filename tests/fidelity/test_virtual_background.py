"""The virtual background against its article's own loop."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from fidelity_clips import draw
from fidelity_tools import Clip, Compare, Pictures, flowgraph, pictures_of, pictures_of_files, watched

from flowgraph.frame import Plane


@pytest.fixture
def photo(folder: Path) -> Plane:
    """A picture larger than the clips and of another shape, written as photo.png."""
    grain = np.random.default_rng(3).integers(0, 256, (45, 80, 3), dtype=np.uint8)
    picture = cv2.resize(grain, (600, 341), interpolation=cv2.INTER_CUBIC)
    assert cv2.imwrite("photo.png", picture)
    return picture


def scripts(frames: Pictures, background: Plane) -> Pictures:
    """The loop of "Virtual Background For Video Conferencing In Python and OpenCV", up to the clip's end."""
    frame_counter = 0
    previous_frame = next_frame = frames[0]
    found: list[Plane] = []
    for iterations, frame in enumerate(frames, 1):
        if frame_counter % 2 == 1:
            next_frame = frame
        if frame_counter % 2 == 0:
            frame_counter = 0
            previous_frame = frame
        frame_counter += 1
        if iterations > 2:
            difference = cv2.absdiff(previous_frame, next_frame)
            mask = cv2.cvtColor(difference, cv2.COLOR_BGR2GRAY)
            result = np.zeros_like(next_frame, np.uint8)
            size = (result.shape[1], result.shape[0])
            resized = cv2.resize(background, size, interpolation=cv2.INTER_AREA)
            result[mask > 3] = next_frame[mask > 3]
            result[mask <= 3] = resized[mask <= 3]
            found.append(result)
    return np.stack(found)


@pytest.mark.compares("virtual_background")
def test_taken_literally_the_virtual_background_is_the_scripts(
    clips: list[Clip], photo: Plane, folder: Path, compare: Compare
) -> None:
    for clip in clips:
        out = folder / clip.name
        out.mkdir()
        flowgraph("run", "virtual_background", "-i", clip.path, "-o", out / "%03d.png", *clip.limits,
                  "-p", "background=photo.png", "-p", "literal=true")  # fmt: skip
        theirs = scripts(watched(clip), photo)
        ours = pictures_of_files(out, "*.png")
        compare("virtual_background", clip.name, "OpenCV script", ours, theirs)


def test_by_default_each_frame_shows_its_own_motion_and_none_is_left_out(
    lossless: tuple[Clip, Pictures], photo: Plane, folder: Path
) -> None:
    clip, frames = lossless
    flowgraph("run", "virtual_background", "-i", clip.path, "-o", "out%03d.png", "-p", "background=photo.png")
    ours = pictures_of_files(folder, "out*.png")
    assert len(ours) == len(frames)
    for k, frame in enumerate(frames):
        moved = cv2.cvtColor(cv2.absdiff(frame, frames[max(0, k - 1)]), cv2.COLOR_BGR2GRAY) > 3
        np.testing.assert_array_equal(ours[k][moved], frame[moved])
        # Nothing has moved in the first frame: it is all background.
        np.testing.assert_array_equal(ours[k][~moved], ours[0][~moved])


def without_small_parts(mask: Plane, most: int, connectivity: int) -> Plane:
    """A mask less the connected parts of up to `most` pixels."""
    count, labels = cv2.connectedComponents(mask, connectivity=connectivity)
    kept = np.zeros_like(mask)
    for label in range(1, count):
        part = labels == label
        if np.count_nonzero(part) > most:
            kept[part] = 255
    return kept


def learnt(frames: Pictures, method: str, level: float) -> Pictures:
    """People found by OpenCV's models as its tutorials use them, cleaned, on black."""
    if method == "mog2":
        model = cv2.createBackgroundSubtractorMOG2(varThreshold=level, detectShadows=False)
    else:
        model = cv2.createBackgroundSubtractorKNN(dist2Threshold=level, detectShadows=False)
    found: list[Plane] = []
    for number, frame in enumerate(frames):
        # KNN draws lots.
        cv2.setRNGSeed(number)
        mask = model.apply(frame)
        for operation, side in ((cv2.MORPH_OPEN, 3), (cv2.MORPH_CLOSE, 9)):
            disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
            mask = cv2.morphologyEx(mask, operation, disc)
        clean = without_small_parts(mask, 199, 8)
        clean = 255 - without_small_parts(255 - clean, 2000, 4)
        soft = cv2.GaussianBlur(clean.astype(np.float32), (0, 0), 2)[..., None] / 255
        found.append(np.rint(frame * soft).astype(np.uint8))
    return np.stack(found)


@pytest.mark.compares("virtual_background_adaptive")
@pytest.mark.parametrize(("model", "level"), [("mog2", 25), ("knn", 400)])
def test_the_learnt_background_is_opencvs(
    model: str, level: float, clips: list[Clip], folder: Path, compare: Compare
) -> None:
    assert cv2.imwrite("black.png", np.zeros((8, 8, 3), np.uint8))
    for clip in [clips[0], *clips[6:]]:
        ours = pictures_of("virtual_background_adaptive", clip, "-p", "background=black.png",
                           "-p", f"model={model}", "-p", f"level={level}", "-p", "shadows=keep")  # fmt: skip
        compare(f"virtual_background_adaptive: {model}", clip.name, f"OpenCV's {model.upper()}, script", ours,
                learnt(watched(clip), model, level), most=2, share=0.01, beyond=1)  # fmt: skip


@pytest.mark.parametrize(("model", "level"), [("mog2", "25"), ("knn", "400")])
def test_the_learnt_background_leaves_the_moving_shapes(model: str, level: str, folder: Path) -> None:
    drawn = draw(134, 98, 7)
    frames = [drawn[0]] * 60 + list(drawn[1:13])
    for k, frame in enumerate(frames):
        assert cv2.imwrite(f"in{k:03d}.png", frame)
    assert cv2.imwrite("black.png", np.zeros((8, 8, 3), np.uint8))
    flowgraph("run", "virtual_background_adaptive", "-i", "in%03d.png", "-o", "out%03d.png",
              "-p", "background=black.png", "-p", f"model={model}", "-p", f"level={level}",
              "-p", "shadows=keep", "-p", "edge=0.5")  # fmt: skip
    shares: list[float] = []
    for shown, frame in zip(pictures_of_files(folder, "out*.png"), frames, strict=True):
        found = shown.max(axis=2) > frame.max(axis=2) // 2
        truth = np.abs(frame.astype(int) - frames[0]).max(axis=2) > 8
        shares.append(float((found & truth).sum() / max(1, (found | truth).sum())))
    assert min(shares[60:]) > 0.85
