"""Text that fits."""

from __future__ import annotations

from flowgraph_tools.lettering import fit, text_width, wrapped


def test_text_that_fits_stays_as_it_is() -> None:
    assert fit("motion", 60, 10) == "motion"


def test_text_is_cut_to_its_room_with_an_ellipsis() -> None:
    cut = fit("a rather long name of a node", 60, 10)
    assert cut.endswith("…")
    assert text_width(cut, 10) <= 60


def test_bold_letters_are_wider() -> None:
    assert text_width("mask", 10, bold=True) > text_width("mask", 10)


def test_text_is_wrapped_and_the_last_line_is_cut() -> None:
    rows = wrapped("keeps the last four frames for all that look back on them", 100, 10, 2)
    assert len(rows) == 2
    assert rows[1].endswith("…")
    assert all(text_width(row, 10) <= 100 for row in rows)


def test_nothing_makes_no_line() -> None:
    assert wrapped("", 100, 10, 3) == ()
