"""How wide text is, so that it is cut where it wouldn't fit.

The viewer's font isn't known. Widths are those of DejaVu Sans in ems, the widest of the usual sans-serif
fonts: what fits in it fits in Helvetica, Arial, Segoe and San Francisco as well.
"""

from __future__ import annotations

import textwrap

_WIDTHS = {
    0.30: "ijlI.,:;'|!",
    0.40: '()[]{}ftr/\\" -`',
    0.59: "csvxyzkJL?TEFP",
    0.85: "mwMGOQNHD%&+=<>~…",
    1.0: "W@",
}
_WIDTH = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER, _BOLD = 0.65, 1.1


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text in pixels, at most."""
    ems = sum(_WIDTH.get(letter, _OTHER) for letter in text)
    return ems * size * (_BOLD if bold else 1.0)


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """The text, with its end cut off where it is wider than `width`."""
    if text_width(text, size, bold=bold) <= width:
        return text
    kept = text
    while kept and text_width(f"{kept}…", size, bold=bold) > width:
        kept = kept[:-1]
    return f"{kept.rstrip()}…"


def wrapped(text: str, width: float, size: float, lines: int) -> tuple[str, ...]:
    """The text in at most so many lines, the last one cut."""
    rows = textwrap.wrap(text, max(1, int(width / (size * 0.56))))
    if len(rows) > lines:
        rows = [*rows[: lines - 1], " ".join(rows[lines - 1 :])]
    return tuple(fit(row, width, size) for row in rows)
