"""What comes out, frame by frame, on one worker and on several: literals in, literals out."""

from __future__ import annotations

import pytest
from collect import COLLECTED, Collect, Literals, make, report, run, stamps, values, wire
from odd_nodes import Running, Uneven

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode

pytestmark = pytest.mark.parametrize("threads", [1, 2, 4])

TENS = (10, 20, 30, 40, 50, 60, 70, 80, 90)
V = wire("v", Literals(values=TENS))


def out(reads: str, key: str = "out") -> NetNode:
    return wire(key, Collect(key=key), image=reads)


def second(*numbers: int, step: int = 3, first: int = 0) -> NetNode:
    """Another source: one frame each `step` tenths of a second."""
    return wire("w", Literals(values=numbers, name="b", step=step, first=first))


@pytest.mark.parametrize(
    ("fill", "got"),
    [
        ("first", [10, 10, 10, 10, 20, 30, 40, 50, 60]),
        ("black", [0, 0, 0, 10, 20, 30, 40, 50, 60]),
        ("none", [10, 20, 30, 40, 50, 60]),
    ],
)
def test_delay(threads: int, fill: str, got: list[int]) -> None:
    assert run(V, wire("d", make("delay", frames=3, fill=fill), image="v"), out("d"), threads=threads) == {
        "out": got
    }
    assert stamps()[-1] == (8, 0.8)
    assert stamps()[0] == ((3, 0.3) if fill == "none" else (0, 0.0))


def test_black_is_black_on_planes(threads: int) -> None:
    planes = wire("v", Literals(values=TENS, pixel="yuv420p"))
    run(planes, wire("d", make("delay", frames=1, fill="black"), image="v"), out("d"), threads=threads)
    assert [int(plane.flat[0]) for plane in COLLECTED["out"].frames[0].planes] == [16, 128, 128]


def test_a_delay_longer_than_the_stream(threads: int) -> None:
    assert run(V, wire("d", make("delay", frames=50), image="v"), out("d"), threads=threads) == {
        "out": [10] * 9
    }


def test_advance_keeps_count_indexes_and_times(threads: int) -> None:
    run(V, wire("a", make("advance", frames=3), image="v"), out("a"), threads=threads)
    assert values() == [40, 50, 60, 70, 80, 90, 90, 90, 90]
    assert stamps() == [(k, k / 10) for k in range(9)]


def test_an_advance_longer_than_the_stream(threads: int) -> None:
    assert run(V, wire("a", make("advance", frames=20), image="v"), out("a"), threads=threads) == {
        "out": [90] * 9
    }


def test_advance_and_delay_of_as_many_frames_are_the_middle_of_the_stream(threads: int) -> None:
    run(
        V,
        wire("a", make("advance", frames=2), image="v"),
        wire("d", make("delay", frames=2), image="a"),
        out("d"),
        threads=threads,
    )
    assert values() == [30, 30, 30, 40, 50, 60, 70, 80, 90]


def test_branches_of_unequal_latency_meet_at_the_same_frame(threads: int) -> None:
    nodes = (
        V, wire("a", make("advance", frames=2), image="v"), wire("b", make("advance", frames=1), image="a"),
        wire("m", make("mix", weights=[1, -1]), image=("b", "v")),
        wire("n", make("mix", weights=[-1, 1]), image=("v", "a")), out("m"), out("n", "o2"),
    )  # fmt: skip
    assert run(*nodes, threads=threads) == {
        "out": [30, 30, 30, 30, 30, 30, 20, 10, 0],
        "o2": [20, 20, 20, 20, 20, 20, 20, 10, 0],
    }
    assert stamps() == stamps("o2") == [(k, k / 10) for k in range(9)]


def test_state_before_and_after_a_latency(threads: int) -> None:
    """A frame's state depends on its place in the stream, not on when it gets through."""
    run(
        V, wire("r", Running(), image="v"), wire("a", make("advance", frames=2), image="r"),
        wire("s", Running(), image="a"), out("s"), threads=threads,
    )  # fmt: skip
    assert values() == [33 + 1, 44 + 2, 55 + 3, 66 + 4, 77 + 5, 88 + 6, 99 + 7, 99 + 8, 99 + 9]


def test_every_keeps_indexes_and_times(threads: int) -> None:
    run(V, wire("e", make("every", n=4, offset=1), image="v"), out("e"), threads=threads)
    assert values() == [20, 60]
    assert stamps() == [(1, 0.1), (5, 0.5)]


def test_trim(threads: int) -> None:
    run(V, wire("t", make("trim", start=2, stop="500ms"), image="v"), out("t"), threads=threads)
    assert stamps() == [(2, 0.2), (3, 0.3), (4, 0.4)]


def test_tblend_gives_one_frame_fewer_at_the_time_of_the_newer(threads: int) -> None:
    run(V, wire("t", make("tblend", mode="subtract"), image="v"), out("t"), threads=threads)
    assert values() == [10] * 8
    assert stamps()[0] == (1, 0.1)


def test_trim_and_tblend_meet(threads: int) -> None:
    nodes = (
        V, wire("t", make("trim", start=1), image="v"), wire("b", make("tblend", mode="subtract"), image="v"),
        wire("m", make("mix", weights=[1, 1]), image=("t", "b")), out("m"),
    )  # fmt: skip
    assert run(*nodes, threads=threads) == {"out": [30, 40, 50, 60, 70, 80, 90, 100]}


def test_history_on_a_thinner_clock_counts_its_own_frames(threads: int) -> None:
    nodes = (
        V,
        wire("e", make("every", n=3), image="v"),
        wire("d", make("delay", frames=1), image="e"),
        out("d"),
    )
    assert run(*nodes, threads=threads) == {"out": [10, 10, 40]}
    assert stamps() == [(0, 0.0), (3, 0.3), (6, 0.6)]


def test_what_stands_before_a_gate_sees_every_frame(threads: int) -> None:
    nodes = (
        V, wire("r", Running(), image="v"), wire("d", make("delay", frames=1), image="r"),
        wire("e", make("every", n=4), image="d"), out("e"),
    )  # fmt: skip
    assert run(*nodes, threads=threads) == {"out": [11, 44, 88]}


def test_latency_on_a_thinner_clock_is_drained(threads: int) -> None:
    nodes = (
        V,
        wire("e", make("every", n=4), image="v"),
        wire("a", make("advance", frames=2), image="e"),
        out("a"),
    )
    assert run(*nodes, threads=threads) == {"out": [90, 90, 90]}
    assert stamps() == [(0, 0.0), (4, 0.4), (8, 0.8)]


def test_hold_repeats_the_latest_frame(threads: int) -> None:
    nodes = (
        V, wire("e", make("every", n=4), image="v"), wire("h", "hold", image="e", reference="v"),
        wire("m", make("mix", weights=[1, -1]), image=("v", "h")), out("m"), out("h", "o2"),
    )  # fmt: skip
    assert run(*nodes, threads=threads) == {
        "out": [0, 10, 20, 30, 0, 10, 20, 30, 0],
        "o2": [10, 10, 10, 10, 50, 50, 50, 50, 90],
    }
    assert stamps("o2") == [(k, k / 10) for k in range(9)]


def test_hold_waits_for_what_looks_ahead(threads: int) -> None:
    nodes = (
        V, wire("a", make("advance", frames=2), image="v"), wire("e", make("every", n=4), image="a"),
        wire("h", "hold", image="e", reference="v"), out("h"),
    )  # fmt: skip
    assert run(*nodes, threads=threads) == {"out": [30, 30, 30, 30, 70, 70, 70, 70, 90]}


def test_hold_of_an_image_with_less_latency_than_its_reference(threads: int) -> None:
    nodes = (
        V, wire("a", make("advance", frames=3), image="v"), wire("e", make("every", n=2), image="v"),
        wire("h", "hold", image="e", reference="a"), out("h"),
    )  # fmt: skip
    assert run(*nodes, threads=threads) == {"out": [10, 10, 30, 30, 50, 50, 70, 70, 90]}
    assert stamps() == [(k, k / 10) for k in range(9)]


def test_align_takes_the_latest_that_is_not_newer(threads: int) -> None:
    nodes = (V, second(1, 2, 3, 4, 5, 6), wire("al", "align", reference="v", image="w"), out("al"))
    assert run(*nodes, threads=threads) == {"out": [1, 1, 1, 2, 2, 2, 3, 3, 3]}
    assert stamps() == [(k, k / 10) for k in range(9)]


def test_align_before_the_first_and_after_the_last(threads: int) -> None:
    nodes = (V, second(1, 2, step=2, first=3), wire("al", "align", reference="v", image="w"), out("al"))
    assert run(*nodes, threads=threads) == {"out": [1, 1, 1, 1, 1, 2, 2, 2, 2]}


@pytest.mark.parametrize(
    ("offset_s", "got"),
    [
        (0.3, [2, 2, 2, 3, 3, 3, 3, 3, 3]),
        (0.55, [2, 3, 3, 3, 3, 3, 3, 3, 3]),
        (-0.2, [1, 1, 1, 1, 1, 2, 2, 2, 3]),
    ],
)
def test_align_with_a_stream_that_is_ahead_or_behind(threads: int, offset_s: float, got: list[int]) -> None:
    ahead = wire("al", make("align", offset_s=offset_s), reference="v", image="w")
    assert run(V, second(1, 2, 3), ahead, out("al"), threads=threads) == {"out": got}


def test_align_has_no_offset_to_its_own_source(threads: int) -> None:
    every = wire("e", make("every", n=2), image="v")
    ahead = wire("al", make("align", offset_s=-0.2), reference="v", image="e")
    with pytest.raises(GraphError, match="'al' has an offset, but 'e' and its reference are of one source"):
        run(V, every, ahead, out("al"), threads=threads)


def test_align_leaves_out_what_comes_between(threads: int) -> None:
    slow = wire("w", Literals(values=TENS[:3], name="b", step=4))
    assert run(V, slow, wire("al", "align", reference="w", image="v"), out("al"), threads=threads) == {
        "out": [10, 50, 90]
    }


def test_align_of_a_branch_with_history_latency_and_a_thinner_clock(threads: int) -> None:
    nodes = (
        V,
        second(1, 2, 3, 4, 5, 6, 7, 8, 9, step=1),
        wire("e", make("every", n=2), image="w"),
        wire("a", make("advance", frames=1), image="e"),
        wire("d", make("delay", frames=2), image="e"),
        wire("m", make("mix", weights=[10, 1]), image=("a", "d")),
        wire("al", "align", reference="v", image="m"),
        out("al"),
    )
    assert run(*nodes, threads=threads) == {"out": [31, 31, 51, 51, 71, 71, 93, 93, 95]}


def test_a_border_behind_a_border(threads: int) -> None:
    third = wire("x", Literals(values=(100, 200), name="c", step=5))
    nodes = (
        V,
        second(1, 2, 3),
        third,
        wire("a1", "align", reference="w", image="x"),
        wire("m", make("mix", weights=[1, 1]), image=("a1", "w")),
        wire("a2", "align", reference="v", image="m"),
        out("a2"),
    )
    assert run(*nodes, threads=threads) == {"out": [101, 101, 101, 102, 102, 102, 203, 203, 203]}


def test_two_borders_that_draw_on_one_source(threads: int) -> None:
    nodes = (
        V,
        second(1, 2, 3),
        wire("i", "invert", image="w"),
        wire("a1", "align", reference="v", image="w"),
        wire("a2", "align", reference="v", image="i"),
        wire("m", make("mix", weights=[1, 1]), image=("a1", "a2")),
        out("m"),
    )
    assert run(*nodes, threads=threads) == {"out": [255] * 9}


def test_a_slow_node_changes_no_order(threads: int) -> None:
    falling = wire("v", Literals(values=tuple(range(0, 250, 5))))
    nodes = (
        falling,
        wire("u", Uneven(), image="v"),
        wire("r", Running(), image="u"),
        out("r"),
        out("u", "o2"),
    )
    assert run(*nodes, threads=threads) == {
        "out": [(6 * k + 1) % 256 for k in range(50)],
        "o2": [5 * k for k in range(50)],
    }


def test_an_empty_source_gives_empty_outputs(threads: int) -> None:
    nodes = (
        wire("v", Literals(values=())),
        wire("a", make("advance", frames=2), image="v"),
        out("a"),
        out("v", "o2"),
    )
    assert run(*nodes, threads=threads) == {"out": [], "o2": []}


def test_one_frame(threads: int) -> None:
    nodes = (
        wire("v", Literals(values=(7,))),
        wire("a", make("advance", frames=2), image="v"),
        wire("d", make("delay", frames=2), image="v"),
        wire("m", make("mix", weights=[1, 1]), image=("a", "d")),
        out("m"),
    )
    assert run(*nodes, threads=threads) == {"out": [14]}


def test_the_report_counts_frames_and_firings(threads: int) -> None:
    found = report(
        V, wire("e", make("every", n=3), image="v"), wire("i", "invert", image="e"), out("i"), threads=threads
    )
    assert found.frames == 9
    assert {node.name: node.fired for node in found.nodes} == {"v": 9, "e": 9, "i": 3, "out": 3}
    assert found.outputs == ("3 frames",)
