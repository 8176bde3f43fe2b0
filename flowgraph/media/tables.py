"""Writing tables: rows of numbers into CSV or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite, isnan
from pathlib import Path

from flowgraph.errors import RunError
from flowgraph.frame import Format, Frame
from flowgraph.media.codecs import Kind
from flowgraph.media.partial import Partial, size_text, write_refusal
from flowgraph.node import SinkInfo


def check_kind(path: str, kind: Kind, format: Format) -> None:
    """Make sure that numbers go into a table and pictures don't.

    Raises:
        ValueError: they don't; the message says what would be right.
    """
    if kind == "table" and format.family != "data":
        raise ValueError(
            f"{path} takes rows of numbers, and the stream is pictures ({format}); "
            "put a node that makes numbers of them before it, or give a video or an image to write"
        )
    if kind not in ("table", "null") and format.family == "data":
        raise ValueError(
            f"{path} takes pictures, and the stream is a {format}; "
            "write a .csv or .jsonl file, or put a plot before it"
        )


class TableWriter:
    """Writes each frame as a row: numbers so that reading them gives the same ones, and nothing for nan.

    CSV has the columns' names in its first row; JSON lines have an object in each, with null for it.
    """

    def __init__(self, path: str, info: SinkInfo) -> None:
        """Open the file.

        Raises:
            GraphError: it exists and may not be replaced, or its folder doesn't exist.
            RunError: it can't be written.
        """
        self._columns = info.format.columns
        self._lines = Path(path).suffix.lower() == ".jsonl"
        self._count = 0
        self._partial = Partial(Path(path), overwrite=info.overwrite)
        self._file = self._partial.partial.open("w", encoding="utf-8", newline="\n")
        if not self._lines:
            self._put(",".join(self._columns))

    def write(self, frame: Frame) -> None:
        """Write one row.

        Raises:
            RunError: the file can't be written any more.
        """
        row = frame.data[0].tolist()
        self._put(self._object(row) if self._lines else ",".join(map(number_text, row)))
        self._count += 1

    def _object(self, row: Sequence[float]) -> str:
        """JSON has no infinity."""
        texts = (number_text(value) if isfinite(value) else "null" for value in row)
        pairs = zip(self._columns, texts, strict=True)
        return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in pairs) + "}"

    def _put(self, line: str) -> None:
        try:
            self._file.write(f"{line}\n")
        except OSError as error:
            raise write_refusal(str(self._partial.path), error) from error

    def close(self) -> str:
        """Finish the file and give it its final name; returns what was written.

        Raises:
            RunError: no row came, or the rest can't be written.
        """
        path = self._partial.path
        if self._count == 0:
            self.abort()
            raise RunError(f"no row came to {path}, so nothing was written")
        try:
            self._file.close()
        except OSError as error:
            raise write_refusal(str(path), error) from error
        self._partial.commit()
        return f"{path}: {self._count} rows of {', '.join(self._columns)}, {size_text(path)}"

    def abort(self) -> Path | None:
        """Stop here; the rows so far stay under the partial name, which is returned."""
        try:
            self._file.close()
        except OSError:  # a full disk can't take the last rows
            return self._partial.partial
        if self._count == 0:
            self._partial.partial.unlink(missing_ok=True)
        return self._partial.keep()


def number_text(value: float) -> str:
    """The shortest text that reads back as the very number; whole numbers without a point, nan as nothing."""
    if isnan(value):
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
