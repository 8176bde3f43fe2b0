"""Frames are pushed and pulled apart, where outputs come later or more rarely than inputs."""

from __future__ import annotations

import pytest
from collect import COLLECTED, Collect, values, wire
from sessions import CAMERA, graph, gray, stepped

from flowgraph.errors import GraphError
from flowgraph.frame import Frame
from flowgraph.stepping import Session

LATE = graph(
    CAMERA,
    "late: {type: advance, in: camera, frames: 7}",
    "thin: {type: every, in: camera, n: 3}",
    "a: {type: output, in: late}",
    "b: {type: output, in: thin}",
)


def pulled(session: Session, output: str) -> list[tuple[int, int]]:
    """Index and value of all frames that can be pulled."""
    found: list[tuple[int, int]] = []
    while (frame := session.pull(output)) is not None:
        found.append((frame.index, int(frame.data[0, 0])))
    return found


def test_every_frame_comes_out_once_and_what_was_held_back_at_the_end() -> None:
    late: list[tuple[int, int]] = []
    thin: list[tuple[int, int]] = []
    with LATE.session() as session:
        for k in range(20):
            session.push(camera=gray(k))
            late += pulled(session, "a")
            thin += pulled(session, "b")
        assert len(late) == 13
        session.end()
        late += pulled(session, "a")
        thin += pulled(session, "b")
        assert session.pull("a") is None
    assert late == [(k, min(k + 7, 19)) for k in range(20)]
    assert thin == [(k, k) for k in range(0, 20, 3)]


def test_more_than_was_planned_may_not_wait() -> None:
    both = graph(CAMERA, "result: {type: output, in: camera}")
    with both.session(ahead=3) as session:
        pushed = 0
        with pytest.raises(
            GraphError, match="5 frames of 'result' wait to be pulled, and no more fit"
        ) as error:
            while True:
                session.push(camera=gray(pushed))
                pushed += 1
        assert error.value.hint == "pull 'result' first, or open the session with ahead=N to let N more wait"
        assert (pushed, session.full) == (5, ("result",))
        frame = session.pull()
        assert frame is not None
        assert int(frame.data[0, 0]) == 0
        session.push(camera=gray(5))
        assert [index for index, _ in pulled(session, "result")] == [1, 2, 3, 4, 5]


def test_outputs_of_unequal_latency_may_be_pulled_in_step() -> None:
    both = graph(
        CAMERA,
        "late: {type: advance, in: camera, frames: 30}",
        "a: {type: output, in: late}",
        "b: {type: output, in: camera}",
    )
    rows: list[tuple[int, int]] = []
    with both.session() as session:
        for k in range(60):
            session.push(camera=gray(k))
            if (late := session.pull("a")) is not None:
                now = session.pull("b")
                assert now is not None
                rows.append((late.index, now.index))
    assert rows == [(k, k) for k in range(30)]


def test_steps_and_pushes_do_not_mix() -> None:
    with graph(CAMERA, "result: {type: output, in: camera}").session() as session:
        session.push(camera=gray(0))
        with pytest.raises(GraphError, match="1 frames of 'result' wait to be pulled"):
            session.step(camera=gray(1))
        assert len(pulled(session, "result")) == 1
        assert session.step(camera=gray(1))["result"] is not None


def test_an_output_that_does_not_exist_is_refused() -> None:
    with LATE.session() as session:
        with pytest.raises(GraphError, match="there is no output 'c'") as error:
            session.pull("c")
        assert error.value.hint == "the outputs are: a, b"
        with pytest.raises(GraphError, match="name an output"):
            session.pull()


def test_after_the_end_nothing_can_be_pushed() -> None:
    with LATE.session() as session:
        session.push(camera=gray(0))
        session.end()
        with pytest.raises(GraphError, match="no frame can come after the end"):
            session.push(camera=gray(1))
        assert len(pulled(session, "a")) == 1


def test_an_output_that_fills_up_at_the_end_must_be_pulled_first() -> None:
    """The late output has seven frames still to come, and room for two."""
    with LATE.session() as session:
        for k in range(7):
            session.push(camera=gray(k))
            pulled(session, "b")
        session.end()
        with pytest.raises(GraphError, match="2 frames of 'a' wait to be pulled"):
            pulled(session, "b")
        assert len(pulled(session, "a")) == 7
        assert pulled(session, "b") == []


def test_a_stream_without_any_frame_ends() -> None:
    with LATE.session() as session:
        session.end()
        assert (session.pull("a"), session.pull("b")) == (None, None)


def test_sinks_get_what_nobody_pulled() -> None:
    with stepped(wire("a", "advance", image="camera"), wire("out", Collect(), image="a")) as session:
        for k in range(5):
            session.push(camera=gray(k))
    assert values() == [1, 2, 3, 4, 4]
    assert COLLECTED["out"].ended == "closed"


def test_aborting_drops_what_is_held_back() -> None:
    session = stepped(wire("a", "advance", image="camera"), wire("out", Collect(), image="a"))
    session.push(camera=gray(0))
    session.abort()
    session.close()
    assert COLLECTED["out"].ended == "aborted"


def test_frames_that_were_pulled_are_lent_until_the_next_of_their_output() -> None:
    both = graph(
        CAMERA, "i: {type: invert, in: camera}", "a: {type: output, in: camera}", "b: {type: output, in: i}"
    )
    with both.session() as session:
        session.push(camera=gray(1))
        session.push(camera=gray(2))
        first, other = session.pull("a"), session.pull("b")
        assert isinstance(first, Frame)
        assert isinstance(other, Frame)
        session.pull("a")
        assert int(other.data[0, 0]) == 254
        with pytest.raises(GraphError, match="frame 0 of 'a' was released"):
            print(first.data)
