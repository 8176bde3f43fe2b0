"""coherence, guided and region_classes."""

import cv2
import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph_nodes._regions import cut, features, painted, shares
from flowgraph_nodes.coherence import Coherence
from flowgraph_nodes.guided import Guided
from flowgraph_nodes.region_classes import RegionClasses


def grain(height: int, width: int, seed: int = 0) -> Plane:
    """Smooth noise that motion can be found in."""
    noise = np.random.default_rng(seed).normal(128, 90, (height, width))
    return cv2.GaussianBlur(noise, (0, 0), 2).clip(0, 255).astype(np.uint8)


def flat(value: int) -> Plane:
    return np.full((32, 40), value, np.uint8)


STILL = [grain(32, 40)] * 6


def levels(node: Coherence, *values: int) -> list[int]:
    frames = run_node(node, [flat(value) for value in values], STILL[: len(values)])
    return [int(frame.data[16, 20]) for frame in frames]


def test_masks_are_mixed_with_those_before() -> None:
    assert levels(Coherence(share=0.5, steady=0), 0, 200, 200, 200) == [0, 100, 150, 175]


def test_a_single_wrong_mask_does_not_show() -> None:
    assert [level > 127 for level in levels(Coherence(share=0.4), 255, 255, 0, 255)] == [True] * 4


def test_a_lasting_change_shows_after_some_frames() -> None:
    seen = [level > 127 for level in levels(Coherence(share=0.4, steady=0.3), 255, 0, 0, 0, 0, 0)]
    assert seen == [True, True, True, True, False, False]


def test_a_mask_moves_along_with_the_picture() -> None:
    picture = grain(96, 160)
    guides = [np.roll(picture, 3 * k, axis=1) for k in range(5)]
    disc = cv2.circle(np.zeros((96, 160), np.uint8), (60, 48), 20, 255, -1)
    nothing = np.full((96, 160), 127, np.uint8)
    out = run_node(Coherence(share=0.1, steady=0.1), [disc, *[nothing] * 4], guides)
    truth = np.roll(disc, 12, axis=1) > 127
    found = out[4].data > 127
    assert (found & truth).sum() / (found | truth).sum() > 0.93


def test_pictures_too_small_for_motion_are_only_mixed() -> None:
    masks = [np.full((5, 7), value, np.uint8) for value in (0, 200)]
    assert run_node(Coherence(share=0.5, steady=0), masks, masks)[1].data[0, 0] == 100


def test_a_blurred_edge_is_brought_to_the_guides() -> None:
    guide = np.zeros((40, 60), np.uint8)
    guide[:, 30:] = 200
    mask = cv2.GaussianBlur(np.roll(guide, 2, axis=1) // 200 * 255, (0, 0), 2)
    mask[:, :8] = 0
    (out,) = run_node(Guided(radius=6), mask, guide)
    assert abs(int((mask[20] > 127).argmax()) - 30) == 2
    assert (out.data[20] > 127).argmax() == 30


def test_without_edges_in_the_guide_the_picture_is_blurred() -> None:
    mask = np.zeros((20, 20), np.uint8)
    mask[10, 10] = 255
    (out,) = run_node(Guided(radius=1), mask, np.full((20, 20), 90, np.uint8))
    theirs = cv2.blur(cv2.blur(mask.astype(np.float32), (3, 3)), (3, 3))
    assert np.abs(out.data - theirs).max() < 0.51


def scene() -> tuple[Plane, Plane]:
    """Three squares on a grainy ground, two of them red, and a mask of these."""
    picture = np.full((90, 160, 3), (180, 150, 90), np.uint8)
    mask = np.zeros((90, 160), np.uint8)
    for left, colour, white in ((20, (40, 30, 200), 255), (65, (60, 190, 70), 0), (110, (40, 30, 200), 255)):
        picture[25:65, left : left + 35] = colour
        mask[25:65, left : left + 35] = white
    noise = np.random.default_rng(2).normal(0, 3, picture.shape)
    return (picture + noise).clip(0, 255).astype(np.uint8), mask


def test_regions_follow_edges_and_cover_the_picture() -> None:
    picture, mask = scene()
    regions = cut(picture, 7)
    assert regions.count > 10
    inside = shares(regions, mask)[1:]
    inside = inside[~np.isnan(inside)]
    assert ((inside < 0.2) | (inside > 0.8)).mean() > 0.95
    assert set(np.unique(regions.labels)) <= set(range(regions.count))
    assert painted(regions, np.ones(regions.count)).min() == 255


def test_features_are_centre_size_means_and_deviations() -> None:
    regions = cut(scene()[0], 7)
    found = features(regions, 1)
    for label in np.unique(regions.labels)[[1, 20, -1]]:
        rows, columns = np.nonzero(regions.labels == label)
        lab = regions.lab[rows, columns].astype(float)
        place = [columns.mean() / 160, rows.mean() / 160, np.log(len(rows))]
        expected = [*place, *lab.mean(axis=0), *lab.std(axis=0, ddof=1)]
        np.testing.assert_allclose(found[label], expected, rtol=1e-4, atol=1e-3)


def test_what_was_outlined_is_found_where_it_moved_to() -> None:
    picture, mask = scene()
    moved, where = np.roll(picture, (6, 4), (0, 1)), np.roll(mask, (6, 4), (0, 1)) > 127
    out = run_node(RegionClasses(), [picture, moved], mask)[1].data > 127
    assert (out & where).sum() / (out | where).sum() > 0.93


def test_a_mask_that_outlines_nothing_is_refused() -> None:
    picture, mask = scene()
    for wrong in (np.zeros_like(mask), np.full_like(mask, 255)):
        with pytest.raises(ValueError, match="white on the thing in the first frame"):
            run_node(RegionClasses(), [picture], wrong)


def test_what_is_held_is_counted() -> None:
    formats = Formats({"mask": (Format("gray", 100, 50),), "guide": (Format("gray", 100, 50),)})
    past = Coherence().start(formats)
    held = sum(
        plane.nbytes for plane in (past.grid, past.moved, past.before, past.now, past.value, past.shown)
    )
    assert Coherence().state_bytes(formats) - held == 16 * 5000
