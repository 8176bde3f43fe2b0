"""Every bundled graph says what it is, can be checked, explained and drawn, and runs as its comment says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import av
import pytest
from bundled_runs import DRAWN, GRAPHS, stand_in

from flowgraph.cli.find_graph import bundled
from flowgraph.cli.main import main

FILES = bundled()


def call(*args: str) -> int:
    """The exit status of flowgraph's command line."""
    try:
        return int(main(list(args)) or 0)
    except SystemExit as end:
        return int(end.code or 0)


def opening(name: str) -> str:
    """The comment that a graph file opens with."""
    lines = FILES[name].read_text("utf-8").splitlines()
    comment = [line for line in lines[: lines.index("")] if line.startswith("#")]
    return "\n".join(line[1:].strip() for line in comment)


def example_calls(name: str) -> list[list[str]]:
    """The calls in that comment, as words, without their own comments."""
    calls = re.findall(r"^flowgraph (run .*)$", opening(name), re.MULTILINE)
    return [shlex.split(line, comments=True) for line in calls]


def clips_read(name: str, clip: Path) -> list[str]:
    """The arguments that give a graph all the videos and pictures that it reads."""
    found = ((param.name, stand_in(param.name, clip)) for param in GRAPHS[name].params)
    return [word for name, path in found if path for word in ("-p", f"{name}={path}")]


def test_the_bundled_graphs_are_those_of_the_articles_and_some_to_begin_with() -> None:
    assert set(FILES) == {
        "average_image", "demo", "keyframe_display", "keyframes", "make_clip", "masks_adaptive_background",
        "masks_first_frame", "motion_bloom", "motion_glow", "motion_mix", "motion_multiply128", "motion_ring",
        "motion_subtract", "motion_tblend", "motion_tmix", "motion_two_heads",
        "virtual_background", "virtual_background_adaptive", "flag_extract", "colour_extract",
        "motion_video", "motiongrams", "motiongrams_live", "videograms", "history", "motion_heatmap",
        "motion_history", "quantity_of_motion", "plate", "masks_mean_background", "masks_median_background",
        "contact_sheet", "stroboscope",
        "motion_expression", "motion_layers", "mixer",
        "low_pass", "high_pass", "band_pass", "channel_delay", "compare_takes", "compare_four_takes",
        "optical_flow", "optical_flow_arrows", "ffmpeg_filter", "motion_magnify",
    }  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_graph_has_the_common_names_and_explains_its_parameters(name: str) -> None:
    graph = GRAPHS[name]
    params = {param.name: param for param in graph.params}
    assert {"video", "out"} <= {node.name for node in graph.nodes}
    assert ("input" in params) == (name not in DRAWN)
    assert not params["output"].required
    assert all(param.help for param in graph.params)
    assert graph.title and graph.about


@pytest.mark.parametrize("name", FILES)
def test_a_graph_passes_the_strict_check_and_is_explained_and_drawn(
    name: str, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    read = clips_read(name, clip)
    assert call("check", name, "--strict", *read) == 0
    capsys.readouterr()
    assert call("plan", name, *read) == 0
    explained = capsys.readouterr().out
    assert "memory: the most that frames and working memory can take" in explained
    for kind in ("svg", "dot", "png"):
        assert call("show", name, *read, "-o", f"graph.{kind}") == 0
        assert Path(f"graph.{kind}").stat().st_size > 100


@pytest.mark.parametrize("name", FILES)
def test_the_calls_in_its_comment_work(
    name: str, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    calls = example_calls(name)
    assert calls[0][:2] == ["run", name]
    for words in calls:
        for place, word in enumerate(words):
            if words[place - 1] == "-i":
                words[place] = str(clip)
            elif words[place - 1] == "-p" and (read := stand_in(word.partition("=")[0], clip)):
                words[place] = f"{word.partition('=')[0]}={read}"
        extra = ["-p", "length=8", "-p", "size=96x64"] if words[1] in DRAWN else ["--frames", "8"]
        assert call(*words, *extra) == 0
        written = words[words.index("-o") + 1]
        first = Path(written % 1) if "%" in written else Path(written)
        if first.suffix == ".csv":
            assert len(first.read_text("utf-8").splitlines()) > 1
            continue
        with av.open(str(first)) as container:
            assert next(container.decode(video=0)).width > 0
