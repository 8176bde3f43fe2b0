"""Hands the frames of a sink to a program that reads them on a thread of its own, or in an event loop.

Tokens wait in the sink until there is room: that is how a slow reader slows the run down, and why no more
frames wait than the plan counted. A reader that waits for one output while another one of the same reader is
full would wait for ever; it is told so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

from flowgraph.executor.threads import Cancelled
from flowgraph.frame import Frame
from flowgraph.lent import KEPT, LentFrame, Loan

POLL_S = 0.05
"""How often a reader that waits looks whether it waits in vain."""


class Ended(Exception):  # noqa: N818 it is no error: the stream is over
    """There will be no further frame."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who reads: a thread or a task, and whether it still lives."""

    it: object
    lives: Callable[[], bool]


class Direct:
    """Base of writers that take frames on the threads that make them: such a one is the sink's end itself.

    It may hold `frames`: those that wait, the one that is lent, and those whose arrays are kept.
    """

    seconds = 0.0
    """Nothing is done here."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._ready: deque[Frame] = deque()
        self._room = 1
        self._loan = Loan(name)

    def hold(self, frames: int) -> None:
        """What the plan lets it hold."""
        self._room = frames - 1 - KEPT

    def start(self, fail: Callable[[BaseException], None], stop: Callable[[], None]) -> None:
        """There is nothing to begin: tokens put frames here themselves."""

    def put(self, frame: Frame) -> None:
        """Take a frame."""
        raise NotImplementedError

    def write(self, frame: Frame) -> None:
        """Take the one frame of a still."""
        self.put(frame)

    def drain(self) -> None:
        """What was put waits here for as long as it likes."""

    def cancel(self) -> None:
        """Take no more frames; those that wait may still be read."""

    def close(self) -> str:
        """All was put, and nothing went wrong."""
        return ""

    def abort(self) -> Path | None:
        """Something went wrong: the end comes when it is known what."""
        self.cancel()
        return None

    @property
    def waiting(self) -> int:
        """Frames that wait to be read."""
        return len(self._ready)

    def release(self) -> None:
        """The reader is done with the last frame. Raises GraphError if it kept too many arrays."""
        self._loan.release()


class Handover(Direct):
    """The end of one output: a sink's writer for the run, and what a program takes frames from."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.full = False
        """Whether a token waits for room."""
        self.reader: Who | None = None
        """Who asked last; None before anybody has."""
        self.told = False
        """Whether the reader heard what ended the run before its time."""
        self._changed = Condition()
        self._cancelled = False
        self._ended = False
        self._failure: BaseException | None = None
        self._listeners: list[Callable[[], None]] = []

    # -- for the run ---------------------------------------------------------------------------------------

    def put(self, frame: Frame) -> None:
        """Hand a frame over, when there is room.

        Raises:
            Cancelled: nobody takes any more.
        """
        with self._changed:
            if len(self._ready) >= self._room and not self._cancelled:
                self.full = True
                self._changed.wait_for(lambda: len(self._ready) < self._room or self._cancelled)
                self.full = False
            if self._cancelled:
                raise Cancelled
            self._ready.append(frame)
        self._tell()

    def cancel(self) -> None:
        """Take no more frames; those that wait may still be read."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    def close(self) -> str:
        """All was put, and nothing went wrong."""
        self._end(None)
        return ""

    def over(self, failure: BaseException | None) -> None:
        """The run is over: whoever waits has the end, or what went wrong."""
        self._end(failure)

    def forget(self) -> None:
        """Nobody will read on: let go of what waits."""
        self.cancel()
        with self._changed:
            self._ready.clear()

    def _end(self, failure: BaseException | None) -> None:
        with self._changed:
            if not self._ended:
                self._ended, self._failure = True, failure
        self._tell()

    def _tell(self) -> None:
        with self._changed:
            self._changed.notify_all()
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener()

    # -- for the reader ------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Whether the stream ended as it should, and everything was read."""
        return self._ended and not self._ready and self._failure is None

    def listen(self, listener: Callable[[], None]) -> None:
        """Call this on any thread whenever something may have changed."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Don't call it any more."""
        self._listeners.remove(listener)

    def take(self) -> LentFrame | None:
        """The next frame, None while there is none.

        Raises:
            Ended: there will be none.
            Whatever ended the run before its time.
        """
        with self._changed:
            if not self._ready:
                if not self._ended:
                    return None
                if self._failure is not None:
                    self.told = True
                    raise self._failure
                raise Ended
            frame = self._ready.popleft()
            self._changed.notify_all()
        return self._loan.lend(frame)

    def wait(self, look: Callable[[], None]) -> None:
        """Return when `take` has an answer; call `look`, which may raise, while it has none."""
        while True:
            with self._changed:
                if self._changed.wait_for(lambda: self._ready or self._ended, POLL_S):
                    return
            look()
