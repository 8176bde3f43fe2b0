"""Equal nodes that read the same become one; sinks never do."""

from __future__ import annotations

from networks import Clip, Take, make, network, wire

from flowgraph.graph import NetNode, Network
from flowgraph.node import Limits
from flowgraph.passes.probe import probe
from flowgraph.passes.share import share


def shared(*nodes: NetNode) -> Network:
    given = network(*nodes)
    return share(given, probe(given, Limits()))


def names(*nodes: NetNode) -> list[str]:
    return [node.name for node in shared(*nodes).nodes]


V = wire("v", Clip())


def delay(name: str, reads: str, frames: int = 1) -> NetNode:
    return wire(name, make("delay", frames=frames), image=reads)


def out(reads: str, name: str = "out") -> NetNode:
    return wire(name, Take(), image=reads)


def test_two_sources_of_one_file_are_decoded_once() -> None:
    found = shared(V, wire("w", Clip()), wire("m", "mix", image=("v", "w")), out("m"))
    assert [node.name for node in found.nodes] == ["v", "m", "out"]
    assert [port.node for port in found["m"].reads] == ["v", "v"]
    assert found["w"].name == "v"


def test_two_files_are_decoded_twice() -> None:
    assert names(V, wire("w", Clip(file="b")), out("v"), out("w", "o2")) == ["v", "w", "out", "o2"]


def test_two_formats_of_one_file_stay_apart() -> None:
    assert names(V, wire("w", Clip(format="bgr24")), out("v"), out("w", "o2")) == ["v", "w", "out", "o2"]


def test_sources_of_one_clock_that_show_something_else_stay_apart() -> None:
    first, second = (wire(n, make("testsrc", seed=seed, length=2)) for n, seed in (("v", 1), ("w", 2)))
    assert names(first, second, out("v"), out("w", "o2")) == ["v", "w", "out", "o2"]
    assert names(first, wire("w", make("testsrc", seed=1, length=2)), out("v"), out("w", "o2"))[:1] == ["v"]


def test_equal_branches_run_once() -> None:
    assert names(
        V, wire("w", Clip()), delay("a", "v"), delay("b", "w"), wire("i", "invert", image="a"),
        wire("j", "invert", image="b"), out("i"), out("j", "o2"),
    ) == ["v", "a", "i", "out", "o2"]  # fmt: skip


def test_other_parameters_are_other_nodes() -> None:
    assert names(V, delay("a", "v", 1), delay("b", "v", 2), out("a"), out("b", "o2")) == [
        "v",
        "a",
        "b",
        "out",
        "o2",
    ]


def test_the_order_of_inputs_counts() -> None:
    nodes = (V, wire("i", "invert", image="v"))
    one, other = ("v", "i"), ("i", "v")
    mixed = [wire(n, make("mix", weights=[1, -1]), image=reads) for n, reads in (("a", one), ("b", other))]
    assert "b" in names(*nodes, *mixed, out("a"), out("b", "o2"))


def test_equal_sinks_stay_apart() -> None:
    assert names(V, out("v"), out("v", "o2")) == ["v", "out", "o2"]


def test_equal_nodes_with_live_parameters_stay_apart_where_these_may_change() -> None:
    given = network(
        V, wire("a", make("threshold", level=9), image="v"), wire("b", make("threshold", level=9), image="v"),
        wire("x", "invert", image="a"), wire("y", "invert", image="a"),
        wire("m", "mix", image=("x", "y", "b")), out("m"),
    )  # fmt: skip
    infos = probe(given, Limits())
    assert [n.name for n in share(given, infos).nodes] == ["v", "a", "x", "m", "out"]
    assert [n.name for n in share(given, infos, live=True).nodes] == ["v", "a", "b", "x", "m", "out"]
