"""What goes wrong is told with names, places and times; what was good is kept."""

from __future__ import annotations

import pytest
from collect import COLLECTED, READERS, Collect, Literals, make, report, values, wire
from odd_nodes import BadEnds, Keeps, Lighten, Raises, Undeclared

from flowgraph.errors import RunError
from flowgraph.pool import PoolError

THREADS = [1, 2, 4]
VALUES = tuple(range(100))
CLIP = wire("v", Literals(values=VALUES))
OUT = wire("out", Collect(), image="v")


@pytest.mark.parametrize("threads", THREADS)
def test_a_node_that_raises_is_told_with_frame_time_formats_and_cause(threads: int) -> None:
    with pytest.raises(RunError) as error:
        report(CLIP, wire("r", Raises(at=99), image="v"), wire("out", Collect(), image="r"), threads=threads)
    assert error.value.message == (
        "node 'r' (raises) failed at frame 99 (9.900 s), reading gray 8x4:"
        " ZeroDivisionError: a bug in a node; what was written so far is in out.partial"
    )
    assert isinstance(error.value.__cause__, ZeroDivisionError)
    assert COLLECTED["out"].ended == "aborted"


def test_what_came_before_a_failure_is_written_in_order() -> None:
    with pytest.raises(RunError):
        report(CLIP, wire("r", Raises(at=50), image="v"), wire("out", Collect(), image="r"), threads=2)
    assert values() == list(range(len(values())))
    assert len(values()) <= 50


@pytest.mark.parametrize("threads", THREADS)
def test_a_source_that_breaks_hands_on_what_was_good(threads: int) -> None:
    broken = wire("v", Literals(values=VALUES, break_at=40))
    with pytest.raises(RunError, match=r"^the medium broke; what was written so far is in out\.partial"):
        report(broken, OUT, threads=threads)
    assert values() == list(range(40))
    assert COLLECTED["out"].ended == "aborted"
    assert READERS[0].closed


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("at", [0, 1, 40])
def test_a_bug_in_a_source_is_told_with_its_name(threads: int, at: int) -> None:
    with pytest.raises(
        RunError, match="source 'v' failed while it was read: ZeroDivisionError: a decoder"
    ) as error:
        report(wire("v", Literals(values=VALUES, raise_at=at)), OUT, threads=threads)
    assert isinstance(error.value.__cause__, ZeroDivisionError)
    assert values() == list(range(at))


@pytest.mark.parametrize("threads", THREADS)
@pytest.mark.parametrize("at", [0, 1, 40])
def test_a_full_disk_ends_the_run(threads: int, at: int) -> None:
    with pytest.raises(RunError, match="the disk is full"):
        report(CLIP, wire("out", Collect(fail_at=at), image="v"), threads=threads)
    assert values() == list(range(at))
    assert COLLECTED["out"].ended == "aborted"


@pytest.mark.parametrize("threads", THREADS)
def test_a_bug_in_a_sink_is_told_with_frame_time_and_format(threads: int) -> None:
    with pytest.raises(RunError) as error:
        report(CLIP, wire("out", Collect(raise_at=7), image="v"), threads=threads)
    assert error.value.message == (
        "sink 'out' failed at frame 7 (0.700 s), writing gray 8x4: ZeroDivisionError: an encoder's bug;"
        " what was written so far is in out.partial"
    )


@pytest.mark.parametrize("threads", THREADS)
def test_one_sink_that_fails_aborts_the_others(threads: int) -> None:
    with pytest.raises(RunError, match="the disk is full"):
        report(CLIP, OUT, wire("o2", Collect(key="o2", fail_at=9), image="v"), threads=threads)
    assert {key: c.ended for key, c in COLLECTED.items()} == {"out": "aborted", "o2": "aborted"}


def test_an_output_that_can_not_even_be_aborted_does_not_hide_the_error() -> None:
    with pytest.raises(RunError, match="the medium broke; what was written so far is in out"):
        report(
            wire("v", Literals(values=VALUES, break_at=5)),
            OUT,
            wire("o2", Collect(key="o2", bad="abort"), image="v"),
        )
    assert COLLECTED["out"].ended == "aborted"


@pytest.mark.parametrize("threads", THREADS)
def test_a_sink_of_a_still_is_told_like_any_other(threads: int) -> None:
    with pytest.raises(
        RunError, match=r"sink 'out' failed at frame 0 .*: ZeroDivisionError: an encoder's bug"
    ):
        report(
            CLIP,
            wire("f", Lighten(), image="v"),
            wire("out", Collect(raise_at=0), image="f"),
            threads=threads,
        )
    assert COLLECTED["out"].ended == "aborted"


@pytest.mark.parametrize("threads", THREADS)
def test_a_reduction_of_an_empty_source_names_the_source(threads: int) -> None:
    with pytest.raises(RunError, match=r"node 'f' .* got no frame at all: source 'v' is empty"):
        report(
            wire("v", Literals(values=())),
            wire("f", Lighten(), image="v"),
            wire("out", Collect(), image="f"),
            threads=threads,
        )


@pytest.mark.parametrize("threads", THREADS)
def test_a_reduction_that_nothing_reaches_says_so(threads: int) -> None:
    with pytest.raises(RunError, match=r"node 'f' .* got no frame at all: none of the 100 of 'v' gets there"):
        report(
            CLIP,
            wire("t", make("trim", start=500), image="v"),
            wire("f", Lighten(), image="t"),
            wire("out", Collect(), image="f"),
            threads=threads,
        )


@pytest.mark.parametrize(
    ("returns", "told"),
    [
        ("skip", "TypeError: it returned SKIP, but its clock declares no subset"),
        ("frame", "TypeError: it returned a frame, but its output isn't declared with forward=True"),
    ],
)
def test_a_node_that_returns_what_it_did_not_declare_is_found_out(returns: str, told: str) -> None:
    with pytest.raises(RunError, match=told):
        report(CLIP, wire("u", Undeclared(returns=returns), image="v"), wire("out", Collect(), image="u"))


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("start", "node 'b' (badends) failed at its start: KeyError: 'no state'"),
        ("finish", "node 'b' (badends) failed at the end of its stream: KeyError: 'no result'"),
    ],
)
def test_a_node_that_can_not_begin_or_end_is_told_with_its_name(where: str, told: str) -> None:
    with pytest.raises(RunError) as error:
        report(CLIP, wire("b", BadEnds(where=where), image="v"), wire("out", Collect(), image="b"))
    assert error.value.message == told
    assert READERS[0].closed


@pytest.mark.parametrize("where", ["open", "close"])
def test_a_sink_that_can_not_be_opened_or_closed_is_told_with_its_name(where: str) -> None:
    with pytest.raises(
        RunError, match=f"sink 'out' (can't be opened|failed while it was closed): KeyError: '{where}'"
    ):
        report(CLIP, wire("out", Collect(bad=where), image="v"))
    assert all(collector.ended == "aborted" for collector in COLLECTED.values())


@pytest.mark.parametrize("threads", THREADS)
def test_a_node_that_keeps_frames_is_found_out(threads: int) -> None:
    with pytest.raises(PoolError, match="more frames of source 'v' are alive than planned"):
        report(CLIP, wire("k", Keeps(), image="v"), wire("out", Collect(), image="k"), threads=threads)


@pytest.mark.parametrize("threads", THREADS)
def test_a_node_that_keeps_buffers_is_found_out(threads: int) -> None:
    with pytest.raises(PoolError, match=r"all \d+ buffers of 32 bytes are in use"):
        report(
            CLIP, wire("i", "invert", image="v"), wire("k", Keeps(), image="i"),
            wire("out", Collect(), image="k"), threads=threads,
        )  # fmt: skip
    assert READERS[0].closed
