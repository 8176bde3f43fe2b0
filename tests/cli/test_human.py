"""Numbers as people read them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from flowgraph.cli.human import columns, plural, rate, size, span


@pytest.mark.parametrize(
    ("nbytes", "text"),
    [(0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (2_764_800, "2.6 MiB"), (3 << 30, "3.0 GiB")],
)
def test_bytes_come_in_the_unit_that_keeps_them_short(nbytes: int, text: str) -> None:
    assert size(nbytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (12, "12.0 s"), (60, "1:00"), (185.4, "3:05"), (3723, "1:02:03")]
)
def test_spans_of_time_read_like_a_player_shows_them(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_rates_have_no_needless_digits() -> None:
    assert [rate(Fraction(25)), rate(Fraction(30000, 1001)), rate(12.5)] == ["25", "29.97", "12.5"]


def test_counts_agree_with_their_nouns() -> None:
    assert [plural(1, "pass", "passes"), plural(2, "pass", "passes"), plural(1500, "frame")] == [
        "1 pass",
        "2 passes",
        "1,500 frames",
    ]


def test_columns_line_up() -> None:
    assert columns([["a", "1", "x"], ["bcd", "22", ""]], right=(1,)) == ["a     1  x", "bcd  22"]


def test_no_rows_make_no_lines() -> None:
    assert columns([]) == []
