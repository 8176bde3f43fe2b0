"""Key frames by a container's index: what lies between them is not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from av.container.input import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

_FAR = 1 << 15
"""Bytes up to the next key frame from which a jump costs less than reading on."""
_TRIAL = 3
"""Key frames that are found by reading, to see whether the index names each: some name only a few."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key frame as the index has it."""

    timestamp: int
    """Of decoding or of showing, as containers will have it, in the stream's time base."""
    position: int
    """Byte in the file, of the picture or of what holds it."""
    end: int
    """Byte after the picture, or `position` where its size is not told."""


def keys(container: InputContainer, stream: VideoStream) -> tuple[Key, ...]:
    """The key frames that the index names, in order; none where there is no index.

    A Matroska file without cues has no more than the one that it begins with.
    """
    if "matroska" in container.format.name:
        # Its index lies behind the pictures, and is read with the first seek.
        try:
            container.seek(stream.start_time or 0, stream=stream)
        except FFmpegError:
            return ()
    found = [
        Key(entry.timestamp, entry.pos, entry.pos + entry.size)
        for entry in stream.index_entries
        if entry.is_keyframe
    ]
    rising = all(a.timestamp < b.timestamp for a, b in pairwise(found))
    return tuple(found) if rising else ()


class _LostError(Exception):
    """A jump didn't lead to where the index says."""


class Jumps:
    """Packets of key frames, from where the container stands, by jumps where the index allows."""

    def __init__(self, container: InputContainer, stream: VideoStream, index: Sequence[Key]) -> None:
        self.container = container
        self._stream = stream
        self.index = index
        self._places = {key.timestamp: place for place, key in enumerate(index)}

    def packets(self) -> Iterator[Packet[VideoStream]]:
        """Packets of key frames, and the empty one that ends a stream.

        Raises:
            FFmpegError: the medium broke off.
        """
        place, agreed = None, 0
        packets = self.container.demux(self._stream)
        while (packet := next(packets, None)) is not None:
            if packet.size and not packet.is_keyframe:
                continue
            yield packet
            if not packet.size:
                continue
            found = self._place(packet)
            if found is None or (place is not None and found != place + 1):
                yield from keys_of(packets)
                return
            place, agreed = found, agreed + 1
            while agreed >= _TRIAL and self._is_far(place):
                try:
                    packets, packet = self._jump(place + 1)
                except _LostError:
                    yield from self._read_on(place)
                    return
                yield packet
                place += 1

    def seek(self, timestamp: int) -> None:
        """Stand at the key frame at or before a timestamp; `packets` begins there then.

        Raises:
            FFmpegError: that can't be done.
        """
        self.container.seek(timestamp, stream=self._stream)

    def _place(self, packet: Packet[VideoStream]) -> int | None:
        """Which key frame of the index a packet is."""
        for timestamp in (packet.dts, packet.pts):
            if timestamp is not None and timestamp in self._places:
                return self._places[timestamp]
        return None

    def _is_far(self, place: int) -> bool:
        return place + 1 < len(self.index) and self.index[place + 1].position - self.index[place].end > _FAR

    def _jump(self, place: int) -> tuple[Iterator[Packet[VideoStream]], Packet[VideoStream]]:
        """Go to a key frame; raises _LostError where it isn't there."""
        try:
            self.seek(self._behind(place))
            packets = self.container.demux(self._stream)
            packet = next(packets, None)
        except FFmpegError:
            raise _LostError from None
        if packet is None or not packet.is_keyframe or self._place(packet) != place:
            raise _LostError
        return packets, packet

    def _behind(self, place: int) -> int:
        """A time nearer to a key frame than to the next one.

        Some indexes are by the time of decoding, and sought in by that of showing, which is later.
        """
        here = self.index[place].timestamp
        last = place + 1 == len(self.index)
        length = here - self.index[place - 1].timestamp if last else self.index[place + 1].timestamp - here
        return here + length // 2

    def _read_on(self, place: int) -> Iterator[Packet[VideoStream]]:
        """What comes after a key frame, found without the index."""
        self.container.seek(self.index[0].timestamp, stream=self._stream)
        packets = self.container.demux(self._stream)
        for packet in packets:
            if packet.is_keyframe and self._place(packet) == place:
                break
        yield from keys_of(packets)


def keys_of(packets: Iterator[Packet[VideoStream]]) -> Iterator[Packet[VideoStream]]:
    """Packets of key frames, and the empty one that ends a stream: decoders take time to skip the others."""
    return (packet for packet in packets if packet.is_keyframe or not packet.size)
