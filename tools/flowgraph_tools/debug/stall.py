"""Which token waits for what, for how long, and where in the code the running node is."""

from __future__ import annotations

import sys
import traceback
from time import perf_counter

from flowgraph.executor.control import Status, TokenStatus
from flowgraph_tools.debug.protocol import Message

MOST_LINES = 12


def stalls(status: Status) -> list[Message]:
    """One row for each token under way, in the order of their frames."""
    now = perf_counter()
    stacks = sys._current_frames()  # pyright: ignore[reportPrivateUsage] # the documented way to threads' stacks
    rows: list[Message] = []
    for token in sorted(status.tokens, key=lambda item: item.index):
        ahead = [other for other in status.tokens if other.index < token.index]
        frame = stacks.get(token.thread)
        lines = traceback.format_stack(frame)[-MOST_LINES:] if frame is not None else []
        rows.append(
            {
                "frame": token.index,
                "node": token.node,
                "state": token.state,
                "seconds": now - token.since,
                "why": _why(token, ahead),
                "stack": [line.rstrip() for line in lines] if token.state == "working" else [],
            }
        )
    return rows


def _why(token: TokenStatus, ahead: list[TokenStatus]) -> str:
    if token.state == "working":
        return f"'{token.node}' is at work on it"
    if not ahead:
        return f"it waits at '{token.node}' for a frame to be read, or for room to write"
    other = max(ahead, key=lambda item: item.index)
    doing = "is at work in" if other.state == "working" else "waits at"
    first = f"frame {other.index} comes first, and {doing} '{other.node}'"
    return f"it waits for its turn at '{token.node}': {first}"
