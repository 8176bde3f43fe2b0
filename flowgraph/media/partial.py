"""Outputs appear under their final name only when they are complete."""

from __future__ import annotations

import os
from pathlib import Path

from flowgraph.errors import GraphError, RunError


class Partial:
    """A file being written as `out.partial.mp4`, and renamed to `out.mp4` when all of it is there."""

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        """Make sure that the file can be written.

        Raises:
            GraphError: it exists and may not be replaced, or its folder doesn't exist.
            RunError: it can't be written.
        """
        self.path = path
        self.partial = path.with_name(f"{path.stem}.partial{path.suffix}")
        if path.is_dir():
            raise GraphError(f"{path} is a folder; give the name of a file")
        if not path.parent.is_dir():
            raise GraphError(f"there is no folder {path.parent}", hint=f"mkdir -p {path.parent}")
        if path.exists() and not overwrite:
            raise GraphError(f"{path} exists already", hint="give another output, or leave out --no-clobber")
        try:
            self.partial.open("wb").close()
        except OSError as error:
            raise RunError(f"{path} can't be written: {error.strerror}") from error

    def commit(self) -> None:
        """Give the file its final name.

        Raises:
            RunError: it can't be renamed.
        """
        try:
            self.partial.replace(self.path)
        except OSError as error:
            raise RunError(f"{self.partial} can't be renamed to {self.path}: {error.strerror}") from error

    def keep(self) -> Path | None:
        """Keep what there is under the partial name; nothing is kept of an empty file."""
        if not self.partial.exists():
            return None
        if self.partial.stat().st_size == 0:
            self.partial.unlink()
            return None
        return self.partial


def size_text(path: Path) -> str:
    """The size of a file for people."""
    nbytes = path.stat().st_size if path.exists() else 0
    return f"{nbytes / 1e6:.1f} MB" if nbytes >= 100_000 else f"{nbytes / 1e3:.1f} kB"


def write_refusal(path: str, error: Exception) -> RunError:
    """What to say when a file can't be written any more."""
    number = getattr(error, "errno", None)
    reason = os.strerror(number) if isinstance(number, int) and 0 < number < 200 else str(error)
    name = "standard output" if path == "-" else path
    return RunError(f"{name} can't be written: {reason}")
