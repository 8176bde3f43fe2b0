"""Quantities are read and written as people write them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from flowgraph.units import Colour, Duration, Level


@pytest.mark.parametrize(
    ("value", "duration", "text"),
    [
        (5, Duration(5), "5"),
        ("5", Duration(5), "5"),
        ("200ms", Duration(seconds=Fraction(1, 5)), "0.2s"),
        ("2min", Duration(seconds=Fraction(120)), "120s"),
        ("0:10", Duration(seconds=Fraction(10)), "10s"),
        ("1:00:00.125", Duration(seconds=Fraction("3600.125")), "3600.125s"),
    ],
)
def test_a_duration_is_frames_or_time(value: object, duration: Duration, text: str) -> None:
    assert (Duration.parse(value), str(duration), Duration.parse(str(duration))) == (duration, text, duration)


def test_a_time_is_the_nearest_number_of_frames() -> None:
    assert Duration.parse("200ms").frames(Fraction(30000, 1001)) == 6
    with pytest.raises(ValueError, match="needs a stream with a known frame rate"):
        Duration.parse("200ms").frames(None)


@pytest.mark.parametrize(
    ("value", "level", "text"),
    [
        (13, Level(13), "13"),
        ("5%", Level(5, percent=True), "5%"),
        ("12.5 %", Level(12.5, percent=True), "12.5%"),
    ],
)
def test_a_level_is_a_sample_or_a_share(value: object, level: Level, text: str) -> None:
    assert (Level.parse(value), str(level)) == (level, text)


@pytest.mark.parametrize("value", ["white", "#ffffff"])
def test_a_colour_is_a_name_or_its_hexadecimal_digits(value: str) -> None:
    assert (Colour.parse(value), str(Colour.parse(value))) == (Colour(255, 255, 255), "#ffffff")


@pytest.mark.parametrize("value", [-1, 256, 10**400, float("nan"), "101%", "5", True, None, "x"])
def test_what_is_no_level_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"a level is 0..255 or '0%'..'100%'"):
        Level.parse(value)


@pytest.mark.parametrize("value", [-1, 1.5, "soon", "1:2:3:4", True, None])
def test_what_is_no_duration_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="a duration is a number of frames, or a time"):
        Duration.parse(value)
