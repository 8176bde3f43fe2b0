"""A session for coroutines: frames are awaited, and the work is done on a thread beside the event loop.

async with AsyncSession(graph.session(formats={"camera": first})) as session:

    async def produce() -> None:
        async for image in camera:
            await session.push(camera=image)
        await session.end()

    async def consume() -> None:
        async for frame in session["result"]:
            await send(frame.data)

    await asyncio.gather(produce(), consume())
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from time import perf_counter
from types import TracebackType
from typing import Any, TypeVar

from flowgraph.errors import GraphError
from flowgraph.executor.handover import POLL_S
from flowgraph.frame import Frame
from flowgraph.inlets import Image
from flowgraph.stepping import Session

T = TypeVar("T")

UNREAD_S = 2.0
"""How long one waits for somebody to begin with an output that nobody has pulled so far."""


class AsyncSession:
    """A session whose `step`, `push` and `pull` are awaited. Use it as an asynchronous context.

    `push` waits while an output is full, and `pull` until a frame is there. A cancelled call has either not
    begun or is finished: an image may be used again as soon as its call is over, however that was, and a
    frame that was pulled for it comes with the next `pull`.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        """The session itself: its formats, its plan, `set`, and what else doesn't wait."""
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="flowgraph session")
        self._changed = asyncio.Condition()
        self._readers: dict[str, asyncio.Task[Any]] = {}
        self._missed: dict[str, Frame] = {}
        """Frames that were pulled for a call that was cancelled meanwhile."""

    async def step(self, **images: Image) -> dict[str, Frame | None]:
        """As `Session.step`."""
        return await self._call(partial(self.session.step, **images))

    async def push(self, **images: Image) -> None:
        """As `Session.push`, once there is room.

        Raises:
            GraphError: also if there can't be room, since nobody pulls what would have to be pulled.
        """
        since = perf_counter()
        async with self._changed:
            while self.session.full and self._may_change(since):
                await self._change()
            await self._call(partial(self.session.push, **images))
            self._changed.notify_all()

    async def pull(self, output: str = "") -> Frame | None:
        """As `Session.pull`, once there is a frame; None only at the end."""
        task = asyncio.current_task()
        assert task is not None  # a coroutine runs in a task
        name = output or next(iter(self.session.outputs), "")
        self._readers[name] = task
        if name in self._missed:
            return self._missed.pop(name)
        since = perf_counter()
        async with self._changed:
            while True:
                try:
                    pulled = partial(self.session.pull, output)
                    frame: Frame | None = await self._call(pulled, partial(self._keep, name))
                except GraphError:
                    # At the end, others may have to pull before what was held back can come out here.
                    if not (self.session.ended and self.session.full and self._may_change(since)):
                        raise
                else:
                    if frame is not None or self.session.ended:
                        self._changed.notify_all()
                        return frame
                await self._change()

    async def __getitem__(self, output: str) -> AsyncIterator[Frame]:
        """The frames of an output, for `async for`."""
        while (frame := await self.pull(output)) is not None:
            yield frame

    async def end(self) -> None:
        """There are no further frames to push."""
        self.session.end()
        async with self._changed:
            self._changed.notify_all()

    async def close(self) -> None:
        """As `Session.close`."""
        await self._call(self.session.close)
        self._pool.shutdown()

    async def __aenter__(self) -> AsyncSession:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if error is None:
            await self.close()
        else:
            await self._call(self.session.abort)
            self._pool.shutdown()

    def _keep(self, name: str, frame: Frame | None) -> None:
        if frame is not None:
            self._missed[name] = frame

    async def _change(self) -> None:
        """Wait a while for something to change."""
        try:
            await asyncio.wait_for(self._changed.wait(), POLL_S)
        except TimeoutError:
            return

    def _may_change(self, since: float) -> bool:
        """Whether anybody else may pull an output that is full."""
        me = asyncio.current_task()
        for name in self.session.full:
            reader = self._readers.get(name)
            if reader is None:
                if perf_counter() - since < UNREAD_S:
                    return True
            elif reader is not me and not reader.done():
                return True
        return False

    async def _call(self, call: Callable[[], T], late: Callable[[T], None] | None = None) -> T:
        """Call something on the session's thread.

        If cancelled, raise that when the call is over or was never begun; `late` then has its result.
        """
        job = self._pool.submit(call)
        result = asyncio.wrap_future(job)
        try:
            return await asyncio.shield(result)
        except asyncio.CancelledError:
            if not job.cancel():
                while not result.done():
                    await _over(result)
                if result.exception() is None and late is not None:
                    late(result.result())
            raise


async def _over(result: asyncio.Future[Any]) -> None:
    """Return when it is over, or when this wait is cancelled too."""
    with suppress(asyncio.CancelledError):
        await asyncio.wait([result])
