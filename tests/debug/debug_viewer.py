"""A viewer without a page: speaks the protocol, and waits for what it is told."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from debug_graphs import serving
from websockets.sync.client import ClientConnection, connect

from flowgraph_tools.debug.protocol import Message, pack, unpack
from flowgraph_tools.debug.server import Backend

PATIENCE_S = 60


class Viewer:
    """Asks and gets replies; `last` holds the latest message of each kind, and all nodes' last pictures."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._number = 0
        self.last: dict[str, Message] = {}

    def hear(self) -> Message:
        """The next message."""
        message = unpack(self._socket.recv(PATIENCE_S, decode=False))
        if message["is"] == "pictures" and "pictures" in self.last:
            message = {**message, "nodes": {**self.last["pictures"]["nodes"], **message["nodes"]}}
        self.last[str(message["is"])] = message
        return message

    def ask(self, what: str, **more: Any) -> Message:
        """The reply; news that come before it are kept."""
        self._number += 1
        self._socket.send(pack({"do": what, "id": self._number, **more}))
        while True:
            message = self.hear()
            if message["is"] == "reply" and message["id"] == self._number:
                return message

    def until(self, kind: str, holds: Callable[[Message], bool]) -> Message:
        """The first message of a kind, from the last one on, for which something holds."""
        while kind not in self.last or not holds(self.last[kind]):
            self.hear()
        return self.last[kind]

    def stands(self, frame: int) -> Message:
        """Wait until the run stands at a frame."""
        return self.until("state", lambda s: s["mode"] == "paused" and s["frame"] == frame)

    def go_to(self, frame: int) -> None:
        """Go to a frame, and wait until it is shown."""
        self.last.pop("state", None)
        self.ask("seek", frame=frame)
        self.stands(frame)

    def bits(self, node: str, index: int) -> str:
        """The fingerprint of a frame."""
        found = self.ask("frame", node=node, index=index)
        return str(found["statistics"]["bits"])


@contextmanager
def viewing(session: Backend) -> Generator[Viewer]:
    """A viewer of a session, which is served while the block runs."""
    with serving(session) as server, watching(server.address) as viewer:
        yield viewer


@contextmanager
def watching(address: str) -> Generator[Viewer]:
    """A viewer at an address."""
    with connect(address.replace("http", "ws", 1) + "socket", proxy=None, max_size=None) as socket:
        yield Viewer(socket)
