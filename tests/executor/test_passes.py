"""A whole-stream result feeds what comes after it, in as many passes as that takes."""

from __future__ import annotations

import pytest
from collect import COLLECTED, READERS, Collect, Literals, make, planned, report, run, values, wire
from odd_nodes import Lighten, Over

from flowgraph.graph import NetNode

pytestmark = pytest.mark.parametrize("threads", [1, 2, 4])

VALUES = (10, 90, 40, 200, 60, 120)
V = wire("v", Literals(values=VALUES))
LIGHTEST = wire("f", Lighten(), image="v")
JOINED = wire("o", Over(), image="v", still="f")


def out(reads: str, key: str = "out") -> NetNode:
    return wire(key, Collect(key=key), image=reads)


def test_a_still_in_a_branch_of_its_own_source(threads: int) -> None:
    assert run(V, LIGHTEST, JOINED, out("o"), threads=threads) == {"out": [100, 100, 100, 200, 100, 120]}
    assert len(READERS) == 2


def test_a_still_of_what_a_still_made(threads: int) -> None:
    nodes = (
        V, LIGHTEST, wire("h", make("mix", weights=[0.5]), image="v"),
        wire("o", Over(), image="h", still="f"), wire("g", Lighten(), image="o"),
        wire("p", Over(), image="v", still="g"), out("p"),
    )  # fmt: skip
    plan = planned(*nodes)
    assert [len(pass_.feeds) for pass_ in plan.passes] == [1, 1, 1]
    assert run(*nodes, threads=threads) == {"out": [50, 90, 50, 200, 60, 120]}


def test_stills_from_stills(threads: int) -> None:
    nodes = (
        V,
        LIGHTEST,
        wire("i", "invert", image="f"),
        wire("m", "mix", image=("f", "i", "f", "f")),
        out("m"),
        out("i", "o2"),
    )
    assert run(*nodes, threads=threads) == {"out": [164], "o2": [55]}


def test_a_reduction_over_a_latency_takes_every_frame(threads: int) -> None:
    nodes = (
        V,
        wire("a", make("advance", frames=2), image="v"),
        wire("d", make("mix", weights=[1, -1]), image=("a", "v")),
        wire("f", Lighten(), image="d"),
        out("f"),
    )
    assert run(*nodes, threads=threads) == {"out": [110]}


def test_a_reduction_over_a_thinner_clock(threads: int) -> None:
    nodes = (V, wire("e", make("every", n=2), image="v"), wire("f", Lighten(), image="e"), out("f"))
    assert run(*nodes, threads=threads) == {"out": [60]}


def test_a_reduction_over_two_sources(threads: int) -> None:
    nodes = (
        V,
        wire("w", Literals(values=(1, 2), name="b", step=3)),
        wire("al", "align", reference="v", image="w"),
        wire("m", make("mix", weights=[1, 1]), image=("v", "al")),
        wire("f", Lighten(), image="m"),
        out("f"),
    )
    assert run(*nodes, threads=threads) == {"out": [202]}


@pytest.mark.parametrize("exact", [True, False])
def test_a_source_that_can_not_be_read_again_is_stored(threads: int, exact: bool) -> None:
    once = wire("v", Literals(values=VALUES, rereadable=False, exact=exact, noise=True, pixel="yuv420p"))
    again = wire("v", Literals(values=VALUES, noise=True, pixel="yuv420p"))
    nodes = (LIGHTEST, JOINED, out("o"), out("v", "o2"))
    report(again, *nodes, threads=threads)
    want = {
        key: [f.planes[0].tobytes() + bytes(str(f), "ascii") for f in c.frames]
        for key, c in COLLECTED.items()
    }
    report(once, *nodes, threads=threads)
    got = {
        key: [f.planes[0].tobytes() + bytes(str(f), "ascii") for f in c.frames]
        for key, c in COLLECTED.items()
    }
    assert got == want
    assert len(READERS) == 1
    hows = [feed.how for pass_ in planned(once, *nodes).passes for feed in pass_.feeds]
    assert hows == (["read and keep", "kept"] if exact else ["read and spool", "spool"])


def test_what_a_border_draws_on_is_stored_to_its_end(threads: int) -> None:
    """The driving clock ends long before the other source does, which a later pass needs whole."""
    once = wire("w", Literals(values=tuple(range(100)), name="b", rereadable=False))
    nodes = (
        wire("v", Literals(values=(5, 6))), once, wire("al", "align", reference="v", image="w"), out("al"),
        wire("f", Lighten(), image="w"), out("f", "o2"),
    )  # fmt: skip
    assert run(*nodes, threads=threads) == {"out": [0, 1], "o2": [99]}


def test_each_source_with_a_sink_runs_to_its_own_end(threads: int) -> None:
    nodes = (V, wire("w", Literals(values=(1, 2), name="b")), out("v"), out("w", "o2"))
    assert run(*nodes, threads=threads) == {"out": list(VALUES), "o2": [1, 2]}


def test_notes_of_a_stored_reader_reach_the_report(threads: int) -> None:
    once = wire("v", Literals(values=VALUES, rereadable=False, note="a packet was damaged"))
    found = report(once, LIGHTEST, JOINED, out("o"), threads=threads)
    assert found.notes == ("a packet was damaged",)
    assert values() == [100, 100, 100, 200, 100, 120]
