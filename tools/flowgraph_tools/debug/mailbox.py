"""What waits to be sent to one viewer: of each kind of news the latest, and every reply."""

from __future__ import annotations

import asyncio
from collections import deque
from threading import Lock

from flowgraph_tools.debug.protocol import Message

MOST_REPLIES = 64
"""A viewer that asks faster than it reads loses the oldest replies."""


class Mailbox:
    """Filled by any thread, emptied by the event loop that made it. Never blocks and never grows."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._filled = asyncio.Event()
        self._lock = Lock()
        self._latest: dict[str, Message] = {}
        self._replies: deque[Message] = deque(maxlen=MOST_REPLIES)

    def put(self, kind: str, message: Message) -> None:
        """Replace what waits under `kind`; a `reply` waits beside the others."""
        with self._lock:
            if kind == "reply":
                self._replies.append(message)
            elif kind == "pictures" and kind in self._latest:
                # A node that fires seldom keeps its picture, though that of all others is replaced.
                old = self._latest[kind]["nodes"]
                self._latest[kind] = {**message, "nodes": {**old, **message["nodes"]}}
            else:
                self._latest[kind] = message
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._filled.set)

    async def take(self) -> list[Message]:
        """Everything that waits, when there is something: the graph first, then news, then replies."""
        await self._filled.wait()
        with self._lock:
            self._filled.clear()
            latest, replies = self._latest, list(self._replies)
            self._latest = {}
            self._replies.clear()
        order = sorted(latest, key=lambda kind: (kind != "graph", kind != "state"))
        return [*(latest[kind] for kind in order), *replies]
