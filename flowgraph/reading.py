"""The frames of one output of a run, for `for` and `async for`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from threading import current_thread
from time import perf_counter
from typing import Protocol

from flowgraph.executor.handover import POLL_S, Ended, Handover, Who
from flowgraph.frame import Format, Frame
from flowgraph.plan import Plan


class Streaming(Protocol):
    """What its frames know of a run."""

    @property
    def plan(self) -> Plan: ...
    def start(self) -> None: ...
    def seen(self, name: str, frame: Frame) -> None: ...
    def look(self, wanted: Handover | None, since: float) -> None: ...


class Frames(Iterator[Frame], AsyncIterator[Frame]):
    """The frames of one output, in order: iterate over it with `for` or, in a coroutine, with `async for`.

    A frame is valid until the next one is asked for. Its arrays are read-only; `frame.copy()` is a frame to
    keep and to write into. A frame that is used later raises ReleasedError; of its arrays two more rounds'
    may be kept, further ones raise GraphError when the next frame is asked for.

    Raises, when a frame is asked for:
        RunError: the run failed; or it waits for another output to be read, which the same reader would have
            to do: then reading that one first goes on.
    """

    def __init__(self, run: Streaming, name: str, end: Handover) -> None:
        self._run = run
        self.name = name
        self._end = end
        self._last: Frame | None = None

    @property
    def format(self) -> Format:
        """The format of the frames; compiles the graph if that has not been done yet."""
        step = self._run.plan.network[f"{self.name}>tap"]
        return self._run.plan.formats[step.name]["image"]

    def __iter__(self) -> Frames:
        return self

    def __next__(self) -> Frame:
        thread = current_thread()
        self._ask(Who(thread, thread.is_alive))
        since = perf_counter()
        while True:
            try:
                frame = self._end.take()
            except Ended:
                raise StopIteration from None
            if frame is not None:
                self._last = frame
                return frame
            self._end.wait(lambda: self._run.look(self._end, since))

    def __aiter__(self) -> Frames:
        return self

    async def __anext__(self) -> Frame:
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        assert task is not None  # a coroutine runs in a task
        self._ask(Who(task, lambda: not task.done()))
        since = perf_counter()
        changed = asyncio.Event()

        def tell() -> None:
            with suppress(RuntimeError):  # the loop was closed: nobody waits any more
                loop.call_soon_threadsafe(changed.set)

        self._end.listen(tell)
        try:
            while True:
                changed.clear()
                try:
                    frame = self._end.take()
                except Ended:
                    raise StopAsyncIteration from None
                if frame is not None:
                    self._last = frame
                    return frame
                try:
                    await asyncio.wait_for(changed.wait(), POLL_S)
                except TimeoutError:
                    self._run.look(self._end, since)
        finally:
            self._end.unlisten(tell)

    def _ask(self, who: Who) -> None:
        if self._last is not None:
            self._run.seen(self.name, self._last)
            self._last = None
        self._end.release()
        self._end.reader = who
        if not self._end.finished:
            self._run.start()
