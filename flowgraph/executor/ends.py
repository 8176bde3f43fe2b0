"""The two ends of a pass: readers that decode ahead, and writers that encode behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Protocol

from flowgraph.errors import FlowgraphError, RunError, StopRun
from flowgraph.executor.blame import blamed, described
from flowgraph.executor.threads import Cancelled, Channel, Worker
from flowgraph.frame import Frame
from flowgraph.node import Cancellable, Reader, Writer
from flowgraph.plan import Step
from flowgraph.pool import BufferPool

STALLED_S = 5.0
"""How long a reader may take to come back from one read when a run is stopped."""

Fail = Callable[[BaseException], None]


def _wake(end: object) -> None:
    """Tell a reader or writer that waits for another process to give up."""
    if isinstance(end, Cancellable):
        end.cancel()


class SourceEnd(Protocol):
    """What a pass knows of the end of a source."""

    frames: int
    seconds: float
    broken: RunError | None

    @property
    def reader(self) -> object: ...
    def start(self, fail: Fail) -> None: ...
    def get(self) -> Frame | None: ...
    def read_rest(self) -> None: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...


class ReadAhead:
    """Reads a source on a thread of its own, a fixed number of frames ahead."""

    def __init__(self, step: Step, reader: Reader, pool: BufferPool, queue: int) -> None:
        self.step = step
        self.reader = reader
        self.frames = 0
        self.seconds = 0.0
        """Spent on reading, by its thread."""
        self.broken: RunError | None = None
        """Why the source ended too early, if it did."""
        self._pool = pool
        self._channel: Channel[Frame] = Channel(queue)
        self._worker: Worker | None = None

    def start(self, fail: Fail) -> None:
        """Begin to read; `fail` hears of what only a bug can raise."""
        self._worker = Worker(f"reads {self.step.name}", self._read, fail)

    def _read(self) -> None:
        while True:
            started = perf_counter()
            try:
                frame = self.reader.read()
            except RunError as error:
                error.place = error.place or self.step.place
                self.broken = error
                break
            except Exception as error:
                self.broken = RunError(
                    f"source '{self.step.name}' failed while it was read: {described(error)}",
                    place=self.step.place,
                )
                self.broken.__cause__ = error
                break
            self.seconds += perf_counter() - started
            if frame is None:
                break
            self._channel.put(self._pool.adopt(self.step.name, frame))
            del frame
        # What came before an error is good: it is handed on first, and the pass ends with the error.
        self._channel.close()

    def get(self) -> Frame | None:
        """The next frame, None at the end."""
        frame = self._channel.get()
        if frame is not None:
            self.frames += 1
        return frame

    def read_rest(self) -> None:
        """Read on to the end, for the sake of who stores what is read."""
        while self.get() is not None:
            pass

    def cancel(self) -> None:
        """Stop handing out frames."""
        self._channel.cancel()
        _wake(self.reader)

    def close(self) -> None:
        """Stop reading and let go of the source."""
        self.cancel()
        # A camera or a network that has stalled may never answer: its thread is left to the process's end.
        if self._worker is None or self._worker.join(STALLED_S):
            self.reader.close()


class Given:
    """The frames that a program gives to a source, one at a time, on the thread that walks the tokens."""

    seconds = 0.0
    """Nothing is done here."""

    def __init__(self, step: Step, pool: BufferPool) -> None:
        self.step = step
        self.reader = None
        self.frames = 0
        self.broken: RunError | None = None
        self._pool = pool
        self._frame: Frame | None = None

    def give(self, frame: Frame) -> None:
        """The frame of the next token; without one the stream is over."""
        self._frame = self._pool.adopt(self.step.name, frame)

    def start(self, fail: Fail) -> None:
        """There is nothing to begin."""

    def get(self) -> Frame | None:
        """What was given last, once; None at the end."""
        frame, self._frame = self._frame, None
        if frame is not None:
            self.frames += 1
        return frame

    def read_rest(self) -> None:
        """There is no more than what was given."""

    def cancel(self) -> None:
        """Nobody waits."""

    def close(self) -> None:
        """Let go of what was given."""
        self._frame = None


class SinkEnd(Protocol):
    """What a pass knows of the end of a sink."""

    seconds: float

    def start(self, fail: Fail, stop: Callable[[], None]) -> None: ...
    def put(self, frame: Frame) -> None: ...
    def write(self, frame: Frame) -> None: ...
    def drain(self) -> None: ...
    def cancel(self) -> None: ...
    def close(self) -> str: ...
    def abort(self) -> Path | None: ...


class WriteBehind:
    """Writes to a sink on a thread of its own; a fixed number of frames may wait."""

    def __init__(self, step: Step, writer: Writer, queue: int) -> None:
        self.step = step
        self.writer = writer
        self.seconds = 0.0
        """Spent on writing, by its thread."""
        self._channel: Channel[Frame] = Channel(queue)
        self._stopped = False
        self._worker: Worker | None = None

    def start(self, fail: Fail, stop: Callable[[], None]) -> None:
        """Begin to write; `fail` hears of errors, `stop` of a writer that wants no more."""

        def work() -> None:
            try:
                self._write()
            except StopRun:
                # The person closed the window: the stream ends here, and all else is finished properly.
                self._stopped = True
                stop()
                self._channel.cancel()

        self._worker = Worker(f"writes {self.step.name}", work, fail)

    def put(self, frame: Frame) -> None:
        """Hand a frame over, when there is room."""
        try:
            self._channel.put(frame)
        except Cancelled:
            # A token whose frame this sink doesn't want any more goes on to the other sinks.
            if not self._stopped:
                raise

    def _write(self) -> None:
        while True:
            frame = self._channel.get()
            if frame is None:
                return
            started = perf_counter()
            self.write(frame)
            self.seconds += perf_counter() - started
            del frame

    def write(self, frame: Frame) -> None:
        """Write one frame, on the caller's thread.

        Raises:
            StopRun: the writer wants no more.
            RunError: it failed.
        """
        try:
            self.writer.write(frame)
        except StopRun:
            raise
        except FlowgraphError as error:
            error.place = error.place or self.step.place
            raise
        except Exception as error:
            raise RunError(
                f"sink '{self.step.name}' failed at frame {frame.index} ({float(frame.time):.3f} s),"
                f" writing {frame.format}: {described(error)}",
                place=self.step.place,
            ) from error

    def drain(self) -> None:
        """Wait until everything that was handed over is written."""
        self._channel.close()
        self._join()

    def cancel(self) -> None:
        """Take no more frames."""
        self._channel.cancel()
        _wake(self.writer)

    def close(self) -> str:
        """Finish the output under its final name."""
        with blamed(f"sink '{self.step.name}' failed while it was closed", self.step.place):
            return self.writer.close()

    def abort(self) -> Path | None:
        """Stop here, and keep what was written under its partial name."""
        self.cancel()
        self._join()
        return self.writer.abort()

    def _join(self) -> None:
        if self._worker is not None:
            self._worker.join()
