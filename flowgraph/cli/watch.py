"""Sees when a graph file, or one that it uses, is saved."""

from __future__ import annotations

import time
from pathlib import Path

from flowgraph.errors import GraphError

INTERVAL_S = 0.3


def files_of(path: Path) -> tuple[Path, ...]:
    """The graph file and all that it uses, however deep; those that can't be read end the search there."""
    from flowgraph.document.load import load

    found: list[Path] = []
    todo = [path]
    while todo:
        file = todo.pop()
        if file in found:
            continue
        found.append(file)
        try:
            entries = load(file).nodes
        except GraphError:
            continue
        steps = [step for entry in entries for step in (entry, *entry.chain)]
        todo += [file.parent / step.use for step in steps if step.use]
    return tuple(found)


class Watch:
    """Remembers the state of files and tells when one of them is another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen = self._look()

    def _look(self) -> dict[Path, tuple[int, int]]:
        found: dict[Path, tuple[int, int]] = {}
        for file in files_of(self.path):
            # Editors replace a file by renaming: for a moment it may not be there.
            if file.exists():
                status = file.stat()
                found[file] = (status.st_mtime_ns, status.st_size)
        return found

    def changed(self) -> bool:
        """Whether something was saved since the watch began or `wait` returned."""
        for file, seen in self._seen.items():
            try:
                status = file.stat()
            except FileNotFoundError:
                continue
            if (status.st_mtime_ns, status.st_size) != seen:
                return True
        return False

    def wait(self) -> None:
        """Return when something was saved."""
        while not self.changed():
            time.sleep(INTERVAL_S)
        self._seen = self._look()
