"""A program steps a graph with frames of its own, on its own thread."""

from __future__ import annotations

import gc
import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from collect import COLLECTED, Collect, values, wire
from odd_nodes import Plus, Raises
from opened import engine_threads, wait_for_threads
from sessions import CAMERA, bgr, graph, gray, stepped

from flowgraph.errors import GraphError, RunError
from flowgraph.frame import Format, Frame, Plane, new_frame
from flowgraph.lent import ReleasedError
from flowgraph.session import compile
from flowgraph.stepping import Session

INVERT = graph(CAMERA, "i: {type: invert, in: camera}", "result: {type: output, in: i}")


def value(frame: Frame | None) -> int | None:
    """The first sample, None where there is no frame."""
    return None if frame is None else int(frame.planes[0].flat[0])


def test_each_step_gives_what_the_graph_makes_of_its_frame() -> None:
    with INVERT.session() as session:
        found = [value(session.step(camera=gray(k))["result"]) for k in range(100)]
    assert found == [255 - k for k in range(100)]
    assert session.report is not None
    assert session.report.frames == 100


def test_all_happens_on_the_thread_of_the_program() -> None:
    before = threading.enumerate()
    with INVERT.session() as session:
        session.step(camera=gray(1))
        assert threading.enumerate() == before


def test_what_is_held_back_comes_when_the_stream_ends() -> None:
    late = graph(CAMERA, "a: {type: advance, in: camera, frames: 2}", "result: {type: output, in: a}")
    with late.session() as session:
        assert [value(session.step(camera=gray(k))["result"]) for k in range(5)] == [None, None, 2, 3, 4]
        assert [(frame.index, value(frame)) for out in session.flush() if (frame := out["result"])] == [
            (3, 4),
            (4, 4),
        ]
        with pytest.raises(GraphError, match="the session is over"):
            session.step(camera=gray(9))


def test_a_history_shows_what_was_given_and_not_what_the_program_made_of_it_since() -> None:
    past = graph(CAMERA, "d: {type: delay, in: camera, frames: 2}", "result: {type: output, in: d}")
    image = gray(0)
    with past.session() as session:
        found: list[int | None] = []
        for k in range(6):
            image[:] = k
            found.append(value(session.step(camera=image)["result"]))
    assert found == [0, 0, 0, 1, 2, 3]


@pytest.mark.parametrize("way", ["result: {type: output, in: camera}", "result: {type: output, in: cut}"])
def test_what_is_only_forwarded_to_an_output_is_copied_into_the_pool_once(way: str) -> None:
    forward = graph(CAMERA, "cut: {type: crop, in: camera, x: 2, y: 1, width: 4, height: 2}", way)
    image = gray(7)
    with forward.session() as session:
        frame = session.step(camera=image)["result"]
        assert frame is not None
        image[:] = 0
        assert int(frame.data[0, 0]) == 7
        copies = [cost for cost in session.plan.costs if cost.what == "buffers of camera>copy"]
        assert [cost.nbytes for cost in copies] == [8 * 4]


def test_nothing_is_copied_where_nobody_keeps_it() -> None:
    with INVERT.session() as session:
        assert [step.type for step in session.plan.passes[0].lists[0].steps] == ["input", "invert", "output"]
        given = next(cost for cost in session.plan.costs if "camera" in cost.what)
    assert (given.what, given.count) == ("frames given to 'camera'", 1)


def test_the_program_may_keep_no_reference_and_its_image_is_let_go_of() -> None:
    image = gray(3)
    with INVERT.session() as session:
        session.step(camera=image)
        assert [type(other) for other in gc.get_referrers(image) if isinstance(other, Frame)] == []


def test_frames_that_come_out_are_lent_until_the_next_step() -> None:
    with INVERT.session() as session:
        first = session.step(camera=gray(1))["result"]
        assert first is not None
        kept, copy = first.data, first.copy()
        session.step(camera=gray(2))
        with pytest.raises(ReleasedError, match="frame 0 of 'result' was released"):
            print(first.data)
    assert int(kept[0, 0]) == 254
    assert int(copy.data[0, 0]) == 254


def test_a_frame_that_came_out_may_go_in_again() -> None:
    with INVERT.session() as session:
        image: Plane = gray(3)
        found: list[int] = []
        for _ in range(10):
            frame = session.step(camera=image)["result"]
            assert frame is not None
            image = frame.data
            found.append(int(image[0, 0]))
    assert found == [252, 3] * 5


def test_two_inputs_are_on_one_clock() -> None:
    both = graph(
        CAMERA,
        "mask: {type: input, size: 8x4, format: gray}",
        "m: {type: multiply, in: [camera, mask]}",
        "result: {type: output, in: m}",
        "seen: {type: output, in: mask}",
    )
    with both.session() as session:
        out = session.step(camera=gray(100), mask=gray(255))
        assert [value(out["result"]), value(out["seen"])] == [100, 255]
        out = session.step(camera=gray(100), mask=gray(0))
        assert [value(out["result"]), value(out["seen"])] == [0, 0]


def test_any_node_can_be_an_output() -> None:
    bare = graph(CAMERA, "i: {type: invert, in: camera}")
    with bare.session(outputs={"i": "bgr24"}) as session:
        assert session.outputs == {"i": Format("bgr24", 8, 4)}
        frame = session.step(camera=gray(5))["i"]
        assert frame is not None
        assert frame.data[0, 0].tolist() == [250, 250, 250]


def test_a_parameter_changes_between_two_steps() -> None:
    with stepped(wire("p", Plus(amount=1), image="camera"), wire("out", Collect(), image="p")) as session:
        session.step(camera=gray(10))
        session.set("p.amount", 20)
        session.step(camera=gray(10))
        with pytest.raises(GraphError, match="no node is called 'q'"):
            session.set("q.amount", 20)
        with pytest.raises(GraphError, match=r"'amount' names no parameter"):
            session.set("amount", 20)
    assert values() == [11, 30]


def test_times_come_from_the_rate_or_from_the_frames() -> None:
    with INVERT.session() as session:
        found = [session.step(camera=gray(0))["result"] for _ in range(3)]
        assert [frame.time for frame in found if frame] == [Fraction(k, 25) for k in range(3)]
        late = new_frame(Format("gray", 8, 4), time=Fraction(7))
        frame = session.step(camera=late)["result"]
        assert frame is not None
        assert (frame.index, frame.time) == (3, Fraction(7))
        frame = session.step(camera=gray(0))["result"]
        assert frame is not None
        assert frame.time == 7 + Fraction(1, 25)
        with pytest.raises(GraphError, match=r"a frame at 7 s comes after one at 7\.04 s"):
            session.step(camera=late)


OPEN = graph("camera: {type: input}", "i: {type: invert, in: camera}", "result: {type: output, in: i}")


@pytest.mark.parametrize("form", [bgr(1), Format("bgr24", 8, 4), new_frame(Format("bgr24", 8, 4))])
def test_the_format_may_be_said_when_the_session_is_opened(form: Plane | Format | Frame) -> None:
    with OPEN.session(formats={"camera": form}) as session:
        assert session.inputs == {"camera": Format("bgr24", 8, 4)}
        assert value(session.step(camera=bgr(5))["result"]) == 250


def test_planes_of_yuv_go_in_as_they_are() -> None:
    format = Format("yuv420p", 8, 4, "bt709", "limited")
    planar = graph("camera: {type: input}", "result: {type: output, in: camera, format: native}")
    with planar.session(formats={"camera": format}) as session:
        planes = [np.full(shape, k, np.uint8) for k, shape in enumerate(format.shapes)]
        frame = session.step(camera=planes)["result"]
        assert frame is not None
        assert frame.format == format
        assert [int(plane.flat[0]) for plane in frame.planes] == [0, 1, 2]


@pytest.mark.parametrize(
    ("image", "told"),
    [
        (
            bgr(0),
            r"input 'camera' takes gray 8x4: arrays of shape \(4, 8\) and type uint8; got shape \(4, 8, 3\)",
        ),
        (np.zeros((4, 8)), "got samples of float64"),
        (np.zeros((4, 16), np.uint8)[:, ::2], "the samples of a row don't lie one after the other in memory"),
        (np.zeros((4, 8), np.uint8)[::-1], "the samples of a row don't lie one after the other in memory"),
        (new_frame(Format("bgr24", 8, 4)), "got a frame in bgr24 8x4"),
    ],
)
def test_an_image_of_another_format_is_refused_and_the_session_goes_on(
    image: Plane | Frame, told: str
) -> None:
    with INVERT.session() as session:
        with pytest.raises(GraphError, match=told):
            session.step(camera=image)
        assert value(session.step(camera=gray(1))["result"]) == 254


def test_rows_may_be_padded() -> None:
    wide = np.full((4, 20), 9, np.uint8)
    with INVERT.session() as session:
        assert value(session.step(camera=wide[:, 3:11])["result"]) == 246


@pytest.mark.parametrize(
    ("images", "told", "hint"),
    [
        ({}, "no frame for input 'camera'", "the inputs are: camera"),
        ({"camera": gray(0), "camra": gray(0)}, "there is no input 'camra'", "did you mean 'camera'?"),
    ],
)
def test_frames_for_other_inputs_are_refused(images: dict[str, Plane], told: str, hint: str) -> None:
    with INVERT.session() as session:
        with pytest.raises(GraphError) as error:
            session.step(**images)
        assert (error.value.message, error.value.hint) == (told, hint)


def opens(*nodes: str, **formats: Plane) -> Session:
    return graph(*nodes).session(formats=formats)


@pytest.mark.parametrize(
    ("nodes", "told"),
    [
        (("v: {type: testsrc}", "o: {type: output, in: v}"), "the graph has no input for a program's frames"),
        (
            ("c: {type: input}", "o: {type: output, in: c}"),
            "nobody said how large the frames of the program are",
        ),
        (
            (
                CAMERA,
                "f: {type: flatten, in: camera}",
                "b: {type: absdiff, in: [camera, f]}",
                "o: {type: output, in: b}",
            ),
            "source 'camera' is live and has no end, but is needed in 2 passes",
        ),
        (
            (
                CAMERA,
                "v: {type: testsrc}",
                "a: {type: align, in: {reference: v, image: camera}}",
                "o: {type: output, in: a}",
            ),
            "the frames given to 'camera' don't set the pace of what comes out",
        ),
        ((CAMERA, "o: {type: output, in: camera, format: bgr}"), "there is no pixel format 'bgr'"),
    ],
)
def test_a_graph_that_can_not_be_stepped_is_refused(nodes: tuple[str, ...], told: str) -> None:
    with pytest.raises(GraphError, match=told):
        opens(*nodes)


def test_a_format_for_what_is_no_input_is_refused() -> None:
    with pytest.raises(GraphError, match="there is no input 'v'") as error:
        opens(CAMERA, "v: {type: testsrc}", "o: {type: output, in: camera}", v=gray(0))
    assert error.value.hint == "the inputs are: camera"


def test_a_format_that_an_input_can_not_have_is_refused() -> None:
    with pytest.raises(GraphError, match=r"input 'camera': .*yuv410p"):
        graph(CAMERA, "o: {type: output, in: camera}").session(formats={"camera": Format("yuv410p", 8, 4)})
    with pytest.raises(GraphError, match=r"input 'camera': an array of shape \(4,\) .* is no frame"):
        opens(CAMERA, "o: {type: output, in: camera}", camera=np.zeros(4, np.uint8))


def test_without_a_program_an_input_can_be_planned_and_not_run() -> None:
    plan = compile(INVERT)
    assert plan.sources["camera"].describe == "given by the program, gray 8x4"
    with pytest.raises(GraphError, match=r"no program (gives it|takes its) frames"):
        INVERT.open().wait()


def test_a_file_is_brought_onto_the_clock_of_the_program() -> None:
    mixed = graph(
        "camera: {type: input, size: 64x48, format: gray}",
        "v: {type: testsrc, size: 64x48, length: 20}",
        "g: {type: gray, in: v}",
        "a: {type: align, in: {reference: camera, image: g}}",
        "b: {type: absdiff, in: [camera, a]}",
        "result: {type: output, in: b}",
    )
    black = np.zeros((48, 64), np.uint8)
    with mixed.session() as session:
        frames = [session.step(camera=black)["result"] for _ in range(3)]
        assert all(frame is not None for frame in frames)
        last = frames[-1]
        assert last is not None
        assert last.data.any()
    assert engine_threads() == []


def written(path: Path) -> int:
    with av.open(str(path)) as file:
        return len(list(file.decode(video=0)))


RECORD = graph(
    "camera: {type: input, size: 64x48, format: bgr24}",
    "a: {type: advance, in: camera, frames: 3}",
    "file: {type: sink, in: a, path: a.mkv, codec: ffv1}",
    "result: {type: output, in: camera}",
)
PICTURE = np.zeros((48, 64, 3), np.uint8)


def test_leaving_the_block_ends_the_stream_and_finishes_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with RECORD.session() as session:
        for _ in range(10):
            session.step(camera=PICTURE)
    assert [path.name for path in tmp_path.iterdir()] == ["a.mkv"]
    assert written(tmp_path / "a.mkv") == 10
    assert session.report is not None
    assert session.report.outputs[0].startswith("a.mkv: 10 frames")
    session.close()


def test_an_exception_leaves_a_partial_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ZeroDivisionError), RECORD.session() as session:
        for _ in range(10):
            session.step(camera=PICTURE)
        raise ZeroDivisionError
    assert [path.name for path in tmp_path.iterdir()] == ["a.partial.mkv"]
    assert engine_threads() == []


def test_a_session_that_nobody_holds_lets_go_of_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    session = RECORD.session()
    for _ in range(10):
        session.step(camera=PICTURE)
    del session
    wait_for_threads()
    assert [path.name for path in tmp_path.iterdir()] == ["a.partial.mkv"]


def test_a_node_that_fails_ends_the_session() -> None:
    with stepped(wire("r", Raises(at=2), image="camera"), wire("out", Collect(), image="r")) as session:
        for k in range(2):
            session.step(camera=gray(k))
        with pytest.raises(RunError, match=r"node 'r' \(raises\) failed at frame 2 "):
            session.step(camera=gray(2))
        with pytest.raises(GraphError, match="the session is over"):
            session.step(camera=gray(3))
    assert COLLECTED["out"].ended == "aborted"
    assert values() in ([], [0], [0, 1])  # what was on its way to the sink is dropped


def test_a_sink_that_fails_ends_the_session() -> None:
    """Its own thread fails; the session hears of it at one of the next steps."""
    with stepped(wire("out", Collect(fail_at=3), image="camera")) as session:  # noqa: SIM117 what fails is inside
        with pytest.raises(RunError, match="the disk is full"):
            for k in range(100):
                session.step(camera=gray(k))
    assert COLLECTED["out"].ended == "aborted"


def test_what_a_watcher_raises_ends_the_session() -> None:
    with INVERT.session() as session:
        session.control.watcher = Breaks()
        with pytest.raises(RunError, match="a watcher broke"):
            session.step(camera=gray(0))
        with pytest.raises(GraphError, match="the session is over"):
            session.step(camera=gray(0))


class Breaks:
    """A watcher that raises."""

    def wants(self, pass_index: int, index: int) -> bool:
        raise RunError("a watcher broke")

    def fired(self, firing: object) -> None:
        raise AssertionError


def test_a_session_is_cancelled_from_elsewhere() -> None:
    with INVERT.session() as session:
        session.step(camera=gray(0))
        session.control.cancel()
        with pytest.raises(RunError, match="interrupted at frame 1"):
            session.step(camera=gray(0))


def test_the_status_counts_the_steps() -> None:
    with INVERT.session() as session:
        for k in range(7):
            session.step(camera=gray(k))
        status = session.control.status()
    assert (status.frames, status.index, status.passes) == (7, 6, 1)
    assert [node.fired for node in status.nodes] == [7, 7, 7]
    assert status.pool_bytes <= status.peak_bytes <= status.bound_bytes
