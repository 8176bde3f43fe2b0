"""The working arrays that nodes ask for: one stretch of memory for each worker."""

from __future__ import annotations

import numpy as np

from flowgraph.frame import Plane
from flowgraph.plan import Step


def scratch_for(steps: tuple[Step, ...]) -> dict[str, dict[str, Plane]]:
    """One worker's working arrays: every step's views of the same stretch of memory."""
    wanted = {s.name: s.node.scratch(s.formats) for s in steps if s.node is not None}
    sizes = {
        name: [-(-int(np.prod(shape)) * np.dtype(kind).itemsize // 64) * 64 for shape, kind in asked.values()]
        for name, asked in wanted.items()
        if asked
    }
    memory = np.empty(max((sum(s) for s in sizes.values()), default=0), np.uint8)
    found: dict[str, dict[str, Plane]] = {}
    for name, lengths in sizes.items():
        start = 0
        found[name] = {}
        for (key, (shape, kind)), length in zip(wanted[name].items(), lengths, strict=True):
            count = int(np.prod(shape)) * np.dtype(kind).itemsize
            found[name][key] = memory[start : start + count].view(kind).reshape(shape)
            start += length
    return found
