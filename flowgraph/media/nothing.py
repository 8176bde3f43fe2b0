"""A sink that throws frames away."""

from __future__ import annotations

from pathlib import Path

from flowgraph.frame import Frame


class NullWriter:
    """Counts frames; that they were made in full is the graph's doing."""

    def __init__(self) -> None:
        self._count = 0

    def write(self, frame: Frame) -> None:
        """Count a frame."""
        self._count += 1

    def close(self) -> str:
        """Tell how many there were."""
        return f"null: {self._count} frames"

    def abort(self) -> Path | None:
        """There is nothing to keep."""
        return None
