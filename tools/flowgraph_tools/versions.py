"""What a run ran with: versions of packages and libraries, for pages, traces and capsules."""

from __future__ import annotations

from flowgraph.cli.examine import PACKAGES, examine

_TOLD = ("flowgraph", "Python", "system", *PACKAGES, "FFmpeg", "native code", "cores")


def versions() -> tuple[tuple[str, str], ...]:
    """Names and what was found of them."""
    return tuple((found.what, found.found) for found in examine() if found.what in _TOLD)
