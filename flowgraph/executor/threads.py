"""The one module that knows about threads: turns, channels, and workers that end with their block."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Condition, Thread, current_thread
from time import perf_counter
from typing import Generic, TypeVar

T = TypeVar("T")


class Cancelled(Exception):  # noqa: N818 it is no error: it unwinds a thread
    """The run is being stopped; unwinds a thread without being an error of its own."""


class Turn:
    """Lets tokens through one at a time, in index order.

    A token waits only for lower indexes, and tokens start in index order: that is why nothing can deadlock.
    """

    __slots__ = ("_cancelled", "_changed", "_next")

    def __init__(self) -> None:
        self._next = 0
        self._cancelled = False
        self._changed = Condition()

    def wait(self, index: int) -> float:
        """Return when all lower indexes are done, with the seconds that it took.

        Raises:
            Cancelled: the run is being stopped.
        """
        if self._next == index and not self._cancelled:
            return 0.0
        started = perf_counter()
        with self._changed:
            self._changed.wait_for(lambda: self._next == index or self._cancelled)
            if self._cancelled:
                raise Cancelled
        return perf_counter() - started

    def waits(self, index: int) -> bool:
        """Whether it is not yet the turn of `index`."""
        return index > self._next

    def done(self) -> None:
        """Let the next index through."""
        with self._changed:
            self._next += 1
            self._changed.notify_all()

    def cancel(self) -> None:
        """Wake everybody up to stop."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()


class Channel(Generic[T]):
    """Hands items from one thread to another, at most `capacity` of them waiting."""

    def __init__(self, capacity: int) -> None:
        self._items: deque[T] = deque()
        self._capacity = capacity
        self._closed = False
        self._cancelled = False
        self._changed = Condition()

    def put(self, item: T) -> None:
        """Hand an item over, when there is room.

        Raises:
            Cancelled: nobody takes any more.
        """
        with self._changed:
            self._changed.wait_for(lambda: len(self._items) < self._capacity or self._cancelled)
            if self._cancelled:
                raise Cancelled
            self._items.append(item)
            self._changed.notify_all()

    def get(self) -> T | None:
        """Take an item, when there is one; None after the last.

        Raises:
            Cancelled: nothing more will come, and not because it is finished.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed or self._cancelled)
            if self._cancelled:
                raise Cancelled
            if not self._items:
                return None
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def close(self) -> None:
        """Say that the last item was put."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def cancel(self) -> None:
        """Drop what is waiting and wake everybody up to stop."""
        with self._changed:
            self._cancelled = True
            self._items.clear()
            self._changed.notify_all()


_PREFIX = "flowgraph "


def is_worker() -> bool:
    """Whether this is a thread of the engine."""
    return current_thread().name.startswith(_PREFIX)


class Worker:
    """A thread that reports how it ended to `failed`; `join` returns when it is gone."""

    def __init__(self, name: str, work: Callable[[], None], failed: Callable[[BaseException], None]) -> None:
        def run() -> None:
            try:
                work()
            except Cancelled:
                pass
            except BaseException as error:  # handed to the run, which raises it on the caller's thread
                failed(error)

        self._thread = Thread(target=run, name=f"{_PREFIX}{name}", daemon=True)
        self._thread.start()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; says whether it came."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()
