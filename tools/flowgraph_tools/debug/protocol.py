"""The messages between a viewer and the debug server: msgpack maps, one in each binary websocket frame.

A viewer sends {"do": NAME, "id": NUMBER, ...} and gets {"is": "reply", "id": NUMBER, ...} with what it asked
for, or with "error". Without being asked it gets {"is": "graph" | "state" | "pictures" | "frame", ...}: of
each kind only the latest counts, so that a slow viewer misses some and is never waited for. docs/DEBUG.md
lists them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeAlias, cast

import msgpack

from flowgraph.errors import FlowgraphError

Message: TypeAlias = Mapping[str, Any]

VERSION: Final = 1
"""Grows when a message changes its meaning; viewers refuse what they don't know."""
LONGEST_BYTES: Final = 1 << 20
"""A viewer's longest message: none has reason to send more."""


def pack(message: Message) -> bytes:
    """One message as bytes."""
    return cast(bytes, msgpack.packb(message, default=_plain))


def unpack(data: bytes) -> Message:
    """One message from bytes.

    Raises:
        ValueError: it is no map of msgpack.
    """
    try:
        message = msgpack.unpackb(data)
    except (msgpack.UnpackException, ValueError) as error:
        raise ValueError(f"not a message: {error}") from None
    if not isinstance(message, dict) or not all(isinstance(key, str) for key in message):
        raise ValueError("not a message: no map with texts as keys")
    return message


def problem(error: FlowgraphError) -> Message:
    """An error as viewers show it: what, where in which file, the line itself, and what would be right."""
    place = error.place
    where = (
        {}
        if place is None
        else {
            "file": place.file, "line": place.line, "column": place.column,
            "length": place.length, "text": place.text,
        }
    )  # fmt: skip
    return {"message": error.message, "hint": error.hint, "place": where}


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return float(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)  # pyright: ignore[reportUnknownArgumentType] # whatever it holds is packed in turn
    raise TypeError(f"no message can hold a {type(value).__name__}: {value!r}")
