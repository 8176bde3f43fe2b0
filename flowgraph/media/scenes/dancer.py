"""The dancer of the scenes `stage` and `spotlight`: a dance of sixteen poses, drawn with limbs that taper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from flowgraph.frame import Plane
from flowgraph.media.scenes.strokes import GOLDEN, Colour, Point, area, disc, limb, oval, turned


class Costume(NamedTuple):
    """Colours of the clothes, and of the shadow on the floor."""

    top: Colour
    trousers: Colour
    shadow: Colour


_Angles = tuple[float, float, float, float]


class Pose(NamedTuple):
    """Angles of the body in degrees from straight down, and how far the feet are above the floor."""

    lean: float
    arms: _Angles
    """Upper and lower left arm, upper and lower right arm."""
    legs: _Angles
    """Left thigh and shin, right thigh and shin."""
    lift: float = 0


_STAND: Final = Pose(0, (-12, -6, 12, 6), (-5, -4, 5, 4))
_PLIE: Final = Pose(0, (-85, -98, 85, 98), (-58, 8, 58, -8))
_RISE: Final = Pose(0, (-160, -198, 160, 198), (-4, -3, 4, 3), 0.5)
_LEAP: Final = Pose(8, (-104, -112, 112, 100), (-82, -86, 84, 72), 9)
_LUNGE: Final = Pose(16, (-120, -132, 62, 80), (-52, -48, 62, -4))
_CURL: Final = Pose(-20, (34, 84, 62, 118), (-8, -34, 44, -42))
_REACH: Final = Pose(30, (-78, -88, 112, 104), (-82, -90, 4, 2))
_KICK: Final = Pose(-26, (-142, -162, 62, 92), (-2, 2, 98, 92))

_STEPS: Final[tuple[tuple[float, Pose, bool], ...]] = (
    (-0.15, _STAND, False), (-0.14, _STAND, False), (0.13, _LUNGE, False), (0.24, _PLIE, False),
    (0.31, _RISE, False), (0.46, _LEAP, False), (0.6, _LUNGE, False), (0.62, _CURL, False),
    (0.7, _REACH, False), (0.78, _KICK, False), (0.8, _PLIE, False), (0.7, _RISE, False),
    (0.53, _LEAP, True), (0.37, _CURL, True), (0.34, _REACH, True), (0.15, _LUNGE, True),
)  # fmt: skip
"""The dance: where on the stage (shares of its width), in which pose, and whether to the left."""

_STEP_S: Final = 0.6
"""Seconds from one pose to the next."""


def dance(image: Plane, time: float, seed: int, costumes: Sequence[Costume]) -> None:
    """Draw the dancer; another seed dances a little later, a little differently, in other clothes."""
    height, width = image.shape[:2]
    share, pose = _moment(time - 0.12 * (seed % 4), seed * GOLDEN)
    _dancer(image, width * share, height, pose, costumes[seed % len(costumes)])


def _moment(t: float, phase: float) -> tuple[float, Pose]:
    """Where the dancer is and in which pose, `t` seconds after the start."""
    step, part = divmod(max(t, 0.0) / _STEP_S, 1)
    (here, now), (there, then) = (_step(int(step) + k, phase) for k in (0, 1))
    ease = part * part * (3 - 2 * part)
    return here + (there - here) * part, _between(now, then, ease)


def _step(index: int, phase: float) -> tuple[float, Pose]:
    """Place and pose of one step; the phase makes the arms and the back somebody's own."""
    share, pose, left = _STEPS[index % len(_STEPS)]
    own = 12 * math.sin(phase * (index + 1))
    a, b, c, d = pose.arms
    pose = pose._replace(lean=pose.lean + own / 2, arms=(a + own, b - own, c - own, d + own))
    return share, _mirrored(pose) if left else pose


def _mirrored(pose: Pose) -> Pose:
    a, b, c, d = pose.arms
    e, f, g, h = pose.legs
    return Pose(-pose.lean, (-c, -d, -a, -b), (-g, -h, -e, -f), pose.lift)


def _between(one: Pose, two: Pose, part: float) -> Pose:
    """A pose on the way from one to another."""

    def mixed(a: float, b: float) -> float:
        return a + (b - a) * part

    def all_mixed(a: _Angles, b: _Angles) -> _Angles:
        return mixed(a[0], b[0]), mixed(a[1], b[1]), mixed(a[2], b[2]), mixed(a[3], b[3])

    arms, legs = all_mixed(one.arms, two.arms), all_mixed(one.legs, two.legs)
    return Pose(mixed(one.lean, two.lean), arms, legs, mixed(one.lift, two.lift))


def _dancer(image: Plane, x: float, height: int, pose: Pose, costume: Costume) -> None:
    """Draw the dancer so that the lower foot stands on the floor, or `lift` above it."""
    unit, floor = height / 31, height * 0.92
    top, trousers, shadow = costume
    skin, hair = (135, 165, 215), (25, 30, 40)
    legs = [_joints((side * 0.9 * unit, 0), (5.4 * unit, 5.2 * unit), pose.legs[k : k + 2])
            for k, side in ((0, -1), (2, 1))]  # fmt: skip
    lowest = max(leg[2][1] for leg in legs)
    hip = (x, floor - 0.5 * unit - lowest - pose.lift * unit)
    spread = 3.6 * unit * (1 - 0.05 * pose.lift)
    oval(image, (x, floor + 0.2 * unit), (spread, 0.55 * unit), 0, shadow)
    neck = turned(hip, 6.6 * unit, 180 - pose.lean)
    lean = math.radians(pose.lean)
    across = (math.cos(lean), math.sin(lean))

    def moved(at: Point) -> Point:
        return at[0] + hip[0], at[1] + hip[1]

    shoulders = [
        (neck[0] + s * 1.7 * unit * across[0], neck[1] + s * 1.7 * unit * across[1]) for s in (-1, 1)
    ]
    arms = [_joints(shoulders[k], (3.7 * unit, 3.6 * unit), pose.arms[2 * k : 2 * k + 2]) for k in (0, 1)]
    for arm, leg in zip(arms[:1], legs[:1], strict=True):
        _arm(image, arm, unit, top, skin)
        _leg(image, [moved(at) for at in leg], unit, trousers, skin)
    hips = [(hip[0] + s * 1.3 * unit * across[0], hip[1] + s * 1.3 * unit * across[1]) for s in (1, -1)]
    area(image, [*shoulders, *hips], top)
    limb(image, shoulders[0], shoulders[1], (0.75 * unit, 0.75 * unit), top)
    limb(image, hips[0], hips[1], (0.9 * unit, 0.9 * unit), trousers)
    head = turned(neck, 2.6 * unit, 180 - 0.6 * pose.lean)
    limb(image, neck, head, (0.6 * unit, 0.6 * unit), skin)
    bun = turned(head, 1.5 * unit, 150 - pose.lean)
    disc(image, bun, 0.75 * unit, hair)
    oval(image, head, (1.2 * unit, 1.5 * unit), pose.lean, skin)
    crown = turned(head, 0.8 * unit, 180 - pose.lean)
    oval(image, crown, (1.25 * unit, 0.85 * unit), pose.lean, hair)
    _leg(image, [moved(at) for at in legs[1]], unit, trousers, skin)
    _arm(image, arms[1], unit, top, skin)


def _joints(start: Point, lengths: Point, angles: Sequence[float]) -> list[Point]:
    """Both ends and the joint of an arm or a leg."""
    joint = turned(start, lengths[0], angles[0])
    return [start, joint, turned(joint, lengths[1], angles[1])]


def _arm(image: Plane, arm: list[Point], unit: float, sleeve: Colour, skin: Colour) -> None:
    limb(image, arm[1], arm[2], (0.55 * unit, 0.42 * unit), skin)
    limb(image, arm[0], arm[1], (0.78 * unit, 0.6 * unit), sleeve)
    disc(image, arm[2], 0.6 * unit, skin)


def _leg(image: Plane, leg: list[Point], unit: float, trousers: Colour, skin: Colour) -> None:
    limb(image, leg[1], leg[2], (0.78 * unit, 0.5 * unit), trousers)
    limb(image, leg[0], leg[1], (1.15 * unit, 0.8 * unit), trousers)
    toes = (leg[2][0] + (0.9 if leg[2][0] >= leg[0][0] else -0.9) * unit, leg[2][1] + 0.15 * unit)
    limb(image, leg[2], toes, (0.5 * unit, 0.32 * unit), skin)
