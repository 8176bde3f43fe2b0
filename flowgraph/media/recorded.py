"""Frames in a file, bit by bit: any pixel format, with their indexes, times and properties.

Messages as between processes (docs/WIRE.md): first the description of the stream, then for each frame a map
`{frame, time, duration, properties, bytes, writable}` and the planes, one behind the other.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import IO, Any, cast

import msgpack
import numpy as np

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Frame, planes_in
from flowgraph.media.wire import VERSION, Gone, format_in, format_message, fraction_in, pair
from flowgraph.node import Limits, SourceInfo

_LENGTH = struct.Struct(">I")
_LONGEST = 1 << 20


class FrameRecorder:
    """Writes a file of frames, one after the other."""

    def __init__(
        self, path: Path, format: Format, *, rate: Fraction | None = None, still: bool = False
    ) -> None:
        """Begin the file; `still`: it is one picture for a whole run."""
        self.nbytes = 0
        self._file: IO[bytes] = path.open("wb")
        about = {"rate": pair(rate), "still": still, "rgb": format.rgb}
        self._message({"flowgraph": VERSION, "recorded": True, **format_message(format), **about})

    def write(self, frame: Frame) -> None:
        """Append a frame."""
        nbytes = frame.format.frame_bytes
        self._message(
            {
                "frame": frame.index, "time": pair(frame.time), "duration": pair(frame.duration),
                "properties": dict(frame.properties), "bytes": nbytes,
                "writable": all(plane.flags.writeable for plane in frame.planes),
            }
        )  # fmt: skip
        for plane in frame.planes:
            self._file.write(np.ascontiguousarray(plane).data)
        self.nbytes += nbytes

    def close(self) -> None:
        """The last frame was written."""
        self._file.close()

    def _message(self, message: Mapping[str, Any]) -> None:
        packed = cast("bytes", msgpack.packb(dict(message)))  # the stub allows for None, which isn't made
        self._file.write(_LENGTH.pack(len(packed)) + packed)


class RecordedReader:
    """Reads such a file. Frames keep the indexes that they were recorded with."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            GraphError: it can't be read, or is none.
        """
        self._path = path
        try:
            self._file: IO[bytes] = path.open("rb")
        except OSError as error:
            raise GraphError(f"{path}: {error.strerror}") from error
        try:
            self.about = self._message() or {}
            if self.about.get("flowgraph") != VERSION or not self.about.get("recorded"):
                raise Gone("it doesn't begin as one")
            self.format = replace(format_in(self.about), rgb=self.about["rgb"])
        except (Gone, RunError) as error:
            self._file.close()
            raise GraphError(f"{path}: this is no file of recorded frames: {error}") from error

    def read(self) -> Frame | None:
        """The next frame; None at the end.

        Raises:
            RunError: the file breaks off.
        """
        message = self._message()
        if message is None:
            return None
        memory = np.fromfile(self._file, np.uint8, self.format.frame_bytes)
        if memory.nbytes < self.format.frame_bytes:
            raise RunError(f"{self._path}: breaks off in the middle of a frame")
        return _frame(message, self.format, memory)

    def stamps(self) -> Iterator[tuple[int, Fraction]]:
        """Index and time of each frame that is left; raises as `read`."""
        while (message := self._message()) is not None:
            self._file.seek(message["bytes"], 1)
            yield message["frame"], Fraction(*message["time"])

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _message(self) -> dict[str, Any] | None:
        head = self._file.read(_LENGTH.size)
        if not head:
            return None
        length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else _LONGEST + 1
        packed = self._file.read(length) if length <= _LONGEST else b""
        if len(packed) < length:
            raise RunError(f"{self._path}: breaks off in the middle of a frame")
        message = msgpack.unpackb(packed)
        if not isinstance(message, dict):
            raise RunError(f"{self._path}: something else than a frame follows")
        return message


def _frame(message: Mapping[str, Any], format: Format, memory: Any) -> Frame:
    # What wrote over its input, or failed to, does so again.
    memory.flags.writeable = message["writable"]
    return Frame(
        message["frame"], Fraction(*message["time"]), format, planes_in(memory, format),
        message["properties"], None, fraction_in(message["duration"]),
    )  # fmt: skip


def probe_recorded(path: Path, limits: Limits) -> SourceInfo:
    """What such a file holds.

    Raises:
        GraphError: it can't be read, or is none.
    """
    if limits.start_s is not None or limits.stop_s is not None:
        raise GraphError(f"{path}: --from and --to are for videos; recorded frames are read as they are")
    reader = RecordedReader(path)
    try:
        stamps = tuple(reader.stamps())
    except RunError as error:
        raise GraphError(error.message) from error
    finally:
        reader.close()
    count = len(stamps) if limits.frames is None else min(len(stamps), limits.frames)
    return SourceInfo(
        format=reader.format,
        clock=("recorded", stamps[:count]),
        content=path.resolve(),
        rate=fraction_in(reader.about["rate"]),
        frames=count,
        exact=True,
        still=reader.about["still"],
        describe=f"{count} recorded frames, {reader.format}",
        path=path,
    )


class LimitedReader(RecordedReader):
    """Reads no more than so many frames."""

    def __init__(self, path: Path, count: int | None) -> None:
        """Open the file; raises as `RecordedReader`."""
        super().__init__(path)
        self._left = count

    def read(self) -> Frame | None:
        """The next frame; None at the end, or after the last that is wanted."""
        if self._left == 0:
            return None
        if self._left is not None:
            self._left -= 1
        return super().read()
