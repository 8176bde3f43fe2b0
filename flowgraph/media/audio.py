"""Sound of the source, carried into the output next to the pictures that belong to it."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO

import av
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container.input import InputContainer
from av.container.output import OutputContainer
from av.error import FFmpegError
from av.packet import Packet

from flowgraph.errors import GraphError
from flowgraph.media.decoder import origin
from flowgraph.media.encoder import Sounding
from flowgraph.node import SinkInfo

_ENCODERS = {"webm": "libopus", "avi": "libmp3lame"}
_SILENT = ("gif", "webp", "apng", "yuv4mpegpipe")


class Sound:
    """No sound, and why; the base of sound that is written."""

    def __init__(self, note: str = "") -> None:
        self.note = note

    def begin(self, start: Fraction) -> None:
        """The first picture is at `start` seconds of the source: sound before it is left out."""

    def until(self, time: Fraction) -> None:
        """Write the sound up to `time` seconds of the output."""

    def finish(self, end: Fraction) -> None:
        """Write the rest, up to the end of the last picture."""

    def close(self) -> None:
        """Let go of the source."""


def open_sound(container: OutputContainer, format: str, asked: Sounding, info: SinkInfo) -> Sound:
    """Find the source's sound, or that of another file, and add a stream for it to the output.

    Args:
        container: the output, with its video stream, not yet started.
        format: the output container's short name.
        asked: whether sound is wanted, and whose.
        info: what the sink knows of the stream and its source.

    Raises:
        GraphError: sound was asked for and can't be had.
    """
    source, wanted, chosen = info.source, asked.wanted, asked.path
    if wanted == "none" or (wanted == "auto" and not chosen and (source is None or not source.audio)):
        return Sound()
    reason = _why_not(format, info, chosen)
    if reason:
        if wanted == "copy":
            raise GraphError(f"the sound can't be copied: {reason}")
        return Sound(f"without sound: {reason}")
    media = _opened(chosen or str(source.path if source else ""))
    stream = media.streams.best("audio")
    if not isinstance(stream, AudioStream):
        media.close()
        return Sound(
            f"without sound: {chosen} has none" if chosen else "without sound: the source's has no decoder"
        )
    ahead_s = asked.ahead_s if chosen else Fraction(0)
    if _holds(format, stream):
        return _Copied(media, stream, container, container.add_stream_from_template(stream), ahead_s)
    if wanted == "copy":
        media.close()
        name = stream.codec_context.name
        raise GraphError(f"{format} can't hold the source's sound ({name}); leave audio out")
    return _Encoded(media, stream, container, _ENCODERS.get(format, "aac"), ahead_s)


def _opened(path: str) -> InputContainer:
    try:
        return av.open(path)
    except (FFmpegError, OSError) as error:
        raise GraphError(f"the sound of {path} can't be read: {error.strerror}") from error


def _holds(format: str, stream: AudioStream) -> bool:
    """Whether a container can hold a stream as it is: tried in memory, since a header may be refused late."""
    try:
        with av.open(BytesIO(), "w", format) as trial:
            trial.add_stream_from_template(stream)
            trial.start_encoding()
    except (FFmpegError, ValueError):
        return False
    return True


def _why_not(format: str, info: SinkInfo, chosen: str) -> str:
    if format in _SILENT:
        return f"{'y4m' if format == 'yuv4mpegpipe' else format} files have none"
    if not chosen and (info.source is None or not info.source.audio or info.source.path is None):
        return "the source has none"
    return "" if info.own_clock else "these are not the source's frames at their own times"


class _Copied(Sound):
    """The source's packets, as they are."""

    def __init__(
        self,
        media: InputContainer,
        stream: AudioStream,
        container: OutputContainer,
        output: AudioStream,
        ahead_s: Fraction,
    ) -> None:
        super().__init__()
        self._media = media
        self._container = container
        self._output = output
        self._base = stream.time_base or Fraction(1, 48000)
        self._zero = origin(media) + ahead_s
        self._stream = stream
        self._items: Iterator[tuple[Fraction, Packet[AudioStream] | AudioFrame]] = iter(())
        self._next: tuple[Fraction, Packet[AudioStream] | AudioFrame] | None = None

    def begin(self, start: Fraction) -> None:
        """Go to the first sound that belongs to the first picture."""
        self._zero += start
        if self._zero > origin(self._media):
            self._media.seek(int(self._zero / self._base), stream=self._stream)
        self._items = self._from_zero()
        self._next = next(self._items, None)

    def until(self, time: Fraction) -> None:
        """Write what comes before `time`."""
        while self._next is not None and self._next[0] < time:
            self._put(self._next[1])
            self._next = next(self._items, None)

    def finish(self, end: Fraction) -> None:
        """Write what is left."""
        self.until(end)
        self.close()

    def close(self) -> None:
        """Let go of the source."""
        self._next = None
        self._items = iter(())
        self._media.close()

    def _from_zero(self) -> Iterator[tuple[Fraction, Packet[AudioStream] | AudioFrame]]:
        try:
            for packet in self._media.demux(self._stream):
                if packet.pts is None or packet.dts is None:
                    continue
                time = packet.pts * self._base - self._zero
                if time >= 0:
                    yield time, packet
        except FFmpegError:
            self.note = "the source's sound breaks off"

    def _put(self, item: Packet[AudioStream] | AudioFrame) -> None:
        assert isinstance(item, Packet) and item.pts is not None and item.dts is not None
        shift = round(self._zero / self._base)
        item.pts, item.dts = item.pts - shift, item.dts - shift
        item.stream = self._output
        self._container.mux(item)


class _Encoded(_Copied):
    """The source's sound encoded anew, where the container can't hold its codec."""

    def __init__(
        self,
        media: InputContainer,
        stream: AudioStream,
        container: OutputContainer,
        encoder: str,
        ahead_s: Fraction,
    ) -> None:
        context = stream.codec_context
        rate = 48000 if encoder == "libopus" else context.sample_rate
        output = container.add_stream(encoder, rate)
        assert isinstance(output, AudioStream)
        output.codec_context.layout = context.layout.name
        super().__init__(media, stream, container, output, ahead_s)
        self.note = f"sound encoded as {output.codec_context.name}"

    def _from_zero(self) -> Iterator[tuple[Fraction, Packet[AudioStream] | AudioFrame]]:
        try:
            for frame in self._media.decode(self._stream):
                if frame.pts is None or frame.time_base is None:
                    continue
                time = frame.pts * frame.time_base - self._zero
                if time >= 0:
                    yield time, frame
        except FFmpegError:
            self.note = "the source's sound breaks off"

    def _put(self, item: Packet[AudioStream] | AudioFrame) -> None:
        assert isinstance(item, AudioFrame) and item.pts is not None and item.time_base is not None
        item.pts -= round(self._zero / item.time_base)
        self._container.mux(self._output.encode(item))

    def finish(self, end: Fraction) -> None:
        """Write what is left, the encoder's own rest included."""
        self.until(end)
        self._container.mux(self._output.encode(None))
        self.close()
