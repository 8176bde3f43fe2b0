"""One video stream being decoded: pictures in order, seeking, and what was wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from av.container.input import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from flowgraph.errors import GraphError
from flowgraph.media.keyframes import Jumps, keys, keys_of
from flowgraph.media.location import Location, open_input


class Decoder:
    """Pictures of a medium's main video stream. Used by one thread at a time."""

    def __init__(self, location: Location, *, keyframes: bool, threads: int) -> None:
        self.location = location
        self.container = open_input(location)
        stream = self.container.streams.best("video")
        if not isinstance(stream, VideoStream):
            self.container.close()
            raise GraphError(f"{location.title} has no video that can be decoded")
        self.stream = stream
        self.origin = origin(self.container)
        context = stream.codec_context
        context.thread_type = "AUTO"
        context.thread_count = threads
        if keyframes:
            context.skip_frame = "NONKEY"
        self.damaged = 0
        """Packets that could not be decoded."""
        self.failure: FFmpegError | None = None
        """Why reading stopped before the end."""
        self._keyframes = keyframes
        self._jumps = _jumps(location, self.container, stream) if keyframes else None
        self.keys = len(self._jumps.index) if self._jumps is not None else None
        """No more key frames than these will come; None where no index counts them."""
        self._packets = self._demux()
        self._ahead: list[VideoFrame] = []
        self._pictures = self._decode_all()

    def next(self) -> VideoFrame | None:
        """The next picture; None at the end or where `failure` says why."""
        return self._ahead.pop() if self._ahead else next(self._pictures, None)

    def peek(self) -> VideoFrame | None:
        """The next picture, which stays the next one."""
        if not self._ahead and (picture := next(self._pictures, None)) is not None:
            self._ahead.append(picture)
        return self._ahead[-1] if self._ahead else None

    def time(self, picture: VideoFrame) -> Fraction | None:
        """Seconds from the medium's start; None where the picture carries no timestamp."""
        if picture.pts is None or picture.time_base is None:
            return None
        return picture.pts * picture.time_base - self.origin

    def seek(self, start_s: Fraction) -> None:
        """Stand at a picture that is not later than `start_s`, as near before it as is safe.

        A container's index is by decoding time, so a seek may land behind its target; then it goes further
        back.
        """
        base = self.stream.time_base
        if base is None:
            return
        for back in (0, 1, 5, 30):
            target = start_s + self.origin - back
            if target <= self.origin or not self._seek(int(target / base)):
                break
            first = self.peek()
            time = self.time(first) if first is not None else None
            if time is not None and time <= start_s:
                return
        self._seek(int(self.origin / base) - 1)

    def _seek(self, timestamp: int) -> bool:
        try:
            if self._jumps is not None:
                self._jumps.seek(timestamp)
                self.stream.codec_context.flush_buffers()
            else:
                self.container.seek(timestamp, stream=self.stream)
        except FFmpegError:
            return False
        self.damaged, self.failure = 0, None
        self._ahead.clear()
        self._packets = self._demux()
        self._pictures = self._decode_all()
        return True

    def _demux(self) -> Iterator[Packet[VideoStream]]:
        if self._jumps is not None:
            return self._jumps.packets()
        packets = self.container.demux(self.stream)
        return keys_of(packets) if self._keyframes else packets

    def _decode_all(self) -> Iterator[VideoFrame]:
        while True:
            try:
                packet = next(self._packets, None)
            except FFmpegError as error:
                self.failure = error
                yield from self._decode(None)
                return
            if packet is None:
                return
            yield from self._decode(packet)

    def _decode(self, packet: Packet[VideoStream] | None) -> list[VideoFrame]:
        """Decode a packet, or what is left in the decoder; a damaged packet is counted and passed over."""
        try:
            return self.stream.codec_context.decode(packet)
        except EOFError:
            return []
        except FFmpegError:
            self.damaged += 1
            return []

    def close(self) -> None:
        """Let go of the file and of the decoder; pictures that were delivered stay good."""
        self._ahead.clear()
        self._packets = iter(())
        # It refers to this decoder, whose threads' pictures would stay until garbage is collected.
        self._pictures = iter(())
        if self._jumps is not None:
            self._jumps.container.close()
        self.container.close()


def _jumps(location: Location, container: InputContainer, stream: VideoStream) -> Jumps | None:
    """What finds key frames by an index, where there is one; reads from a container of its own.

    Seeking in a container would empty the decoder of its stream.
    """
    if location.path is None or not location.path.is_file():
        return None
    index = keys(container, stream)
    if not index:
        return None
    other = open_input(location)
    found = other.streams[stream.index]
    assert isinstance(found, VideoStream)
    return Jumps(other, found, index)


def origin(container: InputContainer) -> Fraction:
    """Where a medium's time starts, in seconds of its own timestamps: its earliest video or sound."""
    starts = [
        stream.start_time * stream.time_base
        for stream in (*container.streams.video, *container.streams.audio)
        if stream.start_time is not None and stream.time_base is not None
    ]
    return min(starts, default=Fraction(0))
