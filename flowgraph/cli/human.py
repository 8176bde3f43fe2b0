"""Numbers as people read them: bytes, spans of time, rates, tables."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

_STEPS = (("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10))


def size(nbytes: int) -> str:
    """Bytes in the unit that keeps them short: 812 B, 1.3 MiB."""
    for unit, step in _STEPS:
        if nbytes >= step:
            return f"{nbytes / step:.1f} {unit}"
    return f"{nbytes} B"


def span(seconds: float) -> str:
    """A span of time: 0.4 s, 12.0 s, 3:05, 1:02:03."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def rate(frames_per_second: Fraction | float) -> str:
    """Frames a second without needless digits: 25, 29.97."""
    return f"{float(frames_per_second):.2f}".rstrip("0").rstrip(".")


def plural(count: int, one: str, many: str = "") -> str:
    """A count and its noun: 1 pass, 2 passes."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = (), gap: int = 2) -> list[str]:
    """Rows as aligned lines; the columns whose numbers are in `right` are set flush right."""
    if not rows:
        return []
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        (" " * gap)
        .join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        .rstrip()
        for row in rows
    ]
