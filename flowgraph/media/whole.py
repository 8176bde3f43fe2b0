"""Is a file whole? Containers that say how long they are show when a file was cut short."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO


def missing_bytes(path: Path) -> int:
    """How many bytes a file lacks of what its own headers promise; 0 where it is whole or doesn't say.

    Reads RIFF (avi), ISO media (mp4, mov) and Matroska (mkv, webm) headers only.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(64)
        if head[:4] == b"RIFF":
            promised = int.from_bytes(head[4:8], "little")
            # A file whose writer was killed says "unknown" here, and is read as far as it goes.
            return 0 if promised == 0xFFFFFFFF else max(0, promised + 8 - size)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
            return _boxes_missing(file, size)
        if head[:4] == b"\x1a\x45\xdf\xa3":
            return _segment_missing(file, size)
    return 0


def _boxes_missing(file: BinaryIO, size: int) -> int:
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:
            return 0  # 0: to the end of the file
        at += length
    return max(0, at - size)


def _number(file: BinaryIO) -> int | None:
    """An EBML length; None where it is unknown."""
    first = file.read(1)
    if not first or not first[0]:
        return None
    extra = 8 - first[0].bit_length()
    mask = (1 << (7 - extra)) - 1
    value = int.from_bytes(bytes([first[0] & mask]) + file.read(extra), "big")
    return None if value == (1 << (7 * (extra + 1))) - 1 else value


def _segment_missing(file: BinaryIO, size: int) -> int:
    file.seek(4)
    header = _number(file)
    if header is None:
        return 0
    file.seek(header, 1)
    if file.read(4) != b"\x18\x53\x80\x67":
        return 0
    segment = _number(file)
    return 0 if segment is None else max(0, file.tell() + segment - size)
