"""Of which frames pictures are taken: the same ones in every run on the same source."""

from __future__ import annotations

PICTURES = 40
"""About how many of each node, where the length is known."""
_DENSE = 16
"""Where it isn't known: so many in each doubling of the length."""


def is_due(index: int, total: int | None) -> bool:
    """Whether a picture of this frame is taken, of `total` frames where that is known."""
    if total:
        return index % -(-total // PICTURES) == 0
    step = 1 << max(0, index.bit_length() - _DENSE.bit_length())
    return index % step == 0
