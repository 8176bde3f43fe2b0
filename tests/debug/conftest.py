"""A graph with its clip for each test of the page."""

from __future__ import annotations

from pathlib import Path

import pytest
from debug_graphs import Files, write_files
from playwright.sync_api import expect

expect.set_options(timeout=30_000)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """A graph file and its clip."""
    return write_files(tmp_path)
