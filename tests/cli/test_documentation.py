"""What the documentation shows works."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flowgraph.cli.registry import BUILTIN
from flowgraph.document.load import loads

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "graph-files.md").read_text(encoding="utf-8")
GRAPHS = re.findall(r"```yaml\n(flowgraph: 1\n.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", GRAPHS)
def test_every_graph_on_the_page_can_be_read(text: str) -> None:
    assert loads(text).nodes


def test_the_page_shows_graphs() -> None:
    assert len(GRAPHS) == 4


def test_the_readme_lists_every_command() -> None:
    table = README[README.index("## Commands") : README.index("GRAPH is a file")]
    assert [name for name in BUILTIN if not re.search(rf"`{name}\b", table)] == []


def test_the_readme_shows_the_template_as_it_is() -> None:
    template = (ROOT / "flowgraph" / "cli" / "template.yaml").read_text(encoding="utf-8")
    shown = re.search(r"Its nodes are:\n\n```yaml\nnodes:\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    lines = [" ".join(line.split()) for line in template.splitlines()]
    assert [line for line in shown[1].splitlines() if " ".join(line.split()) not in lines] == []


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)]+)\)", README))
def test_links_of_the_readme_lead_somewhere(link: str) -> None:
    assert (ROOT / link).exists()
