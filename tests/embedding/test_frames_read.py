"""A program reads the frames of any node while the graph runs."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest
from collect import COLLECTED, READERS, Collect, Literals, make, values, wire
from odd_nodes import Lighten, Over, Plus
from opened import CLIP, VALUES, first_samples, opened

from flowgraph.document.load import loads
from flowgraph.errors import GraphError
from flowgraph.frame import Frame
from flowgraph.node import Input, Node, Output

threaded = pytest.mark.parametrize("threads", [1, 2, 4])
PLUS = wire("p", Plus(amount=100), image="v")


@threaded
def test_the_frames_of_a_node_come_in_order_and_all_of_them(threads: int) -> None:
    with opened(CLIP, PLUS, outputs=["p"], threads=threads) as run:
        found = [(frame.index, int(frame.data[0, 0])) for frame in run["p"]]
    assert found == [(k, 100 + k) for k in VALUES]
    assert run.report is not None
    assert run.report.frames == 60


@threaded
def test_outputs_of_unequal_latency_are_read_in_step(threads: int) -> None:
    late = wire("a", make("advance", frames=20), image="v")
    with opened(CLIP, PLUS, late, outputs=["p", "a", "v"], threads=threads) as run:
        rows = [
            (p.index, a.index, int(p.data[0, 0]), int(a.data[0, 0]), int(v.data[0, 0]))
            for p, a, v in zip(run["p"], run["a"], run["v"], strict=True)
        ]
    assert rows == [(k, k, 100 + k, min(k + 20, 59), k) for k in VALUES]


def test_a_still_has_one_frame() -> None:
    with opened(CLIP, wire("f", Lighten(), image="v"), outputs=["f"]) as run:
        assert first_samples(run["f"]) == [59]


@threaded
def test_outputs_of_two_passes_are_read_one_after_the_other(threads: int) -> None:
    over = wire("o", Over(), image="v", still="f")
    fold = wire("f", Lighten(), image="p")
    with opened(CLIP, PLUS, fold, over, outputs=["o"], threads=threads) as run:
        assert first_samples(run["o"]) == [max(k, 79) for k in VALUES]


class Halves(Node):
    """The picture halved and doubled: two outputs."""

    image = Input("gray")
    low = Output(like=image)
    high = Output(like=image)

    def process(self, image: Frame, low: Frame, high: Frame) -> None:
        np.floor_divide(image.data, 2, out=low.data)
        np.multiply(image.data, 2, out=high.data)


def test_a_further_output_goes_by_its_port_and_a_sink_is_what_it_takes() -> None:
    nodes = (CLIP, wire("h", Halves(), image="v"), wire("out", Collect(), image="h"))
    with opened(*nodes, outputs=["h.high", "h", "out"]) as run:
        rows = list(
            zip(*[(int(f.data[0, 0]) for f in run[name]) for name in ("h.high", "h", "out")], strict=True)
        )
    assert rows == [(2 * k, k // 2, k // 2) for k in VALUES]


@threaded
def test_sinks_get_the_same_frames_and_are_closed_at_the_end(threads: int) -> None:
    nodes = (CLIP, PLUS, wire("out", Collect(), image="p"))
    with opened(*nodes, outputs=["p"], threads=threads) as run:
        read = first_samples(run["p"])
    assert read == values()
    assert COLLECTED["out"].ended == "closed"
    assert run.report is not None
    assert run.report.outputs == ("60 frames",)


def test_without_sinks_none_of_them_is_opened() -> None:
    with opened(CLIP, PLUS, wire("out", Collect(), image="p"), outputs=["p"], sinks=False) as run:
        assert first_samples(run["p"]) == [100 + k for k in VALUES]
    assert COLLECTED == {}


def test_an_output_may_be_asked_for_until_the_run_begins() -> None:
    with opened(CLIP, PLUS, sinks=False) as run:
        frames = run["p"]
        assert frames.format.pixel == "gray"
        next(frames)
        assert run["p"] is not frames
        with pytest.raises(GraphError, match="the run began without the output 'v'") as error:
            run["v"]
    assert error.value.hint == "open it with outputs=['p', 'v']"


@pytest.mark.parametrize(
    ("pixel", "asked", "got"),
    [
        ("gray", "auto", "gray"),
        ("bgr24", "auto", "bgr24"),
        ("yuv420p", "auto", "bgr24"),
        ("yuv420p", "native", "yuv420p"),
        ("yuv420p", "gray", "gray"),
        ("gray", "bgr24", "bgr24"),
    ],
)
def test_frames_come_in_the_pixel_format_that_was_asked_for(pixel: str, asked: str, got: str) -> None:
    clip = wire("v", Literals(values=(10, 20), pixel=pixel))
    with opened(clip, outputs={"v": asked}) as run:
        frames = run["v"]
        assert frames.format.pixel == got
        assert [len(frame.planes) for frame in frames] == [len(frames.format.shapes)] * 2


@pytest.mark.parametrize(
    ("outputs", "message", "hint"),
    [
        ({"q": "auto"}, "the graph has no node 'q'", "its nodes are: v, p"),
        ({"p.mask": "auto"}, "node 'p' has no output 'mask'", "its outputs are: total"),
        ({"p": "bgr"}, "output 'p': there is no pixel format 'bgr'; did you mean 'bgra'?", ""),
    ],
)
def test_an_output_that_can_not_be_is_refused_with_what_there_is(
    outputs: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(GraphError) as error:
        opened(CLIP, PLUS, outputs=outputs)
    assert (error.value.message, error.value.hint) == (message, hint)


def test_a_run_out_of_which_nothing_would_come_is_refused() -> None:
    with opened(CLIP, PLUS) as run, pytest.raises(GraphError, match="nothing would come out"):
        run.start()


def test_numbers_can_not_be_pictures() -> None:
    graph = loads(
        "flowgraph: 1\nnodes:\n  v: {type: testsrc, length: 3}\n  m: {type: measure, in: v}\n",
        "measured.yaml",
    )
    with graph.open(outputs=["m"]) as run:
        assert [frame.data.shape[0] for frame in run["m"]] == [1, 1, 1]
    with pytest.raises(GraphError, match=r"it makes a table of .* and no picture in bgr24"):
        graph.open(outputs={"m": "bgr24"})


@threaded
def test_a_slow_reader_slows_the_run_down_and_the_bound_is_kept(threads: int) -> None:
    clip = wire("v", Literals(values=tuple(range(200))))
    late = wire("d", make("delay", frames=9), image="p")
    with opened(clip, PLUS, late, outputs=["d"], threads=threads) as run:
        frames = run["d"]
        for _ in range(3):
            next(frames)
        while not run.control.stuck_at():
            Event().wait(0.001)
        # Three were read; what else was begun fits into tokens and queues.
        queue = run.plan.queue
        assert READERS[0].at <= 3 + queue + 1 + run.plan.tokens + queue + 1
        assert 3 + len(list(frames)) == 200
    assert run.report is not None
    assert run.report.peak_pool_bytes <= run.report.bound_bytes
