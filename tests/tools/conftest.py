"""Pages opened in a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tool_pages import Open


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens pages; at the end of the test they must have been silent and must have loaded nothing."""
    wrong: list[str] = []
    pages: list[Page] = []

    def opened(html: str) -> Page:
        file = tmp_path / "page.html"
        file.write_text(html, "utf-8")
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda request: wrong.append(request.url))
        pages.append(page)
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready=yes]")
        wrong.remove(file.as_uri())
        return page

    yield opened
    for page in pages:
        page.close()
    assert [text for text in wrong if not text.startswith("data:")] == []
