"""Traces that are written while a graph runs, and what is read from them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from tool_graphs import GLOW, broken_clip_graph, glow, glow_plan

from flowgraph.cli.drawing import draw_plan
from flowgraph.cli.main import main
from flowgraph.cli.recorders import Recorded
from flowgraph.document.load import loads
from flowgraph.errors import FlowgraphError, GraphError
from flowgraph.executor.control import Control
from flowgraph.live import Change, LiveParameters
from flowgraph.plan import Plan
from flowgraph.session import compile, execute
from flowgraph_tools.facts import plan_facts
from flowgraph_tools.trace.perfetto import events, write_perfetto
from flowgraph_tools.trace.reader import Changed, Trace
from flowgraph_tools.trace.sampling import is_due, pictures_each
from flowgraph_tools.trace.writer import TraceWriter


def traced(path: Path, plan: Plan, *changes: Change) -> Trace:
    control = Control()
    live = LiveParameters(plan.network, changes, plan.formats) if changes else None
    writer = TraceWriter(path, Recorded(glow(), plan, "Glow", {"x": 1}, {}, control, live))
    control.watcher = writer
    try:
        writer.ended(execute(plan, control=control, live=live), None)
    except FlowgraphError as error:
        writer.ended(None, error)
    return Trace.read(path)


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    """The trace of twelve frames, on two workers."""
    return traced(tmp_path_factory.mktemp("trace") / "a.fgt", glow_plan(threads=2))


def test_a_trace_holds_the_plan_as_it_was_drawn_and_known(trace: Trace) -> None:
    plan = glow_plan(threads=2)
    drawn = draw_plan(plan, "Glow")
    assert [box for group in trace.drawing.groups for box in group.boxes] == [
        box for group in drawn.groups for box in group.boxes
    ]
    assert [wire.lines for wire in trace.drawing.wires] == [wire.lines for wire in drawn.wires]
    assert trace.facts == plan_facts(plan)
    assert trace.header["values"] == {"x": "1"}
    assert trace.header["plan_record"]["bound_bytes"] == plan.bound_bytes


def test_every_firing_is_there_with_its_worker_and_times(trace: Trace) -> None:
    soft = trace.firings[trace.firings["node"] == trace.nodes.index("1:soft")]
    assert sorted(soft["frame"].tolist()) == list(range(12))
    assert set(trace.firings["worker"].tolist()) <= {0, 1}
    for worker in (0, 1):
        own = trace.firings[(trace.firings["worker"] == worker) & (trace.firings["pass"] == 1)]
        ends = own["started"] + own["seconds"] + own["waited"]
        assert (ends[:-1] <= own["started"][1:] + 1e-4).all()


def test_measures_add_up_and_grow_with_time(trace: Trace) -> None:
    whole = trace.measures()
    assert whole["1:soft"].fired == 12
    assert abs(sum(each.share for each in whole.values()) - 1) < 1e-9
    assert trace.measures(until=0)["1:out"].fired == 0
    assert trace.measures(until=trace.seconds)["1:soft"].fired == 12


def test_pictures_are_in_order_and_the_last_one_before_a_frame_is_found(trace: Trace) -> None:
    found = trace.pictures["1:soft"]
    assert [each.index for each in found] == list(range(12))
    assert (found[3].width, found[3].height, found[3].jpeg[:2]) == (64, 48, b"\xff\xd8")
    assert trace.picture("1:soft", 4) == found[4]
    assert trace.picture("1:soft", 99) == found[11]
    assert trace.picture("0:mean", 0) is not None
    assert trace.picture("1:video>bgr24", 3) is not None
    assert trace.pictures["1:video>bgr24"][3].jpeg == b""


def test_a_trace_tells_how_the_run_ended(trace: Trace) -> None:
    assert (trace.end.state, trace.end.frames, trace.frames) == ("finished", 12, 12)
    assert trace.end.nodes["soft"][0] == 12
    assert trace.moments[-1].pass_index == 1
    assert trace.time_of(0) <= trace.time_of(11) <= trace.seconds


def test_changes_of_parameters_are_kept(tmp_path: Path) -> None:
    plan = compile(loads(GLOW.replace("type: blur, in: change, sigma: 3", "type: threshold, in: change")))
    trace = traced(tmp_path / "a.fgt", plan, Change(4, "soft", "level", "20%"))
    assert trace.changes == (Changed(4, "soft", "level", "20%"),)


def test_a_trace_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    path = tmp_path / "a.fgt"
    whole = traced(path, glow_plan())
    path.write_bytes(path.read_bytes()[:-300])
    broken = Trace.read(path)
    assert broken.end.state == "broken off"
    assert broken.frames <= whole.frames
    assert broken.facts == whole.facts


@pytest.mark.parametrize("content", [b"", b"no trace at all", b"\x93\x01\x02\x03", b"\xc1"])
def test_what_is_no_trace_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.fgt"
    path.write_bytes(content)
    with pytest.raises(GraphError, match="this is no trace"):
        Trace.read(path)


def test_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.fgt"
    path.write_bytes(b"\x93\xaf" + b"flowgraph trace" + b"\x02\x80")
    with pytest.raises(GraphError, match="a trace of version 2; this flowgraph reads up to 1"):
        Trace.read(path)


def test_perfetto_gets_a_track_for_each_worker_and_a_slice_for_each_firing(trace: Trace) -> None:
    found = list(events(trace))
    tracks = {e["tid"]: e["args"]["name"] for e in found if e["name"] == "thread_name"}
    assert set(tracks.values()) <= {"worker 0", "worker 1"}
    slices = [e for e in found if e["ph"] == "X" and e["name"] != "waits"]
    assert len(slices) == len(trace.firings)
    assert {e["tid"] for e in slices} == set(tracks)
    assert sum(e["name"] == "soft" for e in slices) == 12
    assert all(e["ts"] >= 0 and e["dur"] >= 0 for e in slices)
    assert any(e["ph"] == "C" and e["name"] == "buffers in use" for e in found)


def test_what_is_written_for_perfetto_is_json(trace: Trace) -> None:
    file = StringIO()
    write_perfetto(trace, file)
    assert len(json.loads(file.getvalue())["traceEvents"]) == len(list(events(trace)))


def test_pictures_are_of_the_same_frames_in_every_run_and_few() -> None:
    assert [i for i in range(100) if is_due(i, 100, 40)][:4] == [0, 3, 6, 9]
    assert sum(is_due(i, 100_000, 40) for i in range(100_000)) == 40
    unknown = [i for i in range(100_000) if is_due(i, None, 40)]
    assert unknown[:17] == list(range(17))
    assert 100 < len(unknown) < 300


def test_the_more_nodes_the_fewer_pictures_of_each() -> None:
    assert [pictures_each(nodes) for nodes in (0, 8, 60, 200)] == [40, 40, 13, 6]


def test_run_writes_a_trace_and_trace_shows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(GLOW)
    assert main(["run", "a.yaml", "--trace", "a.fgt"]) == 0
    assert capsys.readouterr().err.startswith("a.fgt\n")
    assert main(["trace", "a.fgt"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[1].startswith("finished: 12 frames in ")
    assert any(line.startswith("soft ") for line in shown)
    assert main(["trace", "a.fgt", "-o", "a.json"]) == 0
    assert json.loads(Path("a.json").read_text())["traceEvents"]


def test_a_run_that_fails_leaves_its_trace_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", str(broken_clip_graph(tmp_path)), "--trace", "a.fgt"]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "what happened until then is in a.fgt"
    assert Trace.read(Path("a.fgt")).end.state == "failed"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("trace", "gone.fgt"), "gone.fgt: no such file"),
        (("trace", "gone.fgt", "-o", "a.txt"), "a.txt: a trace becomes one of .json, .html"),
        (("run", "a.yaml", "--trace", "no/a.fgt"), "no/a.fgt: there is no folder 'no'"),
        (("run", "a.yaml", "--trace", "/"), "/: Is a directory"),
        (("run", "a.yaml", "--report", "/"), "/: can't be written"),
        (
            ("run", "a.yaml", "-o", "{name}.mkv", "--report", "a.html"),
            "--report is for one file; leave out {name}",
        ),
    ],
)
def test_a_wrong_call_is_told(
    args: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(GLOW)
    assert main(list(args)) == 2
    assert message in capsys.readouterr().err
