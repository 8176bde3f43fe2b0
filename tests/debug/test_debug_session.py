"""Going to a frame, stepping and changing give the exact frames, whatever was done before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from debug_graphs import FRAMES, LEVELS, Files, write_files
from debug_viewer import viewing

from flowgraph import compute_frame, load
from flowgraph_tools.debug.examining import fingerprint
from flowgraph_tools.debug.session import Session

TWO_PASSES = """\
flowgraph: 1
params:
  input: {type: path}
nodes:
  video:      {type: source, path: $input, format: bgr24}
  background: {type: flatten, in: video, mode: mean}
  apart:      {type: absdiff, in: [background, video]}
  lit:        {type: contrast, in: apart, amount: 2}
  out:        {type: sink, in: lit, path: out.mp4}
"""
STATE = LEVELS.replace("{type: blur, in: mask, sigma: 2}", "{type: low_pass, in: mask, time: 3}")
MERGED = """\
flowgraph: 1
params:
  input: {type: path}
nodes:
  video:    {type: source, path: $input}
  negative: {type: invert, in: video}
  half:     {type: mix, in: negative, weights: [0.5]}
  out:      {type: sink, in: half, path: out.mp4}
"""


def test_each_frame_has_the_bits_that_compute_frame_gives(files: Files) -> None:
    graph = load(files.graph)
    with viewing(Session(files.target())) as viewer:
        for frame in (30, 7, 31):
            viewer.go_to(frame)
            expected = compute_frame(graph, {"input": files.clip}, node="light", at=frame)
            assert viewer.bits("light", frame) == fingerprint(expected)


def test_a_node_with_a_state_has_the_same_bits_after_going_back(tmp_path: Path) -> None:
    files = write_files(tmp_path, STATE)
    with viewing(Session(files.target())) as viewer:
        viewer.go_to(12)
        before = viewer.bits("glow", 12)
        viewer.go_to(30)
        viewer.go_to(11)
        viewer.ask("step")
        viewer.stands(12)
        assert viewer.bits("glow", 12) == before


def test_steps_go_on_by_so_many_frames(files: Files) -> None:
    with viewing(Session(files.target())) as viewer:
        viewer.go_to(4)
        viewer.ask("step", frames=3)
        viewer.stands(7)
        viewer.ask("back")
        viewer.stands(6)


def test_a_live_change_counts_from_its_frame_on(files: Files) -> None:
    with viewing(Session(files.target())) as viewer:
        viewer.go_to(21)
        before = viewer.bits("mask", 21)
        assert viewer.ask("set", node="mask", param="level", value="20%")["from"] == 21
        viewer.stands(21)
        changed = viewer.bits("mask", 21)
        assert changed != before
        viewer.go_to(20)
        earlier = viewer.bits("mask", 20)
        viewer.ask("reset")
        viewer.stands(20)
        assert viewer.bits("mask", 20) == earlier
        viewer.go_to(21)
        assert viewer.bits("mask", 21) == before


def test_the_stills_of_an_earlier_pass_are_used_again(tmp_path: Path) -> None:
    files = write_files(tmp_path, TWO_PASSES)
    with viewing(Session(files.target())) as viewer:
        viewer.until("state", lambda s: s["mode"] == "ended")
        viewer.go_to(9)
        lit = compute_frame(load(files.graph), {"input": files.clip}, node="lit", at=9)
        assert viewer.bits("lit", 9) == fingerprint(lit)
        viewer.ask("set", node="lit", param="amount", value="3")
        viewer.stands(9)
        state = viewer.last["state"]
        # The pass that makes the background ran once.
        assert state["nodes"]["background"][0] == FRAMES
        background = compute_frame(load(files.graph), {"input": files.clip}, node="background", at=0)
        assert viewer.bits("background", 0) == fingerprint(background)


def test_a_still_is_pictured_though_the_run_begins_at_a_later_frame(tmp_path: Path) -> None:
    files = write_files(tmp_path, TWO_PASSES)
    with viewing(Session(files.target())) as viewer:
        viewer.go_to(20)
        viewer.until("pictures", lambda p: "background" in p["nodes"])


def test_a_node_without_a_step_is_computed_at_the_side(tmp_path: Path) -> None:
    files = write_files(tmp_path, MERGED)
    with viewing(Session(files.target())) as viewer:
        graph = viewer.until("graph", lambda _: True)
        assert [node["taken"] for node in graph["nodes"] if node["name"] == "half"] == [["negative"]]
        viewer.go_to(10)
        found = viewer.ask("frame", node="negative", index=10)
        assert found["aside"]
        assert viewer.ask("probe", node="negative", index=10, x=3, y=3)["rgb"] == [55, 155, 195]
        assert viewer.ask("details", node="negative")["merged"]


def test_a_condition_stops_at_the_first_frame_where_it_holds(files: Files) -> None:
    with viewing(Session(files.target())) as viewer:
        viewer.go_to(0)
        viewer.ask("stop_at", stops=[{"node": "video", "expression": "most >= 206"}])
        viewer.ask("run")
        viewer.stands(35)
        assert viewer.last["state"]["problem"]["node"] == "video"
        # It holds there no more once it was told: the run goes on.
        viewer.ask("stop_at", stops=[])
        viewer.ask("run")
        viewer.until("state", lambda s: s["mode"] == "ended")


def test_the_last_frames_stay_when_it_is_over(files: Files) -> None:
    with viewing(Session(files.target())) as viewer:
        state = viewer.until("state", lambda s: s["mode"] == "ended")
        assert (state["frame"], state["total"]) == (FRAMES - 1, FRAMES)
        last = FRAMES - 1
        pictures = viewer.until("pictures", lambda p: p["nodes"].get("light", {}).get("index") == last)
        assert pictures["nodes"]["light"]["jpeg"][:2] == b"\xff\xd8"


def test_nothing_is_written_unless_that_is_asked_for(
    files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    with viewing(Session(files.target())) as viewer:
        viewer.until("state", lambda s: s["mode"] == "ended")
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    with viewing(Session(replace(files.target(), write=True))) as viewer:
        viewer.until("state", lambda s: s["mode"] == "ended")
        refused = viewer.ask("seek", frame=3)["error"]["message"]
        assert "start without --write" in refused
    assert (tmp_path / "out.mp4").stat().st_size > 0


def test_a_run_that_nobody_watches_is_not_watched(files: Files) -> None:
    session = Session(files.target(), loop=True)
    assert (session.mode, session.watched) == ("waiting", False)
    session.attach(lambda kind, message: None)
    assert session.watched
    session.attach(None)
    assert not session.watched
    session.close()


def test_a_failing_node_is_named_and_the_run_goes_on_after_a_change(tmp_path: Path) -> None:
    files = write_files(tmp_path, LEVELS)
    (tmp_path / "frame020.png").write_bytes(b"no picture")
    with viewing(Session(files.target())) as viewer:
        state = viewer.until("state", lambda s: s["mode"] == "failed")
        assert "frame020.png" in state["problem"]["message"]
        assert state["problem"]["from"] == "run"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"do": "set", "node": "glow", "param": "sigma", "value": "-1"}, "sigma"),
        ({"do": "set", "node": "glow", "param": "sgima", "value": "1"}, "has no parameter 'sgima'"),
        ({"do": "set", "node": "glwo", "param": "sigma", "value": "1"}, "no node 'glwo'"),
        ({"do": "seek"}, "KeyError: 'frame'"),
        ({"do": "frame", "node": "light", "index": 1000}, "'light' has no frame 1000"),
        ({"do": "probe", "node": "light", "index": 3, "x": 64, "y": 0}, "outside of 64x48"),
        ({"do": "dance"}, "nothing is called 'dance'"),
        ({"do": "stop_at", "stops": [{"node": "glow", "expression": "__import__"}]}, "__import__"),
    ],
)
def test_what_can_not_be_is_refused_and_the_run_goes_on(
    files: Files, asked: dict[str, object], told: str
) -> None:
    with viewing(Session(files.target(), loop=True)) as viewer:
        what = str(asked.pop("do"))
        assert told in viewer.ask(what, **asked)["error"]["message"]
        assert viewer.ask("stalls")["tokens"] is not None
