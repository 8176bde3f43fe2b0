"""lightness_fit, lightness_equalize and colour_distance."""

import cv2
import numpy as np
import pytest

from flowgraph.frame import Frame, Plane, table
from flowgraph.testing import frame_of, run_node
from flowgraph.units import Colour
from flowgraph_nodes._lightness import BYTES, POWERS, Fit, evaluate
from flowgraph_nodes.colour_distance import ColourDistance
from flowgraph_nodes.lightness_equalize import LightnessEqualize
from flowgraph_nodes.lightness_fit import COLUMNS, LightnessFit

HEIGHT, WIDTH = 40, 64


def sky(k: int) -> Plane:
    """A cyan ground, brighter to the right and later, with a dark box."""
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    light = 0.6 + 0.3 * columns / WIDTH - 0.1 * (rows / HEIGHT) ** 2 + 0.01 * k
    picture = (light[:, :, None] * (220, 210, 60)).round().astype(np.uint8)
    picture[10:25, 20:40] = (20, 20, 60)
    return picture


def test_the_polynomial_is_the_one_of_least_squares() -> None:
    random = np.random.default_rng(4)
    fit, rows, right = Fit(), [], []
    for t in range(5):
        light, used = random.integers(1, 255, (6, 9)), random.random((6, 9)) < 0.7
        fit.add(t, light, used)
        for y, x in zip(*np.nonzero(used), strict=True):
            rows.append([t**a * (y - 3.0) ** b * (x - 4.0) ** c for a, b, c in POWERS])
            right.append(light[y, x])
    expected = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    found = fit.solve()
    np.testing.assert_allclose(found[:10], expected, rtol=1e-6, atol=1e-9)
    everywhere = np.mean([evaluate(found[:10], t, 6, 9) for t in range(5)])
    assert found[10] == pytest.approx(everywhere, rel=1e-6)


def test_stretches_join_to_the_same_bits_and_the_sums_stay_small() -> None:
    whole, parts = Fit(), [Fit(), Fit()]
    for t in range(2000):
        light = np.full((3, 4), 100 + t % 7)
        whole.add(t, light, light > 0)
        parts[t >= 700].add(t, light, light > 0)
    parts[0].merge(parts[1])
    assert parts[0].solve().tolist() == whole.solve().tolist()
    assert 40 * (len(whole.normal) + len(whole.right) + len(whole.whole)) < BYTES


def test_only_samples_of_the_hue_are_fitted() -> None:
    frames = [sky(k) for k in range(6)]
    (row,) = run_node(LightnessFit(), frames)
    assert row.format == table(*COLUMNS)
    for k in range(6):
        light = cv2.cvtColor(frames[k], cv2.COLOR_BGR2LAB)[:, :, 0].astype(float)
        light[10:25, 20:40] = np.nan
        assert np.nanmax(np.abs(evaluate(row.data[0, :10], k, HEIGHT, WIDTH) - light)) < 2.5


def test_without_a_sample_of_the_hue_the_light_is_left_as_it_is() -> None:
    picture = sky(0)
    (row,) = run_node(LightnessFit(colour=Colour.parse("red"), hue=20), [picture[:8]])
    assert row.data[0].tolist() == [1, *[0] * 9, 1]
    (out,) = run_node(LightnessEqualize(), [picture], row)
    assert np.abs(out.data.astype(int) - picture).max() <= 1


def test_the_light_becomes_even_and_colours_stay() -> None:
    frames = [sky(k) for k in range(4)]
    (row,) = run_node(LightnessFit(), frames)
    even = run_node(LightnessEqualize(), frames, row)
    for before, after in zip(frames, even, strict=True):
        old, new = (cv2.cvtColor(picture, cv2.COLOR_BGR2LAB)[:, 44:] for picture in (before, after.data))
        assert np.ptp(old[:, :, 0].astype(int)) > 15
        assert np.ptp(new[:, :, 0].astype(int)) < 8
        assert np.abs(old[:, :, 1:].astype(int) - new[:, :, 1:]).max() <= 3


def test_an_even_video_stays_as_it_is() -> None:
    picture = np.full((10, 12, 3), (200, 190, 80), np.uint8)
    row = Frame(0, frame_of(picture).time, table(*COLUMNS), (np.array([[150.0, *[0.0] * 9, 150.0]]),))
    (out,) = run_node(LightnessEqualize(), [picture], row)
    assert np.abs(out.data.astype(int) - picture).max() <= 1


def test_the_distance_is_euclids_in_lab() -> None:
    patches = np.array([[(255, 255, 0), (255, 255, 255), (0, 0, 0), (60, 160, 120)]], np.uint8)
    (out,) = run_node(ColourDistance(), patches)
    lab = cv2.cvtColor(patches.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)[0]
    expected = np.minimum(1, np.linalg.norm(lab - lab[0], axis=1) / 100)
    assert np.abs(out.data[0] / 255 - expected).max() < 0.003
    assert out.data[0, 0] == 0
    (black,) = run_node(ColourDistance(colour=Colour.parse("black"), far=2), patches)
    assert black.data[0, 1] == 128


def test_large_pictures_are_measured_band_by_band_alike(pictures: list[Plane]) -> None:
    large = np.tile(pictures[0], (9, 8, 1))
    (small,), (many,) = run_node(ColourDistance(), pictures[0]), run_node(ColourDistance(), large)
    np.testing.assert_array_equal(many.data, np.tile(small.data, (9, 8)))
