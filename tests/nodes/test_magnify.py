"""magnify."""

import numpy as np
import pytest

from flowgraph.frame import Format, Plane
from flowgraph.node import Formats
from flowgraph.testing import run_node
from flowgraph.units import Duration
from flowgraph_nodes._pyramid import gains, level_shapes, pyramid_bytes
from flowgraph_nodes.magnify import Magnify

FORMATS = Formats({"image": (Format("bgr24", 61, 48),)})


def wave(shift: float) -> Plane:
    """A sine of 32 pixels, moved to the right."""
    across = 128 + 60 * np.sin(2 * np.pi * (np.arange(128) - shift) / 32)
    return np.tile(np.rint(across), (64, 1)).astype(np.uint8)


def shift_of(plane: Plane) -> float:
    """How far the sine in a picture is to the right."""
    row = plane[32].astype(float) - 128
    phase = np.angle(np.sum(row * np.exp(-2j * np.pi * np.arange(128) / 32)))
    return float((-np.pi / 2 - phase) * 32 / (2 * np.pi))


def test_a_small_motion_becomes_as_many_times_larger_as_was_asked_for() -> None:
    moves = [0.0, 0.5]
    node = Magnify(gain=4, fast=Duration(0), slow=Duration(10_000), wavelength=8)
    still, moved = run_node(node, [wave(shift) for shift in moves])
    assert abs(shift_of(still.data)) < 0.05
    # The finest and the coarsest level hold what is left of the wave.
    assert 1.5 < shift_of(moved.data) < 2.75


def test_what_stays_is_not_changed(pictures: list[Plane]) -> None:
    for frame in run_node(Magnify(gain=50), [pictures[0]] * 4):
        np.testing.assert_array_equal(frame.data, pictures[0])


def test_without_gain_the_picture_passes(pictures: list[Plane]) -> None:
    for frame, picture in zip(run_node(Magnify(gain=0), pictures), pictures, strict=True):
        np.testing.assert_array_equal(frame.data, picture)


def test_small_pictures_pass() -> None:
    (frame,) = run_node(Magnify(), [np.full((3, 5), 9, np.uint8)])
    assert (frame.data == 9).all()


def test_fine_bands_get_less_gain_and_the_finest_none() -> None:
    assert gains((480, 640), 4, 10, 1) == [0.0, 10, 10, 10]
    none, less, more, whole = gains((480, 640), 4, 10, 200)
    assert (none, whole) == (0, 10)
    assert 0 < less < more < whole


def test_levels_end_before_pictures_get_tiny() -> None:
    assert level_shapes((48, 61, 3), 9) == [(48, 61, 3), (24, 31, 3), (12, 16, 3)]
    assert level_shapes((48, 61), 1) == [(48, 61), (24, 31)]


def test_the_state_takes_what_is_declared() -> None:
    state = Magnify().start(FORMATS)
    filters = [held.value for held in (*state.fast, *state.slow)]
    held = sum(plane.nbytes for plane in (*state.pictures, *state.bands, *filters, state.spare))
    assert held == Magnify().state_bytes(FORMATS) == pyramid_bytes((48, 61, 3), 5)


def test_equal_filters_are_refused() -> None:
    with pytest.raises(ValueError, match="no motion would pass"):
        Magnify(fast=Duration(3), slow=Duration(3)).check()
