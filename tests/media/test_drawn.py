"""The drawn clip: exact, repeatable, moving."""

from fractions import Fraction

import numpy as np
import pytest
from media_clips import ALL, drawn, frames_of

from flowgraph.media.drawing import SCENES as SCENE_MODULES
from flowgraph.node import Limits


def test_it_has_exactly_the_frames_that_were_asked_for() -> None:
    node = drawn(length="2s", rate=12.5)
    info = node.probe(ALL)
    assert (info.frames, info.exact, info.rate) == (25, True, Fraction(25, 2))
    frames = frames_of(node)
    assert [frame.time for frame in frames] == [Fraction(2 * k, 25) for k in range(25)]
    assert [frame.index for frame in frames] == [*range(25)]


def test_equal_parameters_draw_equal_frames_and_another_seed_others() -> None:
    first, again, other = (frames_of(drawn(length=3, seed=seed)) for seed in (1, 1, 2))
    for a, b, c in zip(first, again, other, strict=True):
        assert all(np.array_equal(x, y) for x, y in zip(a.planes, b.planes, strict=True))
        assert not np.array_equal(a.planes[0], c.planes[0])


@pytest.mark.parametrize("size", ["16x16", "101x77", "640x360"])
@pytest.mark.parametrize("pixel", ["yuv420p", "bgr24"])
def test_any_size_can_be_drawn(size: str, pixel: str) -> None:
    frames = frames_of(drawn(size, 2, format=pixel))
    width, height = map(int, size.split("x"))
    assert frames[0].planes[0].shape[:2] == (height, width)
    assert [plane.shape for plane in frames[0].planes] == [*frames[0].format.shapes]
    assert not frames[0].planes[0].flags.writeable


def test_shapes_move_over_a_ground_that_stands_still() -> None:
    stack = np.stack([frame.planes[0] for frame in frames_of(drawn("320x180", 50))]).astype(int)
    change = np.ptp(stack, axis=0)
    assert 0.1 < (change > 20).mean() < 0.6
    assert (change == 0).mean() > 0.3
    assert stack[0].std() > 20


SCENES = [*SCENE_MODULES]


def test_the_node_knows_every_scene() -> None:
    assert [drawn(scene=scene).probe(ALL).frames for scene in SCENES] == [10] * len(SCENES)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("size", ["16x16", "101x77"])
def test_any_scene_can_be_drawn_in_any_size(scene: str, size: str) -> None:
    first, again = (frames_of(drawn(size, "4s", scene=scene, every=30)) for _ in range(2))
    assert all(np.array_equal(a.planes[0], b.planes[0]) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0].planes[0], first[-1].planes[0])


@pytest.mark.parametrize("scene", ["stage", "spotlight", "call"])
def test_nobody_is_there_at_first(scene: str) -> None:
    frames = frames_of(drawn("160x90", "4s", scene=scene, every=10))
    assert np.array_equal(frames[0].planes[0], frames[1].planes[0])
    changed = np.abs(frames[-1].planes[0].astype(int) - frames[0].planes[0]) > 15
    assert 0.01 < changed.mean() < 0.5


@pytest.mark.parametrize("scene", SCENES)
def test_another_seed_draws_another_clip_of_a_scene(scene: str) -> None:
    one, two = (frames_of(drawn("96x64", "4s", scene=scene, seed=seed, every=50))[-1] for seed in (0, 1))
    assert not np.array_equal(one.planes[0], two.planes[0])


def test_each_twelfth_frame_is_a_key_frame() -> None:
    frames = frames_of(drawn(length=30))
    assert [frame.index for frame in frames if frame.properties["key_frame"]] == [0, 12, 24]
    keys = frames_of(drawn(length=30, keyframes=True))
    assert [int(frame.time * 25) for frame in keys] == [0, 12, 24]
    assert np.array_equal(keys[2].planes[0], frames[24].planes[0])


def test_limits_of_the_run_cut_it() -> None:
    cut = Limits(frames=3, start_s=Fraction(1, 5), stop_s=Fraction(3, 5))
    frames = frames_of(drawn(length=50, every=2), cut)
    assert [int(frame.time * 25) for frame in frames] == [5, 7, 9]
    assert drawn(length=50, every=2).probe(cut).frames == 3
    assert frames_of(drawn(length=5), Limits(start_s=Fraction(1))) == []


def test_drawings_of_one_length_are_on_one_clock() -> None:
    one, two = drawn("64x48", 10, seed=1).probe(ALL), drawn("96x64", 10, seed=2).probe(ALL)
    assert one.clock == two.clock
    assert one.clock != drawn(length=11).probe(ALL).clock


@pytest.mark.parametrize("size", ["640", "0x10", "8x8", "20000x20", "ax3"])
def test_a_size_that_can_not_be_drawn_is_refused(size: str) -> None:
    with pytest.raises(ValueError, match="size"):
        drawn(size)
