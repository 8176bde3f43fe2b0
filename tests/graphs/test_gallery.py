"""The gallery shows every bundled graph, names parameters that exist, and is made by its script."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import cv2
import pytest
from bundled_runs import GRAPHS

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "EFFECTS.md").read_text("utf-8")
ENTRIES = {entry.partition("\n")[0]: entry for entry in re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]}


def script(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the script that makes the gallery's pictures."""
    call = [sys.executable, str(DOCS / "make_gallery.py"), *words]
    return subprocess.run(call, check=False, capture_output=True, text=True)


def worth_changing(name: str) -> list[str]:
    """The parameters that an entry names after `Worth changing:`; brackets hold their values."""
    _, _, rest = ENTRIES[name].partition("Worth changing:")
    outside = re.sub(r"\([^()]*\)", "", rest.partition("\n\n")[0])
    return [word for word in re.findall(r"`([^`]+)`", outside.partition(";")[0]) if "=" not in word]


def test_every_bundled_graph_has_one_entry() -> None:
    assert sorted(re.findall(r"^### (.*)$", PAGE, re.MULTILINE)) == sorted(GRAPHS)


@pytest.mark.parametrize("name", GRAPHS)
def test_an_entry_has_its_picture_which_is_small(name: str) -> None:
    assert re.findall(r"!\[What .* makes\]\((.*)\)", ENTRIES[name]) == [f"effects/{name}.jpg"]
    picture = cv2.imread(str(DOCS / "effects" / f"{name}.jpg"))
    assert picture is not None
    height, width = picture.shape[:2]
    assert width == 480 and 100 <= height <= 600


def test_the_pictures_are_those_of_the_page_and_take_little_room() -> None:
    files = list((DOCS / "effects").iterdir())
    assert {path.name for path in files} == {f"{name}.jpg" for name in GRAPHS}
    assert sum(path.stat().st_size for path in files) < 2_500_000


@pytest.mark.parametrize("name", GRAPHS)
def test_the_parameters_that_an_entry_names_exist(name: str) -> None:
    known = {param.name for param in GRAPHS[name].params}
    named = worth_changing(name)
    assert named or "Nothing to change" in ENTRIES[name]
    assert [word for word in named if word not in known] == []
    settings = re.findall(r"`([a-z_0-9]+)=[^`]*`", ENTRIES[name])
    # These two are names of FFmpeg's filters.
    assert [word for word in settings if word not in known | {"lagfun", "edgedetect"}] == []


@pytest.mark.parametrize("page", ["EFFECTS.md", "GRAPHS.md"])
def test_links_of_the_pages_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    heads = [head.lower().replace(" ", "-") for head in re.findall(r"^#+ (.*)$", text, re.MULTILINE)]
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links
    for link in links:
        assert link[1:] in heads if link.startswith("#") else (DOCS / link).exists()


def test_the_script_makes_the_pictures_that_the_page_shows(tmp_path: Path) -> None:
    names = ("demo", "optical_flow_arrows")
    ended = script(*names, "--into", str(tmp_path))
    assert (ended.returncode, ended.stderr) == (0, "")
    for name in names:
        made = cv2.imread(str(tmp_path / f"{name}.jpg"))
        shown = cv2.imread(str(DOCS / "effects" / f"{name}.jpg"))
        assert made is not None and shown is not None
        assert made.shape == shown.shape
        assert float(cv2.absdiff(made, shown).mean()) < 2


def test_the_script_refuses_a_graph_that_it_has_no_picture_of(tmp_path: Path) -> None:
    ended = script("nonesuch", "--into", str(tmp_path))
    assert (ended.returncode, list(tmp_path.iterdir())) == (2, [])
    assert "no picture is planned for nonesuch" in ended.stderr
