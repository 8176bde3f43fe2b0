"""Reads a stream of frames that another process offers; comes back when the connection breaks."""

from __future__ import annotations

import mmap
import os
from collections.abc import Mapping
from contextlib import suppress
from fractions import Fraction
from time import monotonic, sleep
from typing import Any

import numpy as np

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Frame, Plane
from flowgraph.media.decode import KEY, NOT_KEY
from flowgraph.media.wire import VERSION, Address, Gone, Line, Stopped, format_in, fraction_in
from flowgraph.node import Limits, SourceInfo

_AGAIN_S = 0.05
"""Between two attempts to connect."""


def probe_stream(address: Address, wait_s: float, limits: Limits) -> SourceInfo:
    """Ask the sender for the format of its stream, waiting up to `wait_s` for there to be one.

    Raises:
        GraphError: nobody offers a stream there, or it isn't one.
    """
    if limits.start_s is not None or limits.stop_s is not None:
        raise GraphError(f"{address.text}: --from and --to are for files; a stream is read from now on")
    try:
        connection = _Connection(address, wait_s, "format")
    except (TimeoutError, Gone) as error:
        why = "nobody offers a stream there" if isinstance(error, TimeoutError) else str(error)
        raise GraphError(
            f"{address.text}: {why}", hint="start the sender first, or let the source wait longer: wait: 60s"
        ) from error
    connection.close()
    hello, format = connection.hello, connection.format
    frames, rate = hello.get("frames"), fraction_in(hello.get("rate"))
    if limits.frames is not None:
        frames = limits.frames if frames is None else min(frames, limits.frames)
    return SourceInfo(
        format=format,
        clock=("stream", address.text, limits),
        rate=rate,
        frames=frames,
        exact=limits.frames is not None,
        rereadable=False,
        held=1,
        describe=f"stream of {format} at {address.text}",
    )


class _Connection:
    """A line to a sender, what it said at first, and its shared memory where it has some."""

    def __init__(self, address: Address, wait_s: float, want: str, cancelled: Any = None) -> None:
        """Connect, trying again for `wait_s` seconds.

        Raises:
            TimeoutError: nobody was there in that time, or nobody answered.
            Gone: who answers speaks something else.
            Stopped: `cancelled()` said yes.
        """
        deadline = monotonic() + wait_s
        self._memory: mmap.mmap | None = None
        self.line = _connect(address, deadline, cancelled or (lambda: False))
        try:
            self.line.send({"flowgraph": VERSION, "want": want, "shared": bool(address.path)})
            if address.path:
                self.hello, fd = self.line.receive_with_fd(deadline)
            else:
                self.hello, fd = self.line.receive(deadline), None
            if self.hello.get("flowgraph") != VERSION:
                raise Gone("it speaks another version of the protocol")
            self.format = format_in(self.hello)
            self.slots = self._map(fd) if fd is not None else None
        except BaseException:
            self.close()
            raise

    def _map(self, fd: int) -> list[Plane]:
        slots, nbytes = int(self.hello["slots"]), int(self.hello["slot_bytes"])
        try:
            if nbytes != self.format.frame_bytes or os.fstat(fd).st_size < slots * nbytes:
                raise Gone("its shared memory doesn't fit its format")
            self._memory = mmap.mmap(fd, slots * nbytes, access=mmap.ACCESS_READ)
        finally:
            os.close(fd)
        memory = np.frombuffer(self._memory, np.uint8)
        return [memory[k * nbytes : (k + 1) * nbytes] for k in range(slots)]

    def frame_bytes(self, message: Mapping[str, Any]) -> Plane:
        """The bytes of the frame that a message announces, in memory of their own."""
        memory = np.empty(self.format.frame_bytes, np.uint8)
        slot = message.get("slot")
        if self.slots is not None and isinstance(slot, int) and 0 <= slot < len(self.slots):
            np.copyto(memory, self.slots[slot])
            self.line.send({"done": slot})
        elif message.get("bytes") == memory.nbytes:
            self.line.receive_into(memory.data)
        else:
            raise Gone("a frame of another size came")
        return memory

    def close(self) -> None:
        self.line.close()
        if self._memory is not None:
            self.slots = None
            with suppress(BufferError):
                self._memory.close()


def _connect(address: Address, deadline: float, cancelled: Any) -> Line:
    while True:
        if cancelled():
            raise Stopped
        connection = address.socket()
        try:
            connection.connect(address.target)
            return Line(connection)
        except OSError:
            connection.close()
        if monotonic() > deadline:
            raise TimeoutError
        sleep(_AGAIN_S)


class StreamReader:
    """Frames of a sender, numbered from 0 and with times that go on where a sender begins anew."""

    def __init__(self, address: Address, format: Format, wait_s: float, limits: Limits) -> None:
        self._address = address
        self._format = format
        self._wait_s = wait_s
        self._left = limits.frames
        self._connection: _Connection | None = None
        self._cancelled = False
        self._index = 0
        self._shift = Fraction(0)
        self._next = Fraction(0)
        """The earliest time that the next frame may have."""

    def cancel(self) -> None:
        """Wake up a `read` that waits, to give up; any thread may call it."""
        self._cancelled = True
        if self._connection is not None:
            self._connection.line.cancelled = True

    def read(self) -> Frame | None:
        """The next frame; None at the end of the stream.

        Raises:
            RunError: the sender went away and did not come back in time, or broke off.
        """
        if self._left is not None and self._index >= self._left:
            return None
        while True:
            connection = self._connected()
            try:
                if connection is None:
                    return None
                message = connection.line.receive()
                if "end" in message:
                    self.close()
                    self._left = self._index
                    if message["end"] is True:
                        return None
                    raise RunError(f"{self._address.text}: the sender broke off after {self._index} frames")
                return self._frame(message, connection.frame_bytes(message))
            except Stopped:
                return None
            except Gone:
                self.close()

    def _connected(self) -> _Connection | None:
        if self._connection is None:
            try:
                made = _Connection(self._address, self._wait_s, "frames", lambda: self._cancelled)
            except Stopped:
                return None
            except (TimeoutError, Gone) as error:
                raise RunError(
                    f"{self._address.text}: the sender went away after {self._index} frames and was not back"
                    f" within {self._wait_s:g} s"
                ) from error
            if not made.format.fits(self._format):
                made.close()
                raise RunError(
                    f"{self._address.text}: the sender came back with {made.format} instead of {self._format}"
                )
            self._connection = made
        return self._connection

    def _frame(self, message: Mapping[str, Any], memory: Plane) -> Frame:
        time = fraction_in(message.get("time")) or Fraction(0)
        duration = fraction_in(message.get("duration"))
        if time + self._shift < self._next:
            self._shift = self._next - time  # another sender, with times of its own
        time += self._shift
        self._next = time + (duration or Fraction(1, 1_000_000))
        planes: list[Plane] = []
        start = 0
        for shape, nbytes in zip(self._format.shapes, self._format.plane_bytes, strict=True):
            plane = memory[start : start + nbytes].view(self._format.layout.dtype).reshape(shape)
            plane.flags.writeable = False
            planes.append(plane)
            start += nbytes
        self._index += 1
        properties = KEY if message.get("key") else NOT_KEY
        return Frame(self._index - 1, time, self._format, tuple(planes), properties, duration=duration)

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
