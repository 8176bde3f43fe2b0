"""Asks at an address whether a run of another program can be looked into there."""

from __future__ import annotations

import re
from typing import Final

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from flowgraph.errors import RunError
from flowgraph_tools.debug.protocol import LONGEST_BYTES, VERSION, Message, unpack

_ADDRESS: Final = re.compile(r"http://(127\.0\.0\.1|localhost):[0-9]+/[\w-]+/")
_PATIENCE_S: Final = 5.0


def greet(address: str) -> Message:
    """The graph that runs there.

    Raises:
        RunError: it is no such address, nobody answers, or it speaks another version.
    """
    if not _ADDRESS.fullmatch(address):
        hint = "it begins with http://127.0.0.1: and ends with a slash, as flowgraph_tools.attach gives it"
        raise RunError(f"{address}: no address of a run on this machine", hint=hint)
    socket = address.replace("http", "ws", 1) + "socket"
    try:
        with connect(socket, proxy=None, open_timeout=_PATIENCE_S, max_size=64 * LONGEST_BYTES) as viewer:
            message = unpack(viewer.recv(_PATIENCE_S, decode=False))
    except (OSError, WebSocketException, ValueError) as error:
        raise RunError(f"{address}: nobody answers there ({error})") from None
    if message.get("protocol") != VERSION:
        raise RunError(f"{address}: it speaks version {message.get('protocol')}, this one {VERSION}")
    return message
