"""What the documentation shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from cli_plans import Call

from flowgraph.cli.registry import BUILTIN

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "graph-files.md").read_text(encoding="utf-8")
TEMPLATE = (ROOT / "flowgraph" / "cli" / "template.yaml").read_text(encoding="utf-8")
GRAPHS = re.findall(r"```yaml\n(flowgraph: 1\n.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", [text for text in GRAPHS if "inputs:" not in text])
def test_every_graph_on_the_page_is_a_good_one(text: str, folder: Path, call: Call) -> None:
    (folder / "soft.yaml").write_text(next(text for text in GRAPHS if "inputs:" in text))
    (folder / "page.yaml").write_text(text.replace("clip.mp4", "clip.mkv"))
    given = ("-i", "clip.mkv") if "$input" in text else ()
    status, out, err = call("check", "page.yaml", *given)
    assert (status, err) == (0, "") and out.startswith("page.yaml: good; ")


def test_the_page_shows_graphs() -> None:
    assert len(GRAPHS) == 4


def test_the_readme_lists_every_command() -> None:
    table = README[README.index("## Commands") : README.index("GRAPH is a file")]
    assert [name for name in BUILTIN if not re.search(rf"`{name}\b", table)] == []


def test_the_readme_shows_the_template_as_it_is() -> None:
    shown = re.search(r"Its nodes are:\n\n```yaml\nnodes:\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    lines = [" ".join(line.split()) for line in TEMPLATE.splitlines()]
    assert [line for line in shown[1].splitlines() if " ".join(line.split()) not in lines] == []


def graph_of_the_readme() -> str:
    """The template after what the README tells to do with it."""
    replaced = re.search(r"Replace the line `light` by two:\n\n```yaml\n(.*?)```", README, re.DOTALL)
    assert replaced is not None
    return re.sub(r"  light: .*\n", replaced[1], TEMPLATE)


def test_the_graph_that_the_readme_ends_with_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("trails.yaml").write_text(graph_of_the_readme())
    given = ("--set", "video.size=64x48", "--frames", "8")
    assert call("run", "trails.yaml", "-o", "trails.mkv", *given)[0] == 0


def test_the_error_in_the_readme_is_what_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("trails.yaml").write_text(graph_of_the_readme().replace("where]", "wher]"))
    status, _, err = call("check", "trails.yaml")
    shown = re.search(r"```\n(trails\.yaml:.*?)```", README, re.DOTALL)
    assert shown is not None
    assert (status, err) == (2, shown[1])


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", README))
def test_links_of_the_readme_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
