"""Coroutines step a session, push and pull; whoever is cancelled leaves it whole."""

from __future__ import annotations

import asyncio
from threading import Event

import pytest
from collect import Collect, wire
from opened import wait_for_threads
from sessions import CAMERA, graph, gray, stepped

from flowgraph import awaiting
from flowgraph.awaiting import AsyncSession
from flowgraph.errors import GraphError
from flowgraph.executor.control import Fired

LATE = graph(
    CAMERA,
    "late: {type: advance, in: camera, frames: 9}",
    "i: {type: invert, in: camera}",
    "a: {type: output, in: late}",
    "b: {type: output, in: i}",
)


async def produce(session: AsyncSession, frames: int) -> None:
    for k in range(frames):
        await session.push(camera=gray(k))
    await session.end()


async def consume(session: AsyncSession, output: str) -> list[int]:
    return [int(frame.data[0, 0]) async for frame in session[output]]


def test_a_coroutine_steps() -> None:
    async def main() -> list[int]:
        found: list[int] = []
        async with AsyncSession(LATE.session()) as session:
            for k in range(5):
                frame = (await session.step(camera=gray(k)))["b"]
                assert frame is not None
                found.append(int(frame.data[0, 0]))
        return found

    assert asyncio.run(main()) == [255, 254, 253, 252, 251]
    wait_for_threads()


def test_one_pushes_and_others_pull() -> None:
    async def main() -> tuple[list[int], list[int]]:
        async with AsyncSession(LATE.session()) as session:
            a, b, _ = await asyncio.gather(
                consume(session, "a"), consume(session, "b"), produce(session, 100)
            )
            return a, b

    a, b = asyncio.run(main())
    assert a == [min(k + 9, 99) for k in range(100)]
    assert b == [255 - k for k in range(100)]
    wait_for_threads()


def test_pushing_waits_for_who_pulls() -> None:
    async def main() -> int:
        only = graph(CAMERA, "result: {type: output, in: camera}")
        async with AsyncSession(only.session()) as session:
            pushing = asyncio.ensure_future(produce(session, 50))
            first = await session.pull()
            assert first is not None
            while not session.session.full:
                await asyncio.sleep(0)
            held = session.session.plan.queue
            assert len(await consume(session, "result")) == 49
            await pushing
            return held

    assert asyncio.run(main()) == 2


def test_pushing_where_nobody_pulls_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(awaiting, "UNREAD_S", 0.0)

    async def main() -> None:
        async with AsyncSession(LATE.session()) as session:
            await produce(session, 50)

    with pytest.raises(GraphError, match=r"frames of 'a' wait to be pulled, and no more fit"):
        asyncio.run(main())
    wait_for_threads()


class Stops:
    """A watcher that keeps a step from going on."""

    def __init__(self) -> None:
        self.begun = Event()
        self.go = Event()

    def wants(self, pass_index: int, index: int) -> bool:
        self.begun.set()
        assert self.go.wait(30)
        return False

    def fired(self, firing: Fired) -> None:
        raise AssertionError


def test_a_push_that_is_cancelled_while_it_works_is_over_before_it_raises() -> None:
    async def main() -> list[int]:
        stops = Stops()
        async with AsyncSession(LATE.session(ahead=8)) as session:
            session.session.control.watcher = stops
            image = gray(7)
            pushing = asyncio.ensure_future(session.push(camera=image))
            await asyncio.to_thread(stops.begun.wait, 30)
            pushing.cancel()
            await asyncio.sleep(0)
            assert not pushing.done()
            pushing.cancel()
            stops.go.set()
            with pytest.raises(asyncio.CancelledError):
                await pushing
            image[:] = 0
            await session.end()
            return await consume(session, "b")

    assert asyncio.run(main()) == [248]


def test_a_push_that_is_cancelled_before_its_turn_leaves_no_trace() -> None:
    async def main() -> list[int]:
        stops = Stops()
        async with AsyncSession(LATE.session(ahead=8)) as session:
            session.session.control.watcher = stops
            first = asyncio.ensure_future(session.push(camera=gray(1)))
            second = asyncio.ensure_future(session.push(camera=gray(2)))
            await asyncio.to_thread(stops.begun.wait, 30)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            stops.go.set()
            await first
            await session.end()
            return await consume(session, "b")

    assert asyncio.run(main()) == [254]


def test_a_pull_that_is_cancelled_loses_no_frame() -> None:
    async def main() -> list[int]:
        async with AsyncSession(LATE.session()) as session:
            for _ in range(3):
                pulling = asyncio.ensure_future(session.pull("b"))
                await asyncio.sleep(0)
                pulling.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await pulling
            consuming = asyncio.ensure_future(consume(session, "b"))
            _, found, _ = await asyncio.gather(produce(session, 20), consuming, consume(session, "a"))
            return found

    assert asyncio.run(main()) == [255 - k for k in range(20)]


def test_a_frame_that_was_pulled_for_a_cancelled_call_comes_with_the_next() -> None:
    async def main() -> int | None:
        async with AsyncSession(LATE.session()) as session:
            await session.push(camera=gray(3))
            pulling = asyncio.ensure_future(session.pull("b"))
            while session.session.waiting("b"):
                await asyncio.sleep(0)
            pulling.cancel()
            try:
                frame = await pulling
            except asyncio.CancelledError:
                frame = await session.pull("b")
            return None if frame is None else int(frame.data[0, 0])

    assert asyncio.run(main()) == 252


def test_an_exception_in_a_coroutine_aborts_the_session() -> None:
    async def main() -> None:
        async with AsyncSession(stepped(wire("out", Collect(), image="camera"))) as session:
            await session.push(camera=gray(0))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())
    wait_for_threads()
