"""The two ends of a pass: readers that decode ahead, and writers that encode behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flowgraph.errors import FlowgraphError, RunError, StopRun
from flowgraph.executor.threads import Channel, Worker
from flowgraph.frame import Frame
from flowgraph.node import Reader, Writer
from flowgraph.plan import Step
from flowgraph.pool import BufferPool

Fail = Callable[[BaseException], None]


class ReadAhead:
    """Reads a source on a thread of its own, a fixed number of frames ahead."""

    def __init__(self, name: str, reader: Reader, pool: BufferPool, queue: int, fail: Fail) -> None:
        self.name = name
        self.reader = reader
        self.frames = 0
        self._pool = pool
        self._channel: Channel[Frame] = Channel(queue)
        self._broken: RunError | None = None
        self._worker = Worker(f"reads {name}", self._read, fail)

    def _read(self) -> None:
        try:
            while True:
                frame = self.reader.read()
                if frame is None:
                    break
                self._channel.put(self._pool.adopt(self.name, frame))
                del frame
        except RunError as error:
            # What came before is good: it is handed on first, and the pass ends with this error.
            self._broken = error
        self._channel.close()

    def get(self) -> Frame | None:
        """The next frame, None at the end."""
        frame = self._channel.get()
        if frame is not None:
            self.frames += 1
        return frame

    @property
    def broken(self) -> RunError | None:
        """Why the source ended too early, if it did."""
        return self._broken

    def cancel(self) -> None:
        """Stop handing out frames."""
        self._channel.cancel()

    def close(self) -> None:
        """Stop reading and let go of the source."""
        self._channel.cancel()
        self._worker.join()
        self.reader.close()


class WriteBehind:
    """Writes to a sink on a thread of its own; a fixed number of frames may wait."""

    def __init__(self, step: Step, writer: Writer, queue: int, fail: Fail, stop: Callable[[], None]) -> None:
        self.step = step
        self.writer = writer
        self.written = 0
        self._channel: Channel[Frame] = Channel(queue)
        self._stop = stop
        self._stopped = False
        self._worker = Worker(f"writes {step.name}", self._write, fail)

    def put(self, frame: Frame) -> None:
        """Hand a frame over, when there is room."""
        if not self._stopped:
            self._channel.put(frame)

    def _write(self) -> None:
        try:
            while True:
                frame = self._channel.get()
                if frame is None:
                    return
                self.write(frame)
                del frame
        except StopRun:
            # The person closed the window: the stream ends here, and everything else is finished properly.
            self._stopped = True
            self._stop()
            self._channel.cancel()

    def write(self, frame: Frame) -> None:
        try:
            self.writer.write(frame)
        except (FlowgraphError, StopRun) as error:
            if isinstance(error, FlowgraphError):
                error.place = error.place or self.step.place
            raise
        except Exception as error:
            raise RunError(
                f"sink '{self.step.name}' failed at frame {frame.index} ({float(frame.time):.3f} s),"
                f" writing {frame.format}: {type(error).__name__}: {error}",
                place=self.step.place,
            ) from error
        self.written += 1

    def drain(self) -> None:
        """Wait until everything that was handed over is written."""
        self._channel.close()
        self._worker.join()

    def cancel(self) -> None:
        """Take no more frames."""
        self._channel.cancel()

    def close(self) -> str:
        """Finish the output under its final name."""
        try:
            return self.writer.close()
        except FlowgraphError as error:
            error.place = error.place or self.step.place
            raise

    def abort(self) -> Path | None:
        """Stop here, and keep what was written under its partial name."""
        self._channel.cancel()
        self._worker.join()
        return self.writer.abort()
