"""Every run ends: normally, stopped by a sink, or interrupted; and nothing is left behind."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import pytest
from collect import COLLECTED, READERS, Collect, Literals, make, planned, report, run, values, wire
from odd_nodes import Lighten, Raises, Running, Uneven

from flowgraph.errors import RunError
from flowgraph.executor.state import Interrupted, Progress
from flowgraph.graph import NetNode
from flowgraph.session import execute

THREADS = [1, 2, 4]
VALUES = tuple(range(200))
CLIP = wire("v", Literals(values=VALUES))


def interrupt(state: Progress) -> None:
    if state.frames >= 5:
        raise KeyboardInterrupt


@pytest.mark.parametrize("threads", THREADS)
def test_a_sink_that_wants_no_more_ends_the_run_normally(threads: int) -> None:
    found = report(CLIP, wire("out", Collect(stop_at=30), image="v"), threads=threads)
    assert values() == list(range(30))
    assert COLLECTED["out"].ended == "closed"
    assert found.outputs == ("30 frames",)


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("at", range(0, 40, 5))
def test_the_other_sinks_get_every_frame_that_was_begun(threads: int, at: int) -> None:
    """The sink's queue is full when it stops: what waits for room there must still reach the others."""
    report(
        CLIP,
        wire("out", Collect(stop_at=at), image="v"),
        wire("u", Uneven(), image="v"),
        wire("r", Running(), image="u"),
        wire("o2", Collect(key="o2"), image="r"),
        threads=threads,
    )
    got = values("o2")
    assert len(got) >= at
    assert got == [(2 * k + 1) % 256 for k in range(len(got))]
    assert {c.ended for c in COLLECTED.values()} == {"closed"}


@pytest.mark.parametrize("threads", THREADS)
def test_a_window_on_a_still_that_is_closed_at_once_is_no_error(threads: int) -> None:
    still = wire("f", Lighten(), image="v")
    assert run(CLIP, still, wire("out", Collect(stop_at=0), image="f"), threads=threads) == {"out": []}
    assert COLLECTED["out"].ended == "closed"


@pytest.mark.parametrize("threads", THREADS)
def test_an_interrupt_closes_the_outputs_and_says_where_they_are(threads: int) -> None:
    """The source waits in the middle until the interrupt came, so that the run can't be over before."""
    waits = wire("v", Literals(values=VALUES, wait_at=50))
    with pytest.raises(
        Interrupted, match=r"^interrupted at frame \d+; what was written .* out\.partial"
    ) as error:
        report(waits, wire("out", Collect(), image="v"), threads=threads, progress=interrupt)
    assert error.value.exit_code == 130
    assert COLLECTED["out"].ended == "aborted"
    assert values() == list(range(len(values())))
    assert READERS[0].closed


@pytest.mark.parametrize("threads", THREADS)
def test_progress_counts_frames_of_the_source(threads: int) -> None:
    seen: list[tuple[int, int | None]] = []
    report(
        CLIP,
        wire("a", make("advance", frames=7), image="v"),
        wire("out", Collect(), image="a"),
        threads=threads,
        progress=lambda state: seen.append((state.frames, state.total)),
    )
    assert seen[-1] == (200, 200)
    assert seen == sorted(seen)


def test_saying_yes_to_cancelled_is_an_interrupt() -> None:
    COLLECTED.clear()
    with pytest.raises(Interrupted):
        execute(planned(CLIP, wire("out", Collect(), image="v"), threads=1), cancelled=lambda: True)
    assert COLLECTED["out"].ended == "aborted"


def test_what_progress_raises_reaches_the_caller_with_outputs_closed() -> None:
    def bad(state: Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        report(CLIP, wire("out", Collect(), image="v"), threads=1, progress=bad)
    assert COLLECTED["out"].ended == "aborted"
    assert READERS[0].closed


ENDINGS: dict[str, tuple[NetNode, ...]] = {
    "normal": (CLIP, wire("out", Collect(), image="v")),
    "stopped": (CLIP, wire("out", Collect(stop_at=9), image="v")),
    "node": (CLIP, wire("r", Raises(at=9), image="v"), wire("out", Collect(), image="r")),
    "source": (wire("v", Literals(values=VALUES, break_at=9)), wire("out", Collect(), image="v")),
    "sink": (CLIP, wire("out", Collect(fail_at=9), image="v")),
    "spooled": (
        wire("v", Literals(values=VALUES, rereadable=False, exact=False)),
        wire("f", Lighten(), image="v"),
        wire("m", "mix", image=("v", "f")),
        wire("out", Collect(fail_at=9), image="m"),
    ),
    "two rates": (
        CLIP,
        wire("w", Literals(values=VALUES, name="b", step=3)),
        wire("a", "align", reference="v", image="w"),
        wire("out", Collect(fail_at=9), image="a"),
    ),
}


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_no_thread_and_no_file_is_left_behind(ending: str, threads: int) -> None:
    def left() -> tuple[int, int]:
        gc.collect()
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    before = left()
    failed = False
    try:
        report(*ENDINGS[ending], threads=threads)
    except RunError:
        failed = True
    assert failed == (ending not in ("normal", "stopped"))
    assert left() == before
    assert all(reader.closed for reader in READERS)


@pytest.mark.parametrize("ending", ["raises", "broken", "full", "stopped", "two"])
def test_no_ending_hangs_wherever_it_comes(ending: str) -> None:
    """On four threads, with all that waits: turns of state, windows, a border, two sinks."""
    for at in range(0, 48, 2):
        nodes = (
            wire("v", Literals(values=VALUES[:50], break_at=at if ending == "broken" else -1)),
            wire("w", Literals(values=VALUES[:50], name="b", break_at=at if ending == "two" else -1)),
            wire("r", Raises(at=at if ending in ("raises", "two") else 999), image="v"),
            wire("d", make("delay", frames=3), image="r"),
            wire("s", Running(), image="d"),
            wire("al", "align", reference="s", image="w"),
            wire("m", "mix", image=("s", "al")),
            wire("out", Collect(fail_at=at if ending == "full" else -1), image="m"),
            wire("o2", Collect(key="o2", stop_at=at if ending == "stopped" else -1), image="d"),
        )
        told = ""
        try:
            report(*nodes, threads=4)
        except RunError as error:
            told = error.message
        assert bool(told) == (ending != "stopped")
        ended = "closed" if ending == "stopped" else "aborted"
        assert {collector.ended for collector in COLLECTED.values()} == {ended}
