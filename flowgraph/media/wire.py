"""Frames between processes: the messages, and how they travel over a Unix socket or loopback TCP.

A message is its length (4 bytes, the highest first) and a map packed by msgpack; docs/WIRE.md lists them.
"""

from __future__ import annotations

import select
import socket
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from time import monotonic
from typing import Any, Final, cast

import msgpack
import numpy as np

from flowgraph.frame import Format, Plane

VERSION: Final = 1
LONGEST: Final = 1 << 20
"""No map of this protocol comes near this many bytes: more is something else that talks here."""

_POLL_S = 0.1
"""How long a wait goes on before it looks whether it was cancelled."""
_LENGTH = struct.Struct(">I")


class Gone(Exception):  # noqa: N818 a fact about the other side, turned into an error by who knows more
    """The other side closed the connection, or says what is no message."""


class Stopped(Exception):  # noqa: N818 it unwinds a wait
    """The wait was cancelled."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a stream is offered: the path of a Unix socket, or a port of this machine."""

    text: str
    path: str = ""
    host: str = ""
    port: int = 0

    @classmethod
    def parse(cls, text: str) -> Address:
        """Read `unix:/run/cam.sock` or `tcp://127.0.0.1:5000`.

        Raises:
            ValueError: it is neither, or not of this machine.
        """
        scheme, _, rest = text.partition(":")
        if scheme == "unix" and rest:
            return cls(text, path=rest)
        host, colon, port = rest.removeprefix("//").rpartition(":")
        if scheme != "tcp" or not colon or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"'{text}' is no address; write unix:/tmp/cam.sock or tcp://127.0.0.1:5000")
        if host not in ("127.0.0.1", "localhost"):
            raise ValueError(f"'{text}' is not of this machine: frames go to 127.0.0.1 or a Unix socket only")
        return cls(text, host="127.0.0.1", port=int(port))

    def socket(self) -> socket.socket:
        """A new socket of this kind, not yet connected."""
        if self.path:
            return socket.socket(socket.AF_UNIX)
        made = socket.socket(socket.AF_INET)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return made

    @property
    def target(self) -> Any:
        """What `bind` and `connect` take."""
        return self.path or (self.host, self.port)


def address_text(text: str) -> str:
    """The text of an address, once it was found to be one; raises ValueError like `Address.parse`."""
    Address.parse(text)
    return text


class Line:
    """One connection: sends and receives messages; waits can be cancelled by another thread."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self._socket = connection
        self._buffer = bytearray()
        self.cancelled = False

    def fileno(self) -> int:
        """For `select`."""
        return self._socket.fileno()

    def send(self, message: Mapping[str, Any], planes: tuple[Plane, ...] = (), fd: int | None = None) -> None:
        """Send a message, with raw planes behind it, or with a file descriptor (Unix sockets only).

        Raises:
            Gone: nobody is there any more.
            Stopped: the wait was cancelled.
        """
        head = _packed(message)
        try:
            if fd is not None:
                # Headers are small against a fresh socket's buffer: they go in one piece.
                socket.send_fds(self._socket, [head], [fd])
                return
            bodies = [np.ascontiguousarray(plane).reshape(-1).view(np.uint8).data for plane in planes]
            for left in (memoryview(head), *bodies):
                while left:
                    self._wait(write=True)
                    left = left[self._socket.send(left) :]
        except OSError as error:
            raise Gone(str(error)) from error

    def send_if_free(self, message: Mapping[str, Any]) -> None:
        """Send a message if that needs no waiting; whether anybody gets it is not known."""
        with suppress(OSError):
            self._socket.send(_packed(message))

    def receive(self, deadline: float | None = None) -> dict[str, Any]:
        """The next message.

        Raises:
            Gone: nobody is there any more, or it isn't this protocol.
            Stopped: the wait was cancelled.
            TimeoutError: `deadline` (on the monotonic clock) has passed.
        """
        length = _LENGTH.unpack(self._exactly(_LENGTH.size, deadline))[0]
        if length > LONGEST:
            raise Gone("this is no stream of flowgraph")
        return _unpacked(bytes(self._exactly(length, deadline)))

    def receive_with_fd(self, deadline: float | None = None) -> tuple[dict[str, Any], int | None]:
        """The first message of a sender, and the file descriptor that came along, if one did."""
        self._wait(write=False, deadline=deadline)
        try:
            data, fds, _, _ = socket.recv_fds(self._socket, LONGEST, 1)
        except OSError as error:
            raise Gone(str(error)) from error
        if not data:
            raise Gone("closed")
        self._buffer += data
        return self.receive(deadline), (fds[0] if fds else None)

    def receive_into(self, target: memoryview) -> None:
        """Fill `target` (bytes) with what follows a message; raises like `receive`."""
        ready = min(len(self._buffer), len(target))
        target[:ready] = self._buffer[:ready]
        del self._buffer[:ready]
        left = target[ready:]
        while left:
            self._wait(write=False)
            try:
                count = self._socket.recv_into(left)
            except OSError as error:
                raise Gone(str(error)) from error
            if not count:
                raise Gone("closed in the middle of a frame")
            left = left[count:]

    def waiting(self) -> list[dict[str, Any]]:
        """The messages that are here already; waits for nothing.

        Raises:
            Gone: nobody is there any more.
        """
        try:
            while True:
                data = self._socket.recv(65536)
                if not data:
                    raise Gone("closed")
                self._buffer += data
        except BlockingIOError:
            pass
        except OSError as error:
            raise Gone(str(error)) from error
        found: list[dict[str, Any]] = []
        while len(self._buffer) >= _LENGTH.size:
            length = _LENGTH.unpack(self._buffer[: _LENGTH.size])[0]
            if length > LONGEST:
                raise Gone("this is no reader of flowgraph's frames")
            end = _LENGTH.size + length
            if len(self._buffer) < end:
                break
            found.append(_unpacked(bytes(self._buffer[_LENGTH.size : end])))
            del self._buffer[:end]
        return found

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()

    def _exactly(self, count: int, deadline: float | None) -> bytes:
        while len(self._buffer) < count:
            self._wait(write=False, deadline=deadline)
            try:
                # Not more than the message: planes that follow go straight to their place.
                data = self._socket.recv(count - len(self._buffer))
            except OSError as error:
                raise Gone(str(error)) from error
            if not data:
                raise Gone("closed")
            self._buffer += data
        found = bytes(self._buffer[:count])
        del self._buffer[:count]
        return found

    def _wait(self, *, write: bool, deadline: float | None = None) -> None:
        while True:
            if self.cancelled:
                raise Stopped
            reads, writes = ([], [self]) if write else ([self], [])
            if any(select.select(reads, writes, [], _POLL_S)):
                return
            if deadline is not None and monotonic() > deadline:
                raise TimeoutError


def _packed(message: Mapping[str, Any]) -> bytes:
    packed = cast("bytes", msgpack.packb(dict(message)))  # the stub allows for None, which isn't made
    return _LENGTH.pack(len(packed)) + packed


def _unpacked(packed: bytes) -> dict[str, Any]:
    try:
        message = msgpack.unpackb(packed)
    except ValueError as error:
        raise Gone("this is no stream of flowgraph") from error
    if not isinstance(message, dict):
        raise Gone("this is no stream of flowgraph")
    return message


def format_message(format: Format) -> dict[str, Any]:
    """What a reader must know of a format."""
    return {
        "pixel": format.pixel, "width": format.width, "height": format.height,
        "matrix": format.matrix, "range": format.range, "columns": list(format.columns),
        "primaries": format.primaries, "transfer": format.transfer, "aspect": pair(format.aspect),
        "planes": [[list(shape), format.layout.dtype] for shape in format.shapes],
    }  # fmt: skip


def format_in(message: Mapping[str, Any]) -> Format:
    """The format in a message.

    Raises:
        Gone: it isn't one.
    """
    try:
        format = Format(
            message["pixel"], int(message["width"]), int(message["height"]), message["matrix"],
            message["range"], "fast", tuple(message["columns"]), int(message["primaries"]),
            int(message["transfer"]), Fraction(*message["aspect"]),
        )  # fmt: skip
        planes = [[list(shape), format.layout.dtype] for shape in format.shapes]
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        raise Gone(f"its format can't be read: {error}") from error
    if message.get("planes") != planes:
        raise Gone("its planes are not those of its format")
    return format


def pair(value: Fraction | None) -> list[int] | None:
    """A fraction as it travels."""
    return None if value is None else [value.numerator, value.denominator]


def fraction_in(value: list[int] | None) -> Fraction | None:
    """A fraction that came."""
    return None if value is None else Fraction(*value)
