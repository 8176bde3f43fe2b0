"""Reading video: frames of a medium as views of the decoder's own planes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from flowgraph.errors import RunError
from flowgraph.frame import Frame
from flowgraph.media.decoder import Decoder
from flowgraph.media.native import Native
from flowgraph.media.request import Cut, spoken
from flowgraph.media.whole import missing_bytes

KEY: Mapping[str, bool] = MappingProxyType({"key_frame": True})
NOT_KEY: Mapping[str, bool] = MappingProxyType({"key_frame": False})


class VideoReader:
    """Delivers the frames that a cut asks for. Their planes are read-only views of the decoder's memory.

    `notes` tells what the user should know about what was read so far.
    """

    def __init__(
        self, decoder: Decoder, native: Native, cut: Cut, rate: Fraction | None, fixed_rate: Fraction | None
    ) -> None:
        self.notes: list[str] = []
        self._decoder = decoder
        self._native = native
        self._cut = cut
        self._step = 1 / (fixed_rate or rate or Fraction(25))
        self._fixed = fixed_rate is not None
        self._scaler = VideoReformatter()
        self._frames = self._select()
        self._last = Fraction(0)
        self._concealed = 0

    def read(self) -> Frame | None:
        """The next frame, or None at the end.

        Raises:
            RunError: the medium broke off; what came before is good.
        """
        return next(self._frames, None)

    def close(self) -> None:
        """Let go of the medium."""
        self._frames = iter(())
        self._decoder.close()

    def _select(self) -> Iterator[Frame]:
        """The frames of the cut, numbered from 0."""
        cut, index, passed = self._cut, 0, 0
        for number, (picture, time) in enumerate(self._timed()):
            if (cut.stop is not None and number >= cut.stop) or (
                cut.stop_s is not None and time >= cut.stop_s
            ):
                return
            if number < cut.start or time < cut.start_s:
                continue
            if passed % cut.every == 0:
                yield self._frame(picture, time, index)
                index += 1
                if index == cut.frames:
                    return
            passed += 1
        self._check_end()

    def _timed(self) -> Iterator[tuple[VideoFrame, Fraction]]:
        """Pictures with times that increase."""
        seekable = self._decoder.location.rereadable and not self._fixed and self._cut.start == 0
        if self._cut.start_s > 0 and seekable and self._cut.stop is None:
            self._decoder.seek(self._cut.start_s)
        last: Fraction | None = None
        number = 0
        while (picture := self._decoder.next()) is not None:
            time = number * self._step if self._fixed else self._decoder.time(picture)
            if time is None or (last is not None and time <= last):
                time = Fraction(0) if last is None else last + self._step
            last, number = time, number + 1
            self._last = time
            yield picture, time

    def _frame(self, picture: VideoFrame, time: Fraction, index: int) -> Frame:
        if self._native.changed(picture):
            new = f"{picture.width}x{picture.height} {picture.format.name}"
            self._note(f"the video becomes {new} at {spoken(time)}; it is scaled to {self._native.format}")
        self._concealed += picture.is_corrupt
        planes, held = self._native.planes(picture, self._scaler)
        base = picture.time_base
        known = picture.duration * base if picture.duration and base and not self._fixed else self._step
        properties = KEY if picture.key_frame else NOT_KEY
        return Frame(index, time, self._native.format, planes, properties, held, known)

    def _note(self, text: str) -> None:
        head = text.partition(" at ")[0]
        if not any(note.startswith(head.partition(" becomes ")[0]) for note in self.notes):
            self.notes.append(text)

    def _check_end(self) -> None:
        """Say what was wrong, once all that could be read was delivered."""
        location, lost = self._decoder.location, self._decoder.damaged
        if lost:
            packets = "packet" if lost == 1 else "packets"
            self.notes.append(f"{location.title}: {lost} damaged {packets} could not be decoded")
        if self._concealed:
            pictures = "picture" if self._concealed == 1 else "pictures"
            self.notes.append(f"{location.title}: {self._concealed} {pictures} may show damage")
        where = f"{location.title} stops at {spoken(self._last)}"
        if self._decoder.failure is not None:
            raise RunError(f"{where}: {self._decoder.failure.strerror}") from self._decoder.failure
        lacking = missing_bytes(location.path) if location.path else 0
        if lacking:
            raise RunError(f"{where}: the file is cut short, {lacking:,} bytes are missing")
