"""The page of a run, as `flowgraph run --report` writes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tool_graphs import GLOW, broken_clip_graph
from tool_pages import COLLIDING, IN_SIGHT, INSIDE, Open

from flowgraph.cli.main import main


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text(GLOW)
    assert main(["run", "a.yaml", "--report", "a.html", "-q", "--set", "soft.sigma=8"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "a.yaml"]
    assert capsys.readouterr() == ("", "")
    return Path("a.html").read_text("utf-8")


def test_a_report_shows_the_graph_with_pictures_and_times(report: str, open_page: Open) -> None:
    tab = open_page(report)
    assert tab.evaluate(IN_SIGHT)
    assert tab.locator(".node .time").count() == tab.locator(".node").count()
    assert tab.locator(".node[data-id='1:soft'] image").count() == 1
    assert tab.locator(".node[data-id='1:light>yuv420p'] image").count() == 0
    side = tab.locator("#side").inner_text()
    for text in ("finished", "frames\n12", "of at most", "null: 12 frames", "soft.sigma\n8"):
        assert text in side


def test_no_text_of_a_report_leaves_its_card_or_lies_on_another(report: str, open_page: Open) -> None:
    tab = open_page(report)
    for _ in range(10):
        assert tab.evaluate(INSIDE) == []
        assert tab.evaluate(COLLIDING) == []
        tab.keyboard.press("-")


def test_a_node_shows_pictures_of_the_whole_run_and_its_times(report: str, open_page: Open) -> None:
    tab = open_page(report)
    tab.locator(".node[data-id='1:soft']").click()
    assert tab.locator("#side figcaption").all_inner_texts() == [
        f"frame {index}" for index in (0, 2, 4, 7, 9, 11)
    ]
    assert "95 % below" in tab.locator("#side").inner_text()
    loaded = "() => [...document.images].every((image) => image.complete && image.naturalWidth === 64)"
    tab.wait_for_function(loaded)


def test_a_node_at_which_pictures_are_lost_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open
) -> None:
    monkeypatch.chdir(tmp_path)
    lost = GLOW.replace("type: blur, in: change, sigma: 3", "type: threshold, in: change, level: 99%")
    Path("a.yaml").write_text(lost.replace("top: soft, bottom: mean", "top: soft, bottom: soft"))
    assert main(["run", "a.yaml", "--report", "a.html", "-q"]) == 0
    tab = open_page(Path("a.html").read_text("utf-8"))
    assert tab.locator(".node.lost title").all_text_contents() == ["soft"]
    assert tab.locator(".badge-text").all_text_contents() == ["all black"]


def test_plan_file_and_versions_are_folded_away(report: str, open_page: Open) -> None:
    tab = open_page(report)
    assert tab.locator("#side details > summary").all_inner_texts() == ["PLAN", "GRAPH FILE", "VERSIONS"]
    assert not tab.get_by_text("2 passes, 2 frames on the way").is_visible()
    tab.get_by_text("Versions").click()
    assert tab.get_by_text("numpy").is_visible()


def test_a_run_that_failed_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_page: Open) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run", str(broken_clip_graph(tmp_path)), "--report", "a.html", "-q"]) == 1
    tab = open_page(Path("a.html").read_text("utf-8"))
    side = tab.locator("#side").inner_text()
    assert "failed" in side
    assert "cut.mkv" in side
