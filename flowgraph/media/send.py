"""Offers a stream of frames to other processes: any number of readers, each with backpressure."""

from __future__ import annotations

import mmap
import os
import select
import socket
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any, Final

import numpy as np

from flowgraph.errors import RunError
from flowgraph.frame import Format, Frame, Plane
from flowgraph.media.wire import VERSION, Address, Gone, Line, Stopped, format_message, pair
from flowgraph.node import SinkInfo

SLOTS: Final = 4
"""Frames in shared memory: one is written while readers look at others."""

_POLL_S = 0.1

_FAREWELL_S = 1.0
"""How long readers have to hear that the stream broke off."""


class _Slots:
    """Shared memory for frames, handed to readers as a file descriptor: no name, nothing left behind."""

    def __init__(self, format: Format) -> None:
        self.nbytes = format.frame_bytes
        self.fd = os.memfd_create("flowgraph frames")
        os.ftruncate(self.fd, SLOTS * self.nbytes)
        self._map = mmap.mmap(self.fd, SLOTS * self.nbytes)
        memory = np.frombuffer(self._map, np.uint8)
        self.planes = [self._planes(memory[k * self.nbytes :], format) for k in range(SLOTS)]

    @staticmethod
    def _planes(memory: Plane, format: Format) -> list[Plane]:
        found: list[Plane] = []
        start = 0
        for shape, nbytes in zip(format.shapes, format.plane_bytes, strict=True):
            found.append(memory[start : start + nbytes].view(format.layout.dtype).reshape(shape))
            start += nbytes
        return found

    def put(self, slot: int, frame: Frame) -> None:
        for target, plane in zip(self.planes[slot], frame.planes, strict=True):
            np.copyto(target, plane)

    def close(self) -> None:
        self.planes.clear()
        with suppress(BufferError):
            self._map.close()
        os.close(self.fd)


class _Reader:
    """One connection, what it asked for, and the slots that it still looks at."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.greeted = False
        self.shared = False
        self.busy: set[int] = set()


class SocketWriter:
    """Hands each frame to all readers that are there; waits for the slowest, and for the first."""

    def __init__(self, address: Address, info: SinkInfo, readers: int) -> None:
        """Begin to listen.

        Raises:
            RunError: somebody else does so already, or the address can't be used.
        """
        self._address = address
        self._least = readers
        self._format = info.format
        self._hello: dict[str, Any] = {
            "flowgraph": VERSION,
            **format_message(info.format),
            "rate": pair(info.rate),
            "frames": info.source.frames if info.source is not None and info.own_clock else None,
        }
        self._listener = _listen(address)
        self._slots = _Slots(info.format) if address.path and hasattr(os, "memfd_create") else None
        self._readers: list[_Reader] = []
        self._cancelled = False
        self._begun = False
        self._count = 0

    def cancel(self) -> None:
        """Wake up a `write` that waits, to give up; any thread may call it."""
        self._cancelled = True
        for reader in self._readers:
            reader.line.cancelled = True

    def write(self, frame: Frame) -> None:
        """Hand a frame over, as soon as there are enough readers and room."""
        with suppress(Stopped):
            self._serve(0)
            while len(self._listening) < (self._least if not self._begun else min(1, self._least)):
                self._serve(_POLL_S)
            self._begun = True
            slot = self._free_slot(frame)
            head = {
                "frame": frame.index,
                "time": pair(frame.time),
                "duration": pair(frame.duration),
                "key": bool(frame.properties.get("key_frame", False)),
            }
            for reader in self._listening:
                self._hand(reader, head, slot, frame)
            self._count += 1

    @property
    def _listening(self) -> list[_Reader]:
        return [reader for reader in self._readers if reader.greeted]

    def _free_slot(self, frame: Frame) -> int:
        """A slot that holds the frame; -1 where nobody reads from shared memory."""
        if self._slots is None or not any(reader.shared for reader in self._listening):
            return -1
        while True:
            busy = {slot for reader in self._readers for slot in reader.busy}
            for slot in range(SLOTS):
                if slot not in busy:
                    self._slots.put(slot, frame)
                    return slot
            self._serve(_POLL_S)

    def _hand(self, reader: _Reader, head: dict[str, Any], slot: int, frame: Frame) -> None:
        try:
            if reader.shared:
                reader.busy.add(slot)
                reader.line.send({**head, "slot": slot})
            else:
                reader.line.send({**head, "bytes": self._format.frame_bytes}, frame.planes)
        except Gone:
            self._drop(reader)

    def _serve(self, timeout_s: float) -> None:
        """Let readers in, and hear what they are done with, for at most `timeout_s`."""
        if self._cancelled:
            raise Stopped
        numbers = [self._listener.fileno(), *(reader.line.fileno() for reader in self._readers)]
        ready, _, _ = select.select(numbers, [], [], timeout_s)
        for reader in list(self._readers):
            if reader.line.fileno() in ready:
                self._hear(reader)
        if self._listener.fileno() in ready:
            with suppress(OSError):
                self._readers.append(_Reader(Line(self._listener.accept()[0])))

    def _hear(self, reader: _Reader) -> None:
        try:
            for message in reader.line.waiting():
                if reader.greeted:
                    reader.busy.discard(message.get("done", -1))
                else:
                    self._greet(reader, message)
        except Gone:
            self._drop(reader)

    def _greet(self, reader: _Reader, message: dict[str, Any]) -> None:
        if message.get("flowgraph") != VERSION:
            raise Gone("another version")
        slots = self._slots if message.get("shared") else None
        if message.get("want") == "frames":
            shared = {"slots": SLOTS, "slot_bytes": slots.nbytes} if slots else {"slots": 0}
            reader.line.send({**self._hello, **shared}, fd=slots.fd if slots else None)
            reader.shared = slots is not None
            reader.greeted = True
        else:
            reader.line.send({**self._hello, "slots": 0})
            raise Gone("it wanted no more than that")

    def _drop(self, reader: _Reader) -> None:
        reader.line.close()
        self._readers.remove(reader)

    def close(self) -> str:
        """Tell all readers that the stream has ended, and wait until they have taken what was sent."""
        for reader in self._listening:
            with suppress(Gone, Stopped):
                reader.line.send({"end": True})
        with suppress(Stopped):
            # Closing at once would throw away what is still on its way to a reader.
            while self._listening:
                self._serve(_POLL_S)
        self._close()
        return f"{self._address.text}: {self._count} frames sent"

    def abort(self) -> Path | None:
        """Tell all readers that the stream broke off."""
        self._cancelled = False
        for reader in self._listening:
            reader.line.send_if_free({"end": False})
        deadline = monotonic() + _FAREWELL_S
        while self._listening and monotonic() < deadline:
            self._serve(_POLL_S)
        self._close()
        return None

    def _close(self) -> None:
        for reader in self._readers:
            reader.line.close()
        self._readers.clear()
        self._listener.close()
        if self._address.path:
            Path(self._address.path).unlink(missing_ok=True)
        if self._slots is not None:
            self._slots.close()
            self._slots = None


def _listen(address: Address) -> socket.socket:
    listener = address.socket()
    try:
        if address.path and Path(address.path).is_socket():
            with address.socket() as trial:
                if trial.connect_ex(address.path) == 0:
                    raise RunError(f"{address.text}: somebody offers a stream there already")
            Path(address.path).unlink()  # left behind by a process that was killed
        before = os.umask(0o177)  # nobody else's eyes
        try:
            listener.bind(address.target)
        finally:
            os.umask(before)
        listener.listen()
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise RunError(
            f"{address.text} can't be offered: {(error.strerror or str(error)).lower()}"
        ) from error
    except RunError:
        listener.close()
        raise
    return listener
