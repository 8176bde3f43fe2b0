"""Of which frames pictures are taken: the same ones in every run of the same graph on the same source."""

from __future__ import annotations

MOST_PICTURES = 40
"""About how many of each node, where the length is known."""
LEAST_PICTURES = 6
ALL_PICTURES = 800
"""About how many in all: it is what a trace costs, however long the run is."""


def pictures_each(nodes: int) -> int:
    """How many pictures each of so many nodes gets."""
    return max(LEAST_PICTURES, min(MOST_PICTURES, ALL_PICTURES // max(1, nodes)))


def is_due(index: int, total: int | None, pictures: int) -> bool:
    """Whether this frame is one of about `pictures` out of `total`; if that isn't known, of each doubling."""
    if total:
        return index % -(-total // pictures) == 0
    dense = pictures // 2
    step = 1 << max(0, index.bit_length() - dense.bit_length())
    return index % step == 0
