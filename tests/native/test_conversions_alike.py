"""Conversions give the same bits with the compiled kernels and with libswscale alone."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from flowgraph import native
from flowgraph.frame import Format, Frame, Matrix, Plane, new_frame
from flowgraph.media.coefficients import MATRICES
from flowgraph.media.convert import Converter, kernels_agree

Rgb = Literal["fast", "accurate"]

SIZES = ((16, 16), (18, 22), (86, 50), (96, 64), (322, 36), (640, 18))
ROUTES: tuple[tuple[str, str, Rgb], ...] = (
    ("bgr24", "yuv420p", "fast"),
    ("gbrp", "yuv420p", "fast"),
    ("yuv420p", "bgr24", "fast"),
    ("yuv420p", "gbrp", "fast"),
    ("yuv420p", "bgr24", "accurate"),
    ("yuv420p", "gbrp", "accurate"),
    ("yuv420p", "gray", "accurate"),
)


def noise(shape: tuple[int, ...]) -> Plane:
    return np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)


def black_and_white(shape: tuple[int, ...]) -> Plane:
    return np.random.default_rng(6).integers(0, 2, shape, dtype=np.uint8) * np.uint8(255)


def ramp(shape: tuple[int, ...]) -> Plane:
    steps = np.add.outer(np.arange(shape[0]) * 3, np.arange(int(np.prod(shape[1:]))) * 2)
    return (steps % 256).astype(np.uint8).reshape(shape)


def edges(shape: tuple[int, ...]) -> Plane:
    plane = np.full(shape, 16, np.uint8)
    plane[:1], plane[-1:], plane[:, :1], plane[:, -1:] = 255, 0, 240, 128
    return plane


PATTERNS = (noise, black_and_white, ramp, edges)


def filled(format: Format, pattern: int) -> Frame:
    frame = new_frame(format)
    for number, plane in enumerate(frame.planes):
        plane[...] = PATTERNS[pattern](plane.shape) + np.uint8(31 * number)
    return frame


def by(frame: Frame, target: Format, *, compiled: bool) -> tuple[Plane, ...]:
    out = new_frame(target)
    Converter(frame.format, target, compiled=compiled).convert(frame, out)
    return out.planes


def same(first: tuple[Plane, ...], second: tuple[Plane, ...]) -> bool:
    return all(map(np.array_equal, first, second))


@pytest.mark.parametrize("range", ["limited", "full"])
@pytest.mark.parametrize("matrix", sorted(MATRICES))
@pytest.mark.parametrize(("source", "target", "rgb"), ROUTES)
def test_kernels_change_no_bit(
    source: str, target: str, rgb: Rgb, matrix: Matrix, range: Literal["limited", "full"]
) -> None:
    for number, size in enumerate(SIZES):
        for pattern, _ in enumerate(PATTERNS):
            if number and pattern and (number + pattern) % 3:
                continue  # each size with noise and two more
            format = Format(source, *size, matrix=matrix, range=range, rgb=rgb)
            frame, goal = filled(format, pattern), format.as_pixel(target)
            assert same(by(frame, goal, compiled=True), by(frame, goal, compiled=False)), (size, pattern)


@pytest.mark.parametrize("size", [(17, 16), (16, 17), (101, 77), (14, 20), (20, 14), (2, 2), (1, 1)])
@pytest.mark.parametrize(("source", "target", "rgb"), ROUTES)
def test_odd_and_small_sizes_are_left_to_libswscale(
    source: str, target: str, rgb: Rgb, size: tuple[int, int]
) -> None:
    format = Format(source, *size, rgb=rgb)
    frame, goal = filled(format, 0), format.as_pixel(target)
    assert same(by(frame, goal, compiled=True), by(frame, goal, compiled=False))


@pytest.mark.parametrize(("source", "target", "rgb"), ROUTES)
def test_rows_may_be_far_apart_bottom_up_and_read_only(source: str, target: str, rgb: Rgb) -> None:
    format = Format(source, 86, 50, rgb=rgb)
    frame, goal = filled(format, 0), format.as_pixel(target)
    wide = new_frame(format.resized(128, 64))
    views = tuple(w[: len(p), : p.shape[1]][::-1] for w, p in zip(wide.planes, frame.planes, strict=True))
    for view, plane in zip(views, frame.planes, strict=True):
        view[...] = plane
        view.flags.writeable = False
    room = new_frame(goal.resized(140, 60))
    outs = tuple(r[: s[0], : s[1]] for r, s in zip(room.planes, goal.shapes, strict=True))
    spread = Frame(0, frame.time, format, views)
    Converter(format, goal).convert(spread, Frame(0, frame.time, goal, outs))
    assert same(outs, by(frame, goal, compiled=False))
    for plane, shape in zip(room.planes, goal.shapes, strict=True):
        assert not plane[shape[0] :].any()
        assert not plane[:, shape[1] :].any()


@pytest.mark.parametrize("matrix", sorted(MATRICES))
def test_where_the_kernels_are_there_they_agree_with_this_libswscale(matrix: Matrix) -> None:
    for source, target, rgb in ROUTES[:-1]:
        video = Format(source, 64, 48, matrix=matrix, rgb=rgb)
        for format in (video, replace(video, range="full")):
            assert kernels_agree(format, format.as_pixel(target)) == native.available()
