"""Commands that need no engine, as a user calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from cli_plans import Call

from flowgraph import native
from flowgraph.cli.find_graph import bundled
from flowgraph.cli.main import main
from flowgraph.cli.registry import BUILTIN, command
from flowgraph.cli.watch import Watch, files_of
from flowgraph.document.load import load
from flowgraph.library import type_names


def call(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    status = main(args)
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def test_help_imports_nothing_heavy() -> None:
    heavy = ["cv2", "av", "networkx", "pydantic", "numpy", "yaml", "rich"]
    code = (
        "import sys; from flowgraph.cli.main import main; status = main(['--help']);"
        f"found = [name for name in {heavy} if name in sys.modules]; sys.exit(str(found or '') or status)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(name in done.stdout for name in BUILTIN)


@pytest.mark.parametrize("name", BUILTIN)
def test_every_command_is_there_with_its_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = command(name)
    assert found is not None and found.name == name
    status, out, err = call(capsys, name, "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"Usage: flowgraph {name} ")


def install_commands(folder: Path) -> dict[str, str]:
    """Install a package with a command that greets and one that can't be loaded; gives the environment."""
    (folder / "acme.py").write_text(
        "import click\n@click.command()\ndef hello() -> None:\n    'Say hello.'\n    click.echo('hello')\n"
    )
    about = folder / "acme-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[flowgraph.commands]\nhello = acme:hello\nbroken = acme_missing:x\nrun = acme:hello\n"
    )
    return {**os.environ, "PYTHONPATH": str(folder)}


@pytest.mark.parametrize(
    ("args", "shown"),
    [
        (("hello",), "hello\n"),
        (("--help",), "  hello   Say hello.\n"),
        (("--help",), "  broken  (can't be loaded: No module named 'acme_missing')\n"),
        (("run", "--help"), "Usage: flowgraph run "),
    ],
)
def test_commands_of_other_packages_come_in_and_replace_none(
    args: tuple[str, ...], shown: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flowgraph", *args],
        env=install_commands(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown in done.stdout


def test_the_module_runs_like_the_script() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flowgraph", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("flowgraph 0.")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("rnu",), "flowgraph: no command is called 'rnu'\n    did you mean 'run'?\n"),
        (("zzz",), "flowgraph: no command is called 'zzz'\n    'flowgraph --help' lists them\n"),
        (("run", "x", "--max-memroy", "1G"), "flowgraph run: no such option '--max-memroy'\n"
         "    did you mean '--max-memory'?\n"),
        (("run",), "flowgraph run: missing argument 'GRAPH'\n    try: flowgraph run --help\n"),
        (("run", "x", "--max-memory", "much"),
         "flowgraph run: invalid value for '--max-memory': "
         "'much' is no size; write 200MiB, 1.5GB or a number of bytes\n"
         "    try: flowgraph run --help\n"),
        (("run", "x", "--frames", "0"),
         "flowgraph run: invalid value for '--frames': 0 is not in the range x>=1\n"
         "    try: flowgraph run --help\n"),
        (("run", "x", "--set", "codec=1"),
         "flowgraph run: invalid value for '--set': "
         "'codec=1' is not of the form NODE.PARAM=VALUE, as in out.codec=ffv1\n"
         "    try: flowgraph run --help\n"),
        (("nodes", "thresold"), "no node type is called 'thresold'\n    did you mean 'threshold'?\n"),
        (("graphs", "motion_blom"), "no file and no bundled graph is called 'motion_blom'\n"
         "    did you mean 'motion_bloom'?\n"),
        (("check", "nowhere/x.yaml"), "nowhere/x.yaml: no such graph file\n"
         "    there is no folder 'nowhere' either\n"),
        (("check", "motion_bloom.yaml"),
         "motion_bloom.yaml: no such graph file\n"
         "    'motion_bloom' without '.yaml' is the graph that comes with the package\n"),
        (("new", "graph.txt"), "graph.txt: a graph file ends in .yaml\n    flowgraph new graph.yaml\n"),
        (("new", "nowhere/a.yaml"), "nowhere/a.yaml: there is no folder 'nowhere'\n"),
        (("schema", "-o", "nowhere/a.json"), "nowhere/a.json: there is no folder 'nowhere'\n"),
        (("show", "demo", "-o", "a.bmp"),
         "a.bmp: a drawing is one of svg, png, dot, mermaid, html\n"
         "    --format says which; as an extension: .svg .png .dot .gv .mmd .mermaid .html\n"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_one_clear_message(
    args: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert call(capsys, *args) == (2, "", message)


def test_nodes_says_which_parameters_are_live(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "nodes", "switch")
    lines = [line.strip() for line in out.splitlines()]
    assert [line.partition(":")[0] for line in lines if line.endswith("; live")] == ["choice"]


def test_nodes_lists_every_type_once(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "nodes")
    listed = [line.split()[0] for line in out.splitlines() if line.startswith("  ")]
    assert (status, sorted(listed)) == (0, sorted(type_names()))


def test_a_node_is_described_with_parameters_bounds_ports_and_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    status, out, _ = call(capsys, "nodes", "delay")
    assert status == 0
    lines = out.splitlines()
    assert lines[0] == "delay: Show the picture of some frames ago."
    assert "  frames: frames, or a time such as 200ms; default 1; the one of the short form" in lines
    assert "  fill: first | black | none; default first" in lines
    assert "  in   image    any format" in lines
    assert lines[-2:] == ["example", "  past: {type: delay, in: video, frames: 5}"]


@pytest.mark.parametrize("name", type_names())
def test_every_type_can_be_described(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = call(capsys, "nodes", name)
    assert (status, err) == (0, "")
    assert "\nports\n" in out


def test_graphs_lists_all_that_come_with_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "graphs")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines() if line[:1] != " "] == list(bundled())
    assert "motion_bloom" in bundled()


def test_graphs_prints_the_file_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "graphs", "motion_bloom")
    assert (status, out) == (0, bundled()["motion_bloom"].read_text(encoding="utf-8"))


def test_schema_is_json_and_names_every_type(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "schema")
    assert status == 0
    assert all(f'"{name}"' in out for name in type_names())
    assert json.loads(out)["$schema"].startswith("https://json-schema.org/")


def test_new_starts_a_graph_and_never_writes_over_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(capsys, "new", "mine.yaml")[0] == 0
    assert next(entry.name for entry in load("mine.yaml").nodes) == "video"
    assert "flowgraph run mine.yaml" in Path("mine.yaml").read_text()
    Path("mine.yaml").write_text("precious")
    assert call(capsys, "new", "mine.yaml") == (
        2,
        "",
        "mine.yaml is already there\n    choose another name, or remove it first\n",
    )
    assert Path("mine.yaml").read_text() == "precious"


def test_the_template_takes_a_video_when_two_lines_change_places(tmp_path: Path) -> None:
    main(["new", str(tmp_path / "mine.yaml")])
    text = (tmp_path / "mine.yaml").read_text().replace("  video: {type: testsrc, length: 6s}\n", "")
    (tmp_path / "mine.yaml").write_text(text.replace("# input:", "input:").replace("# video:", "video:"))
    graph = load(tmp_path / "mine.yaml")
    assert next(param.name for param in graph.params) == "input"
    assert next(entry.type for entry in graph.nodes if entry.name == "video") == "source"


def test_a_watch_sees_the_file_and_those_it_uses(tmp_path: Path) -> None:
    outer, inner = tmp_path / "outer.yaml", tmp_path / "inner.yaml"
    outer.write_text("flowgraph: 1\nnodes: {a: {use: inner.yaml}, out: {type: sink, in: a, path: 'null'}}\n")
    inner.write_text("flowgraph: 1\nnodes: {b: {type: testsrc}}\noutputs: {image: b}\n")
    assert files_of(outer) == (outer, inner)
    watch = Watch(outer)
    assert not watch.changed()
    inner.write_text("flowgraph: 1\nnodes: {longer: {type: testsrc}}\noutputs: {image: longer}\n")
    assert watch.changed()
    watch.wait()
    assert not watch.changed()


def test_doctor_finds_what_a_run_needs(capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = call(capsys, "doctor")
    assert (status, err) == (0, "")
    first = {line.split()[1] for line in out.splitlines()}
    assert {"flowgraph", "Python", "numpy", "opencv-python", "av", "h264", "ffv1", "cores", "memory"} <= first
    assert out.splitlines()[-1] == "everything that a run needs is there"


def test_doctor_tells_whether_native_code_is_in_use(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {
        "": "good native code in use; FLOWGRAPH_NATIVE=0 in the environment switches them off",
        "not built": "note native code not built; runs are slower, with the same results",
    }
    for reason, line in said.items():
        monkeypatch.setattr(native, "why_not", lambda reason=reason: reason)
        _, out, _ = call(capsys, "doctor")
        assert line in [" ".join(found.split()) for found in out.splitlines()]


def test_the_frame_of_a_videogram_is_as_wide_as_the_clip_is_long(folder: Path, call: Call) -> None:
    given = ("-i", "clip.mkv", "-p", "stretch=none", "--node", "upright", "-o", "gram.png")
    assert call("frame", "videograms", *given)[0] == 0
    picture = cv2.imread(str(folder / "gram.png"))
    assert picture is not None
    assert picture.shape == (48, 20, 3)
