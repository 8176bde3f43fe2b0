"""One browser for all tests of the page, and a graph with its clip for each."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from debug_graphs import Files, write_files
from playwright.sync_api import Browser, expect, sync_playwright

expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser() -> Generator[Browser]:
    """Debian's chromium, headless."""
    found = shutil.which("chromium")
    assert found, "the tests of the page need chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A graph file and its clip."""
    return write_files(tmp_path)
