"""Lifetimes become buffers: no more than needed, and never one that somebody still looks at."""

from __future__ import annotations

import pytest
from networks import Clip, Mean, Take, make, scheduled, wire

from flowgraph.graph import NetNode
from flowgraph.node import Input, Node, Output
from flowgraph.passes.allocate import Assigned, assign, working_peak
from flowgraph.plan import PoolClass, Result, Step

CLIP = wire("v", Clip(pixel="gray"))
FRAME = 64 * 32


class Fresh(Node):
    """Makes a picture in a buffer of its own; equal ones would be shared, so each has a name."""

    name: str

    image = Input()
    made = Output(like=image)


class Edit(Node):
    """May work in its input's buffer."""

    image = Input()
    edited = Output(like=image, in_place=True)


class Paint(Node):
    """May work in the buffer of one of its two inputs."""

    image = Input()
    stamp = Input(like=image)
    painted = Output(like=image, in_place=True)


class Both(Node):
    """Could work in its input's buffer for each of two outputs."""

    image = Input()
    one = Output(like=image, in_place=True)
    other = Output(like=image, in_place=True)


class Pick(Node):
    """Forwards one of its inputs."""

    image = Input(variadic=True)
    picked = Output(like=image, forward=True)


def fresh(name: str, reads: str) -> NetNode:
    return wire(name, Fresh(name=name), image=reads)


def edit(name: str, reads: str) -> NetNode:
    return wire(name, Edit(), image=reads)


def assigned(*nodes: NetNode, tokens: int = 1, queue: int = 1) -> Assigned:
    (pass_,) = scheduled(CLIP, *nodes)
    return assign(pass_, tokens, queue)


def results(found: Assigned) -> dict[str, Result]:
    return {step.name: result for step in steps(found) for result in step.results}


def steps(found: Assigned) -> tuple[Step, ...]:
    return found.pass_.lists[0].steps


def how(found: Assigned) -> dict[str, str]:
    return {name: result.how for name, result in results(found).items()}


def test_a_buffer_is_reused_after_its_last_reader() -> None:
    found = assigned(fresh("a", "v"), fresh("b", "a"), fresh("c", "b"), wire("out", Take(), image="c"))
    assert working_peak(found.groups, 0) == {FRAME: 2}
    # a and b take turns; of c one is in the token, one waits for the sink, one is being written.
    assert found.pass_.pool == (PoolClass(FRAME, 2 + 3),)


def test_buffers_that_live_at_the_same_time_are_counted_apart() -> None:
    found = assigned(
        fresh("a", "v"), fresh("b", "v"), fresh("c", "v"),
        wire("m", "mix", image=("a", "b", "c")), wire("out", Take(), image="m"),
    )  # fmt: skip
    assert working_peak(found.groups, 0) == {FRAME: 2}
    assert how(found)["m"] == "in place"  # the third of them is m's, which the sink holds
    assert found.pass_.pool == (PoolClass(FRAME, 2 + 3),)


@pytest.mark.parametrize("tokens", [1, 2, 5])
def test_every_live_token_has_buffers_of_its_own(tokens: int) -> None:
    found = assigned(fresh("a", "v"), fresh("b", "a"), wire("out", Take(), image="b"), tokens=tokens)
    assert found.pass_.pool == (PoolClass(FRAME, tokens + (tokens + 2)),)
    assert found.pass_.outside == {"v": tokens + 2}  # in tokens, one waiting and one in the reader's hand


def test_sizes_are_counted_apart() -> None:
    half = wire("half", make("resize", width=32, height=16), image="v")
    found = assigned(half, fresh("a", "half"), fresh("b", "a"), wire("out", Take(), image="b"))
    assert working_peak(found.groups, 0) == {FRAME // 4: 2}


def test_the_last_reader_works_in_place() -> None:
    found = assigned(fresh("a", "v"), edit("b", "a"), wire("out", Take(), image="b"))
    assert how(found) == {"v": "source", "a": "fresh", "b": "in place"}


def test_a_frame_that_somebody_still_reads_is_not_overwritten() -> None:
    found = assigned(
        fresh("a", "v"), edit("b", "a"), wire("m", "mix", image=("b", "a")), wire("out", Take(), image="m")
    )
    assert how(found)["b"] == "fresh"


def test_a_decoders_frame_is_never_overwritten() -> None:
    assert how(assigned(edit("a", "v"), wire("out", Take(), image="a")))["a"] == "fresh"


def test_a_frame_that_a_sink_takes_is_not_overwritten() -> None:
    found = assigned(
        fresh("a", "v"), wire("first", Take(), image="a"), edit("b", "a"), wire("out", Take(), image="b")
    )
    assert how(found)["b"] == "fresh"


def test_a_frame_that_is_looked_back_on_is_not_overwritten() -> None:
    found = assigned(
        fresh("a", "v"), wire("d", "delay", image="a"), wire("m", "mix", image=("d", "a")),
        edit("b", "a"), wire("out", Take(), image="b"), wire("o2", Take(), image="m"),
    )  # fmt: skip
    assert {how(found)["m"], how(found)["b"]} == {"fresh"}


def test_a_view_of_a_frame_that_somebody_still_reads_is_not_overwritten() -> None:
    found = assigned(
        fresh("a", "v"), wire("c", make("crop", width=10), image="a"), edit("b", "c"), fresh("e", "a"),
        wire("out", Take(), image="b"), wire("o2", Take(), image="e"),
    )  # fmt: skip
    assert how(found)["b"] == "fresh"


def test_of_two_views_of_one_buffer_none_is_overwritten_while_the_other_is_read() -> None:
    found = assigned(
        fresh("a", "v"),
        wire("left", make("crop", x=0, width=40), image="a"),
        wire("right", make("crop", x=8, width=40), image="a"),
        wire("m", "mix", image=("right", "left")),
        wire("out", Take(), image="m"),
    )  # fmt: skip
    assert how(found)["m"] == "fresh"


def test_a_frame_that_arrives_at_another_input_too_is_not_overwritten() -> None:
    found = assigned(
        fresh("a", "v"), wire("p", Paint(), image="a", stamp="a"), wire("out", Take(), image="p")
    )
    assert how(found)["p"] == "fresh"


def test_one_frame_twice_at_a_variadic_input_may_be_overwritten() -> None:
    mean = wire("m", make("mix", weights=[0.25, 0.75]), image=("a", "a"))
    assert how(assigned(fresh("a", "v"), mean, wire("out", Take(), image="m")))["m"] == "in place"


def test_two_outputs_never_get_one_buffer() -> None:
    both = wire("b", Both(), image="a")
    for read in ("b.one", "b.other"):
        found = assigned(fresh("a", "v"), both, wire("out", Take(), image=read))
        step = next(step for step in steps(found) if step.name == "b")
        assert sorted(result.how for result in step.results) == ["fresh", "in place"]


def test_forwarding_takes_no_buffer() -> None:
    found = assigned(
        wire("s", "split", image="v"), wire("c", make("crop", width=8), image="s"),
        wire("d", make("delay", frames=3), image="c"), wire("out", Take(), image="d"),
    )  # fmt: skip
    assert found.pass_.pool == ()
    # In the token, one waiting and one in the hand of the reader, three looked back on, two on their way out.
    assert found.pass_.outside == {"v": 1 + 2 + 3 + 2}


def test_a_frame_that_one_of_several_may_be_forwarded_to_a_sink_keeps_all_of_them() -> None:
    found = assigned(
        fresh("a", "v"),
        fresh("b", "v"),
        wire("p", Pick(), image=("a", "b")),
        wire("out", Take(), image="p"),
    )
    # Either may be on its way to the sink: one in the token, one waiting and one being written, of each.
    assert found.pass_.pool == (PoolClass(FRAME, 2 * 3),)


def test_all_delays_of_a_stream_share_the_longest_history() -> None:
    found = assigned(
        fresh("a", "v"),
        *(wire(f"d{n}", make("delay", frames=n), image="a") for n in (1, 3, 2)),
        wire("m", "mix", image=("d1", "d2", "d3")),
        wire("out", Take(), image="m"),
    )
    (held,) = [group for group in found.groups if group.name == "a"]
    assert held.held == 3
    assert [step.history for step in steps(found) if step.kind == "window"] == [3]


def test_a_slot_is_released_by_its_last_reader() -> None:
    found = assigned(
        fresh("a", "v"), fresh("b", "a"), fresh("c", "a"),
        wire("m", "mix", image=("b", "c")), wire("out", Take(), image="m"),
    )  # fmt: skip
    slot = {name: result.slot for name, result in results(found).items()}
    released = {step.name: set(step.releases) for step in steps(found)}
    assert released["c"] == {slot["a"]}
    assert released["m"] == {slot["b"], slot["c"]}
    assert released["a"] == {slot["v"]}


def test_a_border_holds_two_frames_and_one_for_each_token() -> None:
    (pass_,) = scheduled(
        CLIP, wire("w", Clip(file="b", pixel="gray")), fresh("x", "w"),
        wire("al", "align", reference="v", image="x"), wire("out", Take(), image="al"),
    )  # fmt: skip
    found = assign(pass_, tokens=3, queue=1)
    (group,) = [group for group in found.groups if group.name == "x"]
    assert group.held == 2 + 3 + 2  # the border's, the tokens', the sink's
    assert found.pass_.pool == (PoolClass(FRAME, 1 + 7),)


def test_a_reductions_picture_is_no_buffer_of_its_pass() -> None:
    first, _ = scheduled(
        CLIP, fresh("a", "v"), wire("mean", Mean(), image="a"), wire("out", Take(), image="mean")
    )
    assert assign(first, 2, 1).pass_.pool == (PoolClass(FRAME, 2),)
