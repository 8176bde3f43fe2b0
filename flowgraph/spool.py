"""A temporary file of frames: for a source that is needed twice and can't be read twice."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from typing import IO, Any, cast

import msgpack
import numpy as np

from flowgraph.errors import RunError
from flowgraph.frame import Format, Frame, planes_in
from flowgraph.node import Reader


class Spool:
    """Frames in a temporary file, each as a msgpack header and its planes. It goes when it is closed."""

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="flowgraph-spool-")  # noqa: SIM115 closed by close

    def write(self, frame: Frame) -> None:
        """Append a frame.

        Raises:
            RunError: the disk is full.
        """
        fraction = [frame.time.numerator, frame.time.denominator]
        lasts = frame.duration
        duration = None if lasts is None else [lasts.numerator, lasts.denominator]
        header = [frame.index, fraction, duration, dict(frame.properties)]
        try:
            packed = cast("bytes", msgpack.packb(header))  # the stub allows for None, which isn't made
            self._file.write(len(packed).to_bytes(4, "little") + packed)
            for plane in frame.planes:
                self._file.write(np.ascontiguousarray(plane).data)
        except OSError as error:
            raise RunError(f"can't spool to {tempfile.gettempdir()}: {error.strerror}") from error

    def rewind(self) -> None:
        """Go back to the first frame."""
        self._file.flush()
        self._file.seek(0)

    def read(self, format: Format) -> Frame | None:
        """The next frame, None at the end."""
        head = self._file.read(4)
        if not head:
            return None
        index, time, duration, properties = msgpack.unpackb(self._file.read(int.from_bytes(head, "little")))
        memory = np.frombuffer(self._file.read(format.frame_bytes), np.uint8)
        planes = planes_in(memory, format)
        lasts = None if duration is None else Fraction(*duration)
        return Frame(index, Fraction(*time), format, planes, properties, None, lasts)

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()


class Memory:
    """The same, in memory: for a stream that is known to fit."""

    def __init__(self) -> None:
        self._frames: list[Frame] = []
        self._next = 0

    def write(self, frame: Frame) -> None:
        """Append a copy of a frame."""
        self._frames.append(frame.copy())

    def rewind(self) -> None:
        """Go back to the first frame."""
        self._next = 0

    def read(self, format: Format) -> Frame | None:
        """The next frame, None at the end."""
        if self._next == len(self._frames):
            return None
        frame = self._frames[self._next]
        self._next += 1
        return frame.view(format, frame.planes)

    def close(self) -> None:
        """Forget the frames."""
        self._frames.clear()


class StoringReader:
    """Reads from a source and stores every frame that it hands on."""

    def __init__(self, reader: Reader, store: Spool | Memory) -> None:
        self._reader = reader
        self._store = store

    @property
    def notes(self) -> tuple[str, ...]:
        """What the source's reader noticed."""
        return notes_of(self._reader)

    def read(self) -> Frame | None:
        """The next frame of the source."""
        frame = self._reader.read()
        if frame is not None:
            self._store.write(frame)
        return frame

    def close(self) -> None:
        """Close the source; the store stays."""
        self._reader.close()


class StoredReader:
    """Reads what was stored, from its start."""

    def __init__(self, store: Spool | Memory, format: Format) -> None:
        self._store = store
        self._format = format
        store.rewind()

    def read(self) -> Frame | None:
        """The next stored frame."""
        return self._store.read(self._format)

    def close(self) -> None:
        """The store stays, for further passes."""


def notes_of(reader: Any) -> tuple[str, ...]:
    """What a reader noticed while it read (a change of size, damaged packets)."""
    return tuple(getattr(reader, "notes", ()))
