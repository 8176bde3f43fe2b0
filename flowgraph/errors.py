"""Errors: each says where, what, and what would be right.

`GraphError` means that the graph or the call is wrong (exit status 2); `RunError` that a run which was
right to start failed (exit status 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one line in a graph file. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    length: int = 1
    text: str = ""
    """The whole line, without its end."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class FlowgraphError(Exception):
    """Base of every error that a user can act on.

    `place` is where in the graph file, `hint` what would be right; both may be absent.
    """

    exit_code = 1

    def __init__(self, message: str, *, place: Place | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        """Give the located message, the line it is about with a caret, and the hint."""
        if self.place is None:
            return f"{self.message}\n    {self.hint}" if self.hint else self.message
        head = f"{self.place}: {self.message}"
        text = self.place.text.rstrip()
        if not text.strip():
            return f"{head}\n    {self.hint}" if self.hint else head
        indent = len(text) - len(text.lstrip())
        caret = " " * (self.place.column - 1 - indent) + "^" * max(1, self.place.length)
        return f"{head}\n    {text.lstrip()}\n    {caret} {self.hint}".rstrip()


class GraphError(FlowgraphError):
    """The graph file, a parameter or the call is wrong; nothing was run."""

    exit_code = 2


class RunError(FlowgraphError):
    """A run failed: a broken video, a full disk, a node that raised."""

    exit_code = 1


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """Give "did you mean 'x'?" for the closest of `known`, or an empty string."""
    close = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""


class StopRun(Exception):  # noqa: N818 it is no error: the person closed the preview
    """Raised by a writer to end the run normally at this frame."""
