"""The page in a real browser: what a person does there, and what he sees."""

from __future__ import annotations

import re
from collections.abc import Generator

import pytest
from debug_graphs import FRAMES, LEVELS, Files, serving
from playwright.sync_api import Browser, Locator, Page, expect

from flowgraph_tools.debug.session import Session

LAST = FRAMES - 1


@pytest.fixture
def page(browser: Browser, files: Files) -> Generator[Page]:
    """The page of the graph, while it runs in a loop. A script that fails fails the test."""
    with serving(Session(files.target(), loop=True)) as server:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.goto(server.address)
        expect(card(page, "light")).to_be_visible()
        yield page
        page.close()
    assert wrong == []


def card(page: Page, name: str) -> Locator:
    return page.locator(f'.node[data-name="{name}"]')


def mode(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-mode", name)


def go_to(page: Page, frame: int) -> None:
    page.locator("#frame").fill(str(frame))
    page.locator("#frame").press("Enter")
    mode(page, "paused")
    expect(page.locator("body")).to_have_attribute("data-frame", str(frame))


def pick(page: Page, name: str, frame: int) -> None:
    """Open a node's picture, and wait until it is the exact one of that frame."""
    card(page, name).press("Enter")
    shown(page, frame)


def shown(page: Page, frame: int) -> None:
    expect(page.locator(f'#panel [data-index="{frame}"][data-exact="true"]')).to_be_visible()


def probe(page: Page, x: int, y: int) -> str:
    """Move the probe to a pixel by its keys, and read what it says."""
    view = page.locator(".view")
    at = view.bounding_box()
    assert at is not None
    view.click(position={"x": (x + 0.5) * at["width"] / 64, "y": (y + 0.5) * at["height"] / 48})
    expect(page.locator("#probe")).to_contain_text(f"x {x} y {y}")
    return page.locator("#probe").inner_text()


def test_the_pictures_change_while_it_runs(page: Page) -> None:
    mode(page, "running")
    image = page.locator('.node[data-name="video"] image')
    expect(image).to_have_attribute("href", re.compile("blob:"))
    first = image.get_attribute("href")
    assert first
    expect(image).not_to_have_attribute("href", first)
    expect(card(page, "glow")).to_have_attribute(
        "aria-label", re.compile(r"glow, blur: [\d.]+ milliseconds a frame, [\d.]+ % of the time")
    )


def test_pause_step_and_step_back(page: Page) -> None:
    page.keyboard.press("Space")
    mode(page, "paused")
    go_to(page, 10)
    page.locator("#step").click()
    expect(page.locator("body")).to_have_attribute("data-frame", "11")
    page.keyboard.press("ArrowRight")
    expect(page.locator("body")).to_have_attribute("data-frame", "12")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("body")).to_have_attribute("data-frame", "11")
    expect(card(page, "video")).to_have_attribute("data-picture", "11")
    mode(page, "paused")


def test_the_probe_tells_the_known_value_of_a_pixel(page: Page) -> None:
    go_to(page, 21)
    pick(page, "video", 21)
    assert "R 200 G 100 B 126" in probe(page, 10, 20)
    assert "in memory: B 0 G 126 R 0" in probe(page, 40, 20)
    pick(page, "moved", 21)
    # Frame 21 less frame 18 is 18 in blue, and twice that 36.
    assert "R 0 G 0 B 36" in probe(page, 10, 20)


def test_going_back_gives_the_same_bits(page: Page) -> None:
    go_to(page, 30)
    pick(page, "light", 30)
    first = page.locator("#bits").inner_text()
    go_to(page, 5)
    shown(page, 5)
    assert page.locator("#bits").inner_text() != first
    go_to(page, 30)
    shown(page, 30)
    expect(page.locator("#bits")).to_have_text(first)


def test_a_live_parameter_changes_the_picture_and_is_listed_with_its_frame(page: Page) -> None:
    go_to(page, 20)
    pick(page, "mask", 20)
    # At 50 % neither 120 nor 0 is white.
    assert "R 255 G 0 B 0" in probe(page, 10, 20)
    page.locator("#tab-params").click()
    page.locator("#param-level").fill("30%")
    page.locator("#param-level").press("Enter")
    page.locator("#tab-picture").click()
    expect(page.locator("#probe")).to_contain_text("R 255 G 255 B 255")
    page.keyboard.press("Escape")
    page.locator("#tab-edits").click()
    expect(page.locator("#panel")).to_contain_text("mask.level = 30%")
    expect(page.locator("#panel")).to_contain_text("from frame 20")
    expect(page.locator("#yaml")).to_have_text("  mask:  {type: threshold, in: video, level: 30%}")


def test_a_parameter_that_is_not_live_compiles_again_at_the_same_frame(page: Page) -> None:
    go_to(page, 25)
    pick(page, "glow", 25)
    before = page.locator("#bits").inner_text()
    page.locator("#tab-params").click()
    page.locator("#param-sigma").fill("6")
    page.locator("#param-sigma").press("Enter")
    expect(page.locator("body")).to_have_attribute("data-version", "2")
    page.locator("#tab-picture").click()
    shown(page, 25)
    expect(page.locator("#bits")).not_to_have_text(before)
    expect(page.locator("body")).to_have_attribute("data-frame", "25")


def test_a_wrong_value_is_refused_in_place(page: Page) -> None:
    go_to(page, 3)
    pick(page, "glow", 3)
    page.locator("#tab-params").click()
    page.locator("#param-sigma").fill("soft")
    page.locator("#param-sigma").press("Enter")
    expect(page.locator(".param .wrong:visible")).to_contain_text("sigma")


def test_a_broken_file_shows_its_located_error_and_the_old_graph_runs_on(page: Page, files: Files) -> None:
    mode(page, "running")
    files.graph.write_text(LEVELS.replace("in: mask", "in: maks"))
    problem = page.locator("#problem")
    expect(problem).to_contain_text("no node is called 'maks'")
    expect(problem).to_contain_text("graph.yaml:11:27")
    expect(problem).to_contain_text("did you mean 'mask'")
    mode(page, "running")
    files.graph.write_text(LEVELS.replace("title: Levels", "title: Repaired"))
    expect(page.locator("#title")).to_have_text("Repaired")
    expect(problem).to_be_hidden()


def test_it_stops_at_the_frame_where_a_condition_holds(page: Page) -> None:
    page.keyboard.press("Space")
    mode(page, "paused")
    go_to(page, 0)
    page.locator("#tab-stops").click()
    page.locator("#panel select").select_option("video")
    page.locator("#condition").fill("most >= 216 and frame < 39")
    page.locator("#panel form button").click()
    expect(page.locator(".edit code")).to_have_text("video: most >= 216 and frame < 39")
    page.locator("#toggle").click()
    expect(page.locator("#problem")).to_contain_text("stopped at frame 36")
    expect(page.locator("body")).to_have_attribute("data-frame", "36")
    page.locator("#condition").fill("most >")
    page.locator("#panel form button").click()
    expect(page.locator(".wrong")).to_contain_text("character 7")


def test_two_nodes_are_compared_at_the_same_frame(page: Page) -> None:
    go_to(page, 20)
    pick(page, "video", 20)
    page.locator("#against").select_option("past")
    page.locator("#compare").select_option("difference")
    # Each pixel has changed by 18 in one channel.
    expect(page.locator("#panel")).to_contain_text("3,072 pixels differ, at most by 18, 6.00 in the mean")


def test_everything_about_a_node_is_told(page: Page) -> None:
    card(page, "glow").press("Enter")
    page.locator("#tab-facts").click()
    for text in ("Blur a picture", "{type: blur, in: mask, sigma: 2}", "graph.yaml:11", "bgr24 64x48"):
        expect(page.locator("#panel")).to_contain_text(text)


def test_the_search_finds_nodes_and_the_keys_open_them(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("blur")
    expect(page.locator(".search output")).to_have_text("1 of 8")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("glow")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.locator("#panel h2")).to_have_text("Overview")


def test_it_stays_at_the_last_frame_when_it_does_not_loop(page: Page) -> None:
    page.locator("#loop").click()
    mode(page, "ended")
    expect(page.locator("body")).to_have_attribute("data-frame", str(LAST))
    expect(card(page, "light")).to_have_attribute("data-picture", str(LAST))
