"""Several outputs are read in any order: what would have to wait for ever is refused, and nothing is lost."""

from __future__ import annotations

import asyncio
from threading import Thread

import pytest
from collect import Literals, make, wire
from odd_nodes import Lighten, Over, Plus
from opened import CLIP, VALUES, engine_threads, first_samples, opened

from flowgraph import running
from flowgraph.errors import RunError
from flowgraph.executor.state import Interrupted

threaded = pytest.mark.parametrize("threads", [1, 2, 4])
PLUS = wire("p", Plus(amount=100), image="v")
THIN = wire("e", make("every", n=20), image="v")


@threaded
@pytest.mark.parametrize("order", ["vp", "pv"])
def test_waiting_for_one_while_the_other_is_full_is_refused_and_reading_goes_on(
    threads: int, order: str
) -> None:
    with opened(CLIP, PLUS, outputs=["v", "p"], threads=threads) as run:
        first, second = (run[name] for name in order)
        read = [next(second).index]
        ahead: list[int] = []
        with pytest.raises(
            RunError, match=rf"output '{order[0]}' can't come before '{order[1]}' is read"
        ) as e:
            for frame in first:
                ahead.append(frame.index)
        assert "or open with ahead=N" in e.value.hint
        while read[-1] < ahead[-1]:
            read.append(next(second).index)
        for one, other in zip(first, second, strict=True):
            ahead.append(one.index)
            read.append(other.index)
    assert ahead == read == list(VALUES)


@threaded
def test_frames_wait_where_there_is_room_for_them(threads: int) -> None:
    with opened(CLIP, THIN, outputs=["e", "v"], threads=threads, ahead=60) as run:
        assert first_samples(run["e"]) == [0, 20, 40]
        assert first_samples(run["v"]) == list(VALUES)
    assert run.report is not None
    assert run.report.peak_pool_bytes <= run.report.bound_bytes


def test_what_may_wait_is_counted_by_the_plan() -> None:
    few, many = (opened(CLIP, outputs=["v"], ahead=ahead).plan.bound_bytes for ahead in (0, 50))
    assert many - few == 50 * 8 * 4


def test_an_output_that_nobody_begins_to_read_is_named_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "UNREAD_S", 0.0)
    with opened(CLIP, PLUS, outputs=["v", "p"]) as run, pytest.raises(RunError, match="before 'p' is read"):
        list(run["v"])


def test_waiting_for_the_end_while_an_output_is_full_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "UNREAD_S", 0.0)
    with opened(CLIP, outputs=["v"]) as run:
        with pytest.raises(RunError, match="the end of the run can't come before 'v' is read"):
            run.wait()
        assert first_samples(run["v"]) == list(VALUES)
        assert run.wait().frames == 60


@threaded
def test_two_passes_are_read_in_their_order(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "UNREAD_S", 0.0)
    nodes = (CLIP, PLUS, wire("f", Lighten(), image="p"), wire("o", Over(), image="p", still="f"))
    other = wire("w", Literals(values=(7,) * 30, name="b"))
    with opened(*nodes, other, outputs=["o", "w"], threads=threads) as run:
        found: dict[str, list[int]] = {}
        try:
            found["o"] = first_samples(run["o"])
            found["w"] = first_samples(run["w"])
        except RunError as error:
            assert "can't come before 'w' is read" in error.message
            found["w"] = first_samples(run["w"])
            found["o"] = first_samples(run["o"])
    assert found == {"o": [100 + k for k in VALUES], "w": [7] * 30}


@threaded
def test_threads_of_their_own_read_at_their_own_pace(threads: int) -> None:
    found: dict[str, list[int]] = {}
    with opened(CLIP, PLUS, THIN, outputs=["v", "p", "e"], threads=threads) as run:

        def read(name: str) -> None:
            found[name] = first_samples(run[name])

        readers = [Thread(target=read, args=(name,)) for name in ("e", "p", "v")]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join(30)
    assert found == {"v": list(VALUES), "p": [100 + k for k in VALUES], "e": [0, 20, 40]}


def test_a_reader_that_ended_holds_nobody_up() -> None:
    with opened(CLIP, PLUS, outputs=["v", "p"]) as run:
        other = run["p"]
        thread = Thread(target=lambda: next(other))
        thread.start()
        thread.join(30)
        with pytest.raises(RunError, match="before 'p' is read"):
            list(run["v"])


def test_coroutines_read_with_async_for() -> None:
    async def read(name: str) -> list[int]:
        return [int(frame.data[0, 0]) async for frame in run[name]]

    async def both() -> list[list[int]]:
        return list(await asyncio.gather(read("e"), read("p")))

    with opened(CLIP, PLUS, THIN, outputs=["p", "e"]) as run:
        assert asyncio.run(both()) == [[0, 20, 40], [100 + k for k in VALUES]]


def test_one_coroutine_that_waits_in_vain_is_told() -> None:
    async def read() -> None:
        await anext(run["p"])
        async for _ in run["v"]:
            pass

    with opened(CLIP, PLUS, outputs=["v", "p"]) as run, pytest.raises(RunError, match="before 'p' is read"):
        asyncio.run(read())


def test_a_cancelled_coroutine_loses_no_frame() -> None:
    """It waits for a run that is paused; another one reads on from there."""

    async def read() -> list[int]:
        run.control.pause()
        waiting = asyncio.ensure_future(anext(run["v"]))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        run.control.resume()
        return [frame.index async for frame in run["v"]]

    with opened(CLIP, outputs=["v"]) as run:
        assert asyncio.run(read()) == list(VALUES)


def test_leaving_a_loop_of_a_coroutine_ends_the_run() -> None:
    async def read() -> None:
        with opened(CLIP, outputs=["v"]) as run:
            async for frame in run["v"]:
                if frame.index == 5:
                    break

    asyncio.run(read())
    assert engine_threads() == []


def test_a_reader_that_waits_is_woken_when_the_run_is_cancelled() -> None:
    with opened(CLIP, outputs=["v"]) as run:
        run.control.pause()
        ended: list[BaseException] = []

        def read() -> None:
            try:
                next(run["v"])
            except Interrupted as error:
                ended.append(error)

        thread = Thread(target=read)
        thread.start()
        while run.control.status().passes == 0:
            thread.join(0.001)
        run.control.cancel()
        thread.join(30)
        assert len(ended) == 1
