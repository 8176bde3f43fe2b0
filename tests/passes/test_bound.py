"""Every byte of the bound has its line, the lines add up, and --max-memory picks what must be."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from networks import Below, Clip, Mean, Take, make, network, wire

from flowgraph.errors import GraphError
from flowgraph.graph import NetNode
from flowgraph.node import Formats, Input, Node, Output
from flowgraph.plan import Plan
from flowgraph.session import Options, plan

FRAME = 64 * 32
GRAY = wire("v", Clip(pixel="gray"))
TWO_PASSES = (
    wire("mean", Mean(), image="v"),
    wire("j", Below(), image="v", still="mean"),
    wire("out", Take(), image="j"),
)


class Hungry(Node):
    """Asks for scratch and declares temporaries."""

    scratch_bytes: int = 1000
    temporary_bytes: int = 0

    image = Input()
    made = Output(like=image)

    def scratch(self, formats: Formats) -> Mapping[str, tuple[tuple[int, ...], str]]:
        return {"a": ((self.scratch_bytes,), "uint8")}

    def temporaries(self, formats: Formats) -> int:
        return self.temporary_bytes


def out(reads: str) -> NetNode:
    return wire("out", Take(), image=reads)


def planned(*nodes: NetNode, threads: int = 1, max_memory: int | None = None) -> Plan:
    return plan(network(*nodes), Options(threads=threads, max_memory=max_memory))


def lines(found: Plan) -> dict[str, int]:
    return {f"{cost.pass_index} {cost.what}": cost.total for cost in found.costs}


def test_a_plain_graph_line_by_line() -> None:
    found = planned(
        GRAY, wire("d", make("delay", frames=3), image="v"), wire("i", "invert", image="d"), out("i")
    )
    assert lines(found) == {
        "0 decoded frames of 'v'": (1 + 3 + 2 + 1)
        * FRAME,  # the token's, looked back on, read ahead, in the hand
        "0 frames that the reader of 'v' holds": 2 * FRAME,
        "0 buffers of i": (1 + 2 + 1) * FRAME,  # the token's, in the queue, being written
        "0 frame that 'out' hands to its encoder": FRAME,
    }
    assert found.bound_bytes == (7 + 2 + 4 + 1) * FRAME


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_lines_add_up_to_the_bound(threads: int) -> None:
    found = planned(GRAY, *TWO_PASSES, threads=threads)
    whole = sum(cost.total for cost in found.costs if cost.pass_index < 0)
    passes = [sum(cost.total for cost in found.costs if cost.pass_index == index) for index in (0, 1)]
    assert found.bound_bytes == whole + max(passes)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_lines_of_buffers_are_the_pool(threads: int) -> None:
    found = planned(
        GRAY, wire("w", Clip(file="b", pixel="gray")), wire("i", "invert", image="w"),
        wire("al", "align", reference="v", image="i"), wire("m", "mix", image=("al", "v")),
        wire("a", make("advance", frames=2), image="m"), wire("n", "mix", image=("a", "m")), out("n"),
        threads=threads,
    )  # fmt: skip
    (pass_,) = found.passes
    buffers = sum(cost.total for cost in found.costs if cost.what.startswith("buffers of "))
    assert buffers == sum(c.nbytes * c.count for c in pass_.pool)
    decoded = sum(cost.total for cost in found.costs if cost.what.startswith("decoded frames of "))
    assert decoded == sum(pass_.outside.values()) * FRAME


def test_a_result_of_a_whole_stream_is_counted_for_the_whole_run() -> None:
    found = lines(planned(GRAY, *TWO_PASSES))
    assert found["-1 still 'mean'"] == FRAME
    assert found["0 state of 'mean'"] == 4 * FRAME


def test_scratch_is_counted_for_each_worker_and_behind_each_border() -> None:
    nodes = (
        GRAY, wire("w", Clip(file="b", pixel="gray")), wire("a", Hungry(scratch_bytes=1000), image="v"),
        wire("b", Hungry(scratch_bytes=600), image="a"), wire("c", Hungry(scratch_bytes=500), image="w"),
        wire("al", "align", reference="b", image="c"), out("al"),
    )  # fmt: skip
    found = lines(planned(*nodes, threads=3))
    assert found["0 scratch"] == 3 * 1024  # the largest, in whole cache lines
    assert found["0 scratch behind the border to w"] == 512


def test_temporaries_are_counted_for_each_worker() -> None:
    found = lines(planned(GRAY, wire("a", Hungry(temporary_bytes=5000), image="v"), out("a"), threads=2))
    assert found["0 temporaries of 'a'"] == 10000


def test_black_frames_before_the_first_are_counted() -> None:
    black = wire("d", make("delay", frames=2, fill="black"), image="v")
    assert lines(planned(GRAY, black, out("d"), threads=2))["0 black frames of 'd'"] == 2 * FRAME


ONCE = wire("v", Clip(pixel="gray", rereadable=False))


def test_kept_and_spooled_frames_have_lines() -> None:
    assert lines(planned(ONCE, *TWO_PASSES))["-1 frames of 'v' kept for a later pass"] == 10 * FRAME
    unknown = wire("v", Clip(pixel="gray", rereadable=False, frames=None))
    spooled = lines(planned(unknown, *TWO_PASSES))
    assert spooled["0 spool of 'v'"] == spooled["1 spool of 'v'"] == 2 * FRAME


def test_less_memory_picks_fewer_tokens() -> None:
    nodes = (GRAY, wire("i", "invert", image="v"), out("i"))
    for tokens in (4, 3, 2, 1):
        bytes_needed = planned(*nodes, threads=tokens).bound_bytes
        assert planned(*nodes, threads=4, max_memory=bytes_needed).tokens == tokens
        assert planned(*nodes, threads=4, max_memory=bytes_needed).bound_bytes == bytes_needed
    assert planned(*nodes, threads=4, max_memory=planned(*nodes).bound_bytes - 1).queue == 1


def test_less_memory_picks_a_spool_instead_of_keeping() -> None:
    def how(max_memory: int | None) -> str:
        return planned(ONCE, *TWO_PASSES, max_memory=max_memory).passes[0].feeds[0].how

    assert how(None) == "read and keep"
    assert how(planned(ONCE, *TWO_PASSES).bound_bytes - 1) == "read and spool"


def test_too_little_memory_is_refused_with_the_largest_line() -> None:
    nodes = (GRAY, wire("i", "invert", image="v"), wire("d", make("delay", frames=2000), image="i"), out("d"))
    with pytest.raises(GraphError) as error:
        planned(*nodes, threads=4, max_memory=2 << 20)
    assert error.value.message == (
        "the leanest plan needs 3.9 MiB, but 2.0 MiB are allowed; most of it for buffers of i: 3.9 MiB"
    )
    assert (
        error.value.hint == "allow more with --max-memory, or make the picture smaller or the history shorter"
    )


def test_the_length_of_the_clip_is_not_in_the_bound() -> None:
    short, long = (planned(wire("v", Clip(pixel="gray", frames=n)), *TWO_PASSES) for n in (10, 100000))
    assert short.bound_bytes == long.bound_bytes


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_every_byte_is_that_of_some_step(threads: int) -> None:
    found = planned(
        GRAY, *TWO_PASSES, wire("d", make("delay", frames=3), image="j"), wire("i", "invert", image="d"),
        wire("b", make("blur", sigma=2), image="i"), wire("n", "invert", image="b"),
        wire("all", Take(), image="n"), threads=threads,
    )  # fmt: skip
    steps = {s.name for p in found.passes for firing in (p.stills, *p.lists) for s in firing.steps}
    for index in (-1, 0, 1):
        whole = sum(cost.total for cost in found.costs if cost.pass_index == index)
        assert sum(found.node_bytes(index).values()) == whole
        assert set(found.node_bytes(index)) <= steps


def test_what_several_nodes_use_in_turn_is_shared_and_a_history_is_that_of_its_window() -> None:
    found = planned(
        GRAY, wire("i", "invert", image="v"), wire("d", make("delay", frames=3), image="i"),
        wire("a", "invert", image="d"),
        wire("b", make("threshold", level=9), image="a"), out("b"),
    )  # fmt: skip
    assert found.node_bytes(0) == {
        "v": (1 + 2 + 1 + 2) * FRAME,  # in the token, read ahead, in the hand, and what the reader holds
        "i": FRAME,
        "i>window": 3 * FRAME,
        "a": FRAME // 2,  # in one buffer
        "b": FRAME // 2,
        "out": (2 + 1 + 1) * FRAME,  # in the queue, being written, and what the encoder gets
    }
