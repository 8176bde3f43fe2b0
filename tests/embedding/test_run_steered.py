"""A program changes, pauses and watches a run while it reads its frames."""

from __future__ import annotations

from collections import Counter
from threading import Event as Flag

import pytest
from collect import Collect, make, values, wire
from odd_nodes import Lighten, Over, Plus, Raises
from opened import CLIP, VALUES, engine_threads, first_samples, opened
from sessions import CAMERA, graph, gray

from flowgraph.errors import GraphError, RunError
from flowgraph.executor.events import Event
from flowgraph.executor.state import Interrupted
from flowgraph.live import Change

threaded = pytest.mark.parametrize("threads", [1, 2, 4])
PLUS = wire("p", Plus(amount=0), image="v")


@threaded
def test_a_parameter_changes_from_a_frame_on_that_is_told(threads: int) -> None:
    with opened(CLIP, PLUS, outputs=["p"], threads=threads) as run:
        frames = run["p"]
        before = [int(next(frames).data[0, 0]) for _ in range(5)]
        run.set("p.amount", 100)
        after = first_samples(frames)
        (change,) = run.changes
    assert (change.node, change.param, change.value) == ("p", "amount", 100)
    assert 5 <= change.index < 60
    assert before + after == [k + 100 * (k >= change.index) for k in VALUES]


def test_a_change_before_the_run_begins_counts_from_its_first_frame() -> None:
    with opened(CLIP, PLUS, outputs=["p"]) as run:
        run.set("p.amount", 7)
        assert first_samples(run["p"]) == [k + 7 for k in VALUES]
        assert run.changes == (Change(0, "p", "amount", 7),)


@pytest.mark.parametrize(
    ("parameter", "value", "told"),
    [
        ("q.amount", 1, "no node is called 'q'"),
        ("p.size", 1, "'size' can't change during a run; live parameters: amount"),
        ("p.amount", "much", "amount = 'much': Input should be a valid integer"),
        ("amount", 1, "'amount' names no parameter"),
    ],
)
def test_a_change_that_can_not_be_is_refused(parameter: str, value: object, told: str) -> None:
    with opened(CLIP, PLUS, outputs=["p"]) as run:
        with pytest.raises(GraphError, match=told):
            run.set(parameter, value)
        assert first_samples(run["p"]) == list(VALUES)


@threaded
def test_a_paused_run_is_stepped_frame_by_frame(threads: int) -> None:
    with opened(CLIP, PLUS, outputs=["p"], threads=threads) as run:
        run.pause()
        frames = run["p"]
        for k in range(5):
            run.set("p.amount", 10 * k)
            run.step()
            assert int(next(frames).data[0, 0]) == 11 * k
        run.resume()
        assert first_samples(frames) == [k + 40 for k in range(5, 60)]


def test_a_cancelled_run_is_told_to_reader_and_waiter() -> None:
    with opened(CLIP, PLUS, outputs=["p"]) as run:
        frames = run["p"]
        next(frames)
        run.cancel()
        with pytest.raises(Interrupted):
            list(frames)
        with pytest.raises(Interrupted):
            run.wait()


def test_the_status_counts_what_each_node_did() -> None:
    with opened(CLIP, PLUS, outputs=["p"]) as run:
        list(run["p"])
        run.wait()
        status = run.status()
    assert (status.frames, status.total, status.passes) == (60, 60, 1)
    assert {node.name: node.fired for node in status.nodes} == {"v": 60, "p": 60, "p>tap": 60}


@threaded
def test_events_tell_of_passes_changes_and_the_end(threads: int) -> None:
    over = wire("o", Over(), image="p", still="f")
    nodes = (CLIP, PLUS, wire("f", Lighten(), image="v"), over, wire("out", Collect(), image="o"))
    with opened(*nodes, threads=threads) as run:
        events = run.events()
        run.set("p.amount", 3)
        run.wait()
        told = [(event.kind, event.about) for event in events]
    assert told == [
        ("began", ""),
        ("pass", "collects every frame for 'f'"),
        ("pass", "'o' needs all of 'f' first"),
        ("changed", "0:p.amount=3"),
        ("ended", ""),
    ]
    assert list(events) == []
    assert [event.kind for event in run.events()] == ["ended"]


def test_pauses_and_steps_are_told_whoever_asked_for_them() -> None:
    with opened(CLIP, PLUS, outputs=["p"]) as run:
        events = run.events()
        run.control.pause_at(10)
        frames = run["p"]
        for _ in range(10):
            next(frames)
        assert run.control.wait_paused()
        run.step(2)
        assert [next(frames).index, next(frames).index] == [10, 11]
        run.resume()
        list(frames)
        run.wait()
        kinds = [event.kind for event in events]
    assert kinds == ["began", "pass", "paused", "paused", "resumed", "ended"]


def test_a_failure_is_the_last_event() -> None:
    with opened(CLIP, wire("r", Raises(at=3), image="v"), outputs=["r"]) as run:
        events = run.events()
        with pytest.raises(RunError):
            list(run["r"])
        *_, last = events
    assert last.kind == "failed"
    assert "node 'r' (raises) failed at frame 3" in last.about


def test_a_cancelled_run_says_so() -> None:
    with opened(CLIP, outputs=["v"]) as run:
        events = run.events()
        next(run["v"])
    kinds = [event.kind for event in events]
    assert kinds == ["began", "pass", "cancelled", "failed"]


def test_while_nothing_happens_the_status_comes_now_and_then() -> None:
    with opened(CLIP, outputs=["v"]) as run:
        run.pause()
        events = run.events(every_s=0.001)
        run.start()
        found = Counter(next(events).kind for _ in range(10))
        assert found["status"] >= 6
        run.resume()
        assert len(list(run["v"])) == 60


def test_a_callback_hears_every_event_and_its_thread_ends_with_the_run() -> None:
    heard: list[str] = []
    with opened(CLIP, PLUS, outputs=["p"]) as run:
        run.watch(lambda event: heard.append(event.kind))
        list(run["p"])
    assert heard == ["began", "pass", "ended"]
    assert engine_threads() == []


def test_a_callback_may_begin_in_mid_run_and_steer() -> None:
    """It cancels the run at its first status."""
    with opened(CLIP, outputs=["v"]) as run:
        frames = run["v"]
        next(frames)
        run.pause()
        done = Flag()

        def told(event: Event) -> None:
            if event.kind == "status":
                run.cancel()
                done.set()

        run.watch(told, every_s=0.001)
        assert done.wait(30)
        with pytest.raises(Interrupted):
            list(frames)
    assert engine_threads() == []


def test_an_event_that_nobody_reads_is_not_kept_for_ever() -> None:
    with opened(CLIP, wire("a", make("advance"), image="v"), wire("out", Collect(), image="a")) as run:
        events = run.events()
        for _ in range(1000):
            run.pause()
        run.resume()
        run.wait()
    assert len(list(events)) == 256
    assert len(values()) == 60


def test_a_session_has_events_too() -> None:
    with graph(CAMERA, "result: {type: output, in: camera}").session() as session:
        events = session.control.events()
        session.step(camera=gray(1))
    assert [event.kind for event in events] == ["ended"]
