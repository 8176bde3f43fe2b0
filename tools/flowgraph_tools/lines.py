"""The lines of a graph file that define a node."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flowgraph.errors import Place


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a graph file that define a node; `first` counts from 1."""

    file: str
    first: int
    text: str


def lines_of(place: Place) -> Lines:
    """The lines of the node that begins at a place: those that follow it and are indented further.

    Without the file only the line that the place itself carries is known.
    """
    text = place.text
    with suppress(OSError, UnicodeDecodeError):
        rows = Path(place.file).read_text().splitlines()
        if place.line <= len(rows):
            text = "\n".join(_block(rows, place))
    return Lines(place.file, place.line, text)


def _block(rows: list[str], place: Place) -> list[str]:
    found = [rows[place.line - 1]]
    for row in rows[place.line :]:
        if row.strip() and len(row) - len(row.lstrip()) < place.column:
            break
        found.append(row)
    while not found[-1].strip() or found[-1].lstrip().startswith("#"):
        found.pop()
    margin = min(len(row) - len(row.lstrip()) for row in found if row.strip())
    return [row[margin:] for row in found]
