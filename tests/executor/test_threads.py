"""Turns, channels and ends under cancellation: whoever waits is woken up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import pytest
from odd_nodes import Lighten

from flowgraph.errors import StopRun
from flowgraph.executor.ends import WriteBehind
from flowgraph.executor.firing import ReduceFiring
from flowgraph.executor.inputs import Token
from flowgraph.executor.threads import Cancelled, Channel, Turn, Worker
from flowgraph.frame import Format, Frame, new_frame
from flowgraph.graph import Port
from flowgraph.node import Formats
from flowgraph.plan import Arg, Clock, Step
from flowgraph.pool import BufferPool

GRAY = Format("gray", 4, 2)


class Waiter:
    """Calls something on a thread of its own and tells how that ended."""

    def __init__(self, call: Callable[[], object]) -> None:
        self.ended: object = None
        self._call = call
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self.ended = self._call()
        except Cancelled:
            self.ended = Cancelled

    def result(self) -> object:
        self._thread.join(10)
        assert not self._thread.is_alive()
        return self.ended


def test_turns_come_in_order_whoever_asks_first() -> None:
    turn, order = Turn(), list[int]()

    def take(index: int) -> None:
        turn.wait(index)
        order.append(index)
        turn.done()

    waiters = [Waiter(lambda i=i: take(i)) for i in (3, 1, 2, 0)]  # type: ignore[misc] # a default binds i now
    for waiter in waiters:
        waiter.result()
    assert order == [0, 1, 2, 3]


def test_cancelling_a_turn_wakes_all_that_wait_and_all_that_come_later() -> None:
    turn = Turn()
    waiters = [Waiter(lambda i=i: turn.wait(i)) for i in (1, 2)]  # type: ignore[misc] # a default binds i now
    turn.cancel()
    assert [waiter.result() for waiter in waiters] == [Cancelled, Cancelled]
    for index in (0, 1):
        with pytest.raises(Cancelled):
            turn.wait(index)


def test_a_channel_hands_over_in_order_and_ends_when_it_is_closed() -> None:
    channel: Channel[int] = Channel(1)

    def feed() -> None:
        for item in range(5):
            channel.put(item)
        channel.close()

    feeding = Waiter(feed)
    assert [channel.get() for _ in range(7)] == [0, 1, 2, 3, 4, None, None]
    feeding.result()


def test_cancelling_a_channel_wakes_who_waits_for_room_and_drops_what_waits() -> None:
    channel: Channel[int] = Channel(1)
    channel.put(1)
    waiting = Waiter(lambda: channel.put(2))
    channel.cancel()
    assert waiting.result() is Cancelled
    with pytest.raises(Cancelled):
        channel.get()


def test_cancelling_a_channel_wakes_who_waits_for_an_item() -> None:
    channel: Channel[int] = Channel(1)
    waiting = Waiter(channel.get)
    channel.cancel()
    assert waiting.result() is Cancelled


def test_a_worker_tells_of_its_failure_and_not_of_being_cancelled() -> None:
    told: list[BaseException] = []

    def fails(error: BaseException) -> None:
        raise error

    for error in (ZeroDivisionError(), Cancelled(), KeyboardInterrupt()):
        assert Worker("test", lambda error=error: fails(error), told.append).join(10)  # type: ignore[misc] # binds now
    assert [type(error) for error in told] == [ZeroDivisionError, KeyboardInterrupt]


class Closes:
    """A writer that wants no more from its first frame on."""

    def write(self, frame: Frame) -> None:
        raise StopRun

    def close(self) -> str:
        return "closed"

    def abort(self) -> Path | None:
        return None


ARGS = {"image": (Arg(Port("v", "image"), 0),)}
SINK = Step("out", "closes", "sink", None, ARGS, (), Formats({"image": (GRAY,)}), Clock("a"), ordered=True)


def test_whoever_waits_for_room_in_a_sink_that_wants_no_more_goes_on() -> None:
    behind = WriteBehind(SINK, Closes(), queue=1)
    frames = [new_frame(GRAY, i) for i in range(4)]
    behind.put(frames[0])
    waiters = [Waiter(lambda frame=frame: behind.put(frame)) for frame in frames[1:]]  # type: ignore[misc] # binds now
    stopped = Event()
    failures: list[BaseException] = []
    behind.start(failures.append, stopped.set)
    assert [waiter.result() for waiter in waiters] == [None] * 3
    assert stopped.wait(10)
    behind.drain()
    assert behind.close() == "closed"
    assert failures == []


def test_whoever_waits_for_room_in_a_cancelled_sink_is_cancelled() -> None:
    behind = WriteBehind(SINK, Closes(), queue=1)
    behind.put(new_frame(GRAY))
    waiting = Waiter(lambda: behind.put(new_frame(GRAY)))
    behind.cancel()
    assert waiting.result() is Cancelled
    assert behind.abort() is None


class Watched(Turn):
    """A turn that notes what a token holds when the next one is let through."""

    def __init__(self, token: Token) -> None:
        super().__init__()
        self.token = token
        self.held: list[object] = []

    def done(self) -> None:
        self.held = list(self.token.slots)
        super().done()


def test_what_a_step_releases_is_free_before_the_next_token_has_its_turn() -> None:
    """A frame released later could be one more than planned, as the next token may run far ahead."""
    node = Lighten()
    formats = Formats({"image": (GRAY,)}, {"lightest": GRAY})
    step = Step("f", "lighten", "reduce", node, ARGS, (), formats, Clock("a"), ordered=True, releases=(0,))
    firing = ReduceFiring(step, {}, BufferPool(()))
    token = Token(0, 1, {})
    token.slots[0] = new_frame(GRAY)
    firing.turn = turn = Watched(token)
    assert firing.fire(token)
    assert turn.held == [None]
