"""A run is paused, stepped, cancelled and asked from another thread."""

from __future__ import annotations

from threading import Event

import pytest
from collect import COLLECTED, INTERRUPTED, Collect, Literals, make, report, stamps, values, wire
from odd_nodes import Lighten, Over, Plus, Raises
from steering import HELD, RELEASED, Holds, Steered

from flowgraph.errors import RunError
from flowgraph.executor.control import Control, Status
from flowgraph.executor.state import Interrupted
from flowgraph.live import Change
from flowgraph.session import execute

VALUES = tuple(range(40))
CLIP = wire("v", Literals(values=VALUES))
OUT = wire("out", Collect(), image="v")
LATE = (CLIP, wire("a", make("advance", frames=3), image="v"), wire("out", Collect(), image="a"))

threaded = pytest.mark.parametrize("threads", [1, 2, 4])


def paused(*, at: int | None = None) -> Control:
    control = Control()
    if at is None:
        control.pause()
    else:
        control.pause_at(at)
    return control


@threaded
def test_a_run_that_is_paused_before_it_begins_computes_nothing_until_it_is_resumed(threads: int) -> None:
    with Steered(CLIP, OUT, control=paused(), threads=threads) as run:
        assert run.control.wait_paused()
        assert (run.control.status().index, run.control.paused) == (-1, True)
        run.control.resume()
        run.finish()
    assert values() == list(VALUES)
    assert not run.control.paused


@threaded
def test_a_step_lets_as_many_frames_begin_as_it_says_and_pauses(threads: int) -> None:
    with Steered(CLIP, OUT, control=paused(), threads=threads) as run:
        for frames, index in ((1, 0), (1, 1), (5, 6)):
            run.control.step(frames)
            assert run.control.wait_paused()
            assert run.control.status().index == index
        assert run.control.status().nodes[1].fired == 7
        run.control.resume()
        run.finish()
    assert values() == list(VALUES)


@threaded
def test_it_pauses_before_the_frame_that_was_named(threads: int) -> None:
    with Steered(CLIP, OUT, control=paused(at=17), threads=threads) as run:
        assert run.control.wait_paused()
        assert run.control.status().index == 16
        run.control.pause_at(30)
        run.control.resume()
        assert run.control.wait_paused()
        assert run.control.status().index == 29
        run.control.resume()
        run.finish()
    assert values() == list(VALUES)


@threaded
def test_a_pause_counts_in_the_last_pass_unless_told_which(threads: int) -> None:
    nodes = (CLIP, wire("f", Lighten(), image="v"), wire("o", Over(), image="v", still="f"))
    with Steered(*nodes, wire("out", Collect(), image="o"), control=paused(at=5), threads=threads) as run:
        assert run.control.wait_paused()
        assert (run.control.status().pass_index, run.control.status().index) == (1, 4)
    control = Control()
    control.pause_at(7, pass_index=0)
    with Steered(*nodes, wire("out", Collect(), image="o"), control=control, threads=threads) as run:
        assert run.control.wait_paused()
        assert (run.control.status().pass_index, run.control.status().index) == (0, 6)


@threaded
def test_frames_that_were_held_back_come_out_step_by_step_too(threads: int) -> None:
    """The stream of 40 frames ends with three tokens that only bring out what is held back."""
    with Steered(*LATE, control=paused(at=40), threads=threads) as run:
        assert run.control.wait_paused()
        for index in (40, 41, 42):
            run.control.step()
            assert run.control.wait_paused() or index == 42  # after the last one the run may be over
            assert run.control.status().index == index
        run.finish()
    assert values() == [*range(3, 40), 39, 39, 39]


@threaded
def test_a_parameter_that_is_set_while_paused_counts_from_the_next_frame_on(threads: int) -> None:
    nodes = (CLIP, wire("p", Plus(), image="v"), wire("out", Collect(), image="p"))
    with Steered(*nodes, control=paused(at=10), threads=threads) as run:
        assert run.control.wait_paused()
        run.live.set("p", "amount", 100)
        run.control.resume()
        run.finish()
    assert values() == [*range(10), *range(110, 140)]
    assert run.live.recorded == [Change(10, "p", "amount", 100)]


@threaded
@pytest.mark.parametrize("frames", [0, 12])
def test_a_paused_run_is_cancelled_like_one_that_is_interrupted(threads: int, frames: int) -> None:
    with Steered(CLIP, OUT, control=paused(at=frames), threads=threads) as run:
        assert run.control.wait_paused()
        run.control.cancel()
        assert not run.control.wait_paused()
    assert isinstance(run.error, Interrupted)
    assert run.error.exit_code == 130
    assert COLLECTED["out"].ended == "aborted"
    assert values() == list(range(len(values())))
    assert len(values()) <= frames


@threaded
def test_a_run_is_cancelled_while_its_source_has_nothing_to_give(threads: int) -> None:
    waits = wire("v", Literals(values=VALUES, wait_at=20))
    with Steered(waits, OUT, control=paused(at=19), threads=threads) as run:
        assert run.control.wait_paused()
        run.control.resume()
        run.control.cancel()
        INTERRUPTED.set()  # only now the source goes on
    assert isinstance(run.error, Interrupted)
    assert "interrupted at frame" in run.error.message
    assert "out.partial" in run.error.message
    assert COLLECTED["out"].ended == "aborted"


@threaded
def test_a_run_that_was_cancelled_before_does_not_begin(threads: int) -> None:
    control = Control()
    control.cancel()
    with Steered(CLIP, OUT, control=control, threads=threads) as run:
        run.finish()
    assert isinstance(run.error, Interrupted)
    assert "out" not in COLLECTED


@threaded
def test_a_failure_ends_a_run_that_is_paused(threads: int) -> None:
    """The writer's thread fails while the next token isn't allowed to begin."""
    fails = wire("out", Collect(fail_at=0), image="v")
    with Steered(CLIP, fails, control=paused(), threads=threads) as run:
        run.control.step()
        run.finish()
    assert isinstance(run.error, RunError)
    assert "the disk is full" in run.error.message


@threaded
def test_the_status_says_who_works_where_and_who_waits(threads: int) -> None:
    nodes = (CLIP, wire("h", Holds(at=9), image="v"), wire("out", Collect(), image="h"))
    with Steered(*nodes, threads=threads) as run:
        assert HELD.wait(30)
        status = eventually(run.control, tokens=threads)
        places = {(token.index, token.node, token.state) for token in status.tokens}
        assert places == {(9, "h", "working"), *((k, "h", "waiting") for k in range(10, 9 + threads))}
        assert len({token.thread for token in status.tokens}) == threads
        node = status.nodes[1]
        assert (node.name, node.type, node.fired) == ("h", "holds", 9)
        assert (node.working, node.waiting) == (1, threads - 1)
        assert (status.passes, status.total, status.index) == (1, 40, 8 + threads)
        assert 0 < status.pool_bytes <= status.peak_bytes <= status.bound_bytes
        RELEASED.set()
        run.finish()
    assert run.control.status().nodes[1].waited >= 0


def eventually(control: Control, tokens: int) -> Status:
    """The status when so many tokens are in the node `h`, and all but one wait."""
    never = Event()
    while True:
        status = control.status()
        if [(token.node, token.state) for token in status.tokens].count(("h", "waiting")) == tokens - 1:
            return status
        never.wait(0.001)


def test_the_status_is_empty_before_the_run_and_stays_after_it() -> None:
    control = Control()
    assert control.status() == Status()
    with Steered(CLIP, OUT, control=control, threads=2) as run:
        run.finish()
    status = control.status()
    assert (status.frames, status.total, status.passes, status.index) == (40, 40, 1, 39)
    assert status.tokens == ()
    assert [(node.name, node.fired) for node in status.nodes] == [("v", 40), ("out", 40)]
    assert not control.wait_paused()


def test_a_control_steers_one_run_only() -> None:
    with Steered(CLIP, OUT) as run:
        run.finish()
    with pytest.raises(ValueError, match="a Control steers one run only"):
        execute(run.plan, control=run.control)
    with pytest.raises(ValueError, match="a step takes at least one frame, got 0"):
        run.control.step(0)


def test_seconds_of_a_node_are_those_at_work() -> None:
    """Two tokens in a node that lets one through at a time: the second's waiting isn't work."""
    nodes = (CLIP, wire("h", Holds(at=9), image="v"), wire("out", Collect(), image="h"))
    with Steered(*nodes, threads=2) as run:
        assert HELD.wait(30)
        eventually(run.control, tokens=2)
        RELEASED.set()
        found = run.finish()
    assert not isinstance(found, BaseException)
    node = next(node for node in found.nodes if node.name == "h")
    assert node.waited > 0
    assert node.seconds <= found.seconds


@threaded
def test_nothing_before_the_first_frame_is_computed(threads: int) -> None:
    raises = wire("r", Raises(at=40), image="v")
    with Steered(CLIP, raises, wire("out", Collect(), image="r"), threads=threads) as run:
        run.finish()
    execute(run.plan, first=35)
    assert stamps()[0][0] == 35
    assert values() == [35, 36, 37, 38, 39]


def test_without_a_control_a_run_is_as_ever() -> None:
    assert report(CLIP, OUT).frames == 40
