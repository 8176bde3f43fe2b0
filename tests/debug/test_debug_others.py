"""The page of a run that belongs to another program, and of one that is over."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from debug_graphs import FRAMES, Files
from debug_viewer import viewing, watching

from flowgraph import load
from flowgraph.cli.main import main
from flowgraph.errors import GraphError, RunError
from flowgraph_tools import attach
from flowgraph_tools.debug.greet import greet
from flowgraph_tools.debug.replay import Replay


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trace of a run over a drawn clip."""
    folder = tmp_path_factory.mktemp("trace")
    path = folder / "out.fgt"
    given = ("-p", "size=64x48", "-p", "length=20", "-o", "null", "--trace", str(path), "-q")
    assert main(["run", "make_clip", *given]) == 0
    return path


def test_an_embedded_run_is_watched_stepped_and_left_alone(files: Files) -> None:
    graph = load(files.graph)
    seen: list[int] = []

    def read() -> None:
        seen.extend(frame.index for frame in run["light"])

    with graph.open({"input": files.clip}, outputs=["light"], sinks=False) as run, attach.serve(run) as page:
        run.control.pause_at(5)
        assert run.control.watcher is None
        reader = Thread(target=read)
        reader.start()
        with watching(page.address) as viewer:
            graph_message = viewer.until("graph", lambda _: True)
            assert graph_message["can"] == {"seek": False, "edit": False, "steer": True, "live": True}
            viewer.until("state", lambda s: s["mode"] == "paused")
            viewer.ask("look", visible=None, focus=["glow"])
            viewer.ask("step", frames=3)
            pictures = viewer.until("pictures", lambda p: p["nodes"].get("glow", {}).get("index") == 7)
            assert pictures["nodes"]["glow"]["jpeg"]
            assert viewer.ask("frame", node="glow")["index"] == 7
            assert "belongs to another program" in viewer.ask("seek", frame=0)["error"]["message"]
            viewer.ask("run")
            viewer.until("state", lambda s: s["mode"] == "ended")
        reader.join()
    assert seen == list(range(FRAMES))


def test_the_command_greets_a_run_of_another_program(files: Files, capfd: pytest.CaptureFixture[str]) -> None:
    graph = load(files.graph)
    with (
        graph.open({"input": files.clip}, outputs=["light"], sinks=False) as run,
        attach.serve(run, title="mine") as page,
    ):
        assert main(["debug", "--attach", page.address, "--no-browser"]) == 0
        assert capfd.readouterr().err == f"mine: {page.address}\n"
        assert greet(page.address)["title"] == "mine"


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://flowgraph.example:80/token/", "no address of a run on this machine"),
        ("127.0.0.1:80", "no address of a run on this machine"),
        ("http://127.0.0.1:1/token/", "nobody answers there"),
    ],
)
def test_an_address_where_there_is_nothing_is_told(address: str, told: str) -> None:
    with pytest.raises(RunError, match=told):
        greet(address)


def test_a_trace_is_shown_as_it_was(trace: Path) -> None:
    with viewing(Replay(trace)) as viewer:
        graph = viewer.until("graph", lambda _: True)
        assert graph["can"] == {"seek": True, "edit": False, "steer": True, "live": False}
        names = [node["name"] for node in graph["nodes"]]
        assert {"video", "out"} <= set(names)
        viewer.ask("seek", frame=10)
        state = viewer.until("state", lambda s: s["frame"] == 10)
        assert state["mode"] == "paused"
        assert state["total"] == 20
        viewer.ask("step")
        viewer.until("state", lambda s: s["frame"] == 11)
        viewer.ask("back")
        viewer.until("state", lambda s: s["frame"] == 10)
        viewer.ask("run")
        ended = viewer.until("state", lambda s: s["mode"] == "ended")
        assert ended["nodes"]["out"][0] == 20
        assert viewer.ask("frame", node="out")["picture"][:2] == b"\xff\xd8"
        assert viewer.ask("details", node="video")["type"] == "testsrc"
        assert "needs a run" in viewer.ask("set", node="out", param="path", value="a")["error"]["message"]


def test_what_is_no_trace_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.fgt"
    wrong.write_bytes(b"no trace")
    with pytest.raises(GraphError, match="this is no trace"):
        Replay(wrong)
    assert main(["debug", str(wrong), "--no-browser"]) == 2


def test_the_command_wants_a_graph_or_an_address(capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["debug"]) == 2
    assert "give a GRAPH, a trace, or --attach ADDRESS" in capfd.readouterr().err
