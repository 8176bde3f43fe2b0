"""Pages that were saved to a file, as a person uses them in a browser."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import Page as Tab
from tool_graphs import glow, glow_plan
from tool_pages import COLLIDING, IN_SIGHT, INSIDE, Open

from flowgraph.cli.drawing import Box, Drawing, Group
from flowgraph.cli.viewers import View
from flowgraph_tools.cards import Measure
from flowgraph_tools.facts import Facts
from flowgraph_tools.offline import Page, Run, to_html
from flowgraph_tools.show import html, plan_page

PLAN = plan_page(glow_plan(), glow(), "Glow & <b>more</b>")
SECONDS = {"1:soft": 0.6, "1:change": 0.1, "1:light": 0.05, "0:mean": 0.05}
RUN = replace(
    PLAN,
    measures={name: Measure(12, seconds, seconds / 0.8) for name, seconds in SECONDS.items()},
    run=Run("finished", 12, 0.9, 100_000, 400_000, ("out.mp4: 12 frames",)),
)


def names(tab: Tab, where: str) -> list[str]:
    return tab.locator(where).all_inner_texts()


def chosen(tab: Tab) -> list[str]:
    return tab.locator(".node.chosen title").all_text_contents()


def test_the_title_is_text_and_all_nodes_are_drawn(open_page: Open) -> None:
    tab = open_page(to_html(PLAN))
    assert tab.title() == "Glow & <b>more</b>"
    assert tab.locator("h1").inner_text() == "Glow & <b>more</b>"
    assert tab.locator(".node").count() == len(PLAN.facts)


def test_no_text_leaves_its_card_or_lies_on_another_from_near_or_far(open_page: Open) -> None:
    for page in (PLAN, RUN):
        tab = open_page(to_html(page))
        for _ in range(12):
            assert tab.evaluate(INSIDE) == []
            assert tab.evaluate(COLLIDING) == []
            tab.keyboard.press("-")
        assert tab.locator("svg.distant").count() == 1


def test_a_node_that_is_clicked_shows_its_lines_parameters_and_reasons(open_page: Open) -> None:
    tab = open_page(to_html(PLAN))
    tab.locator('.node[data-id="1:soft"]').click()
    side = tab.locator("#side").inner_text()
    assert "soft: {type: blur, in: change, sigma: 3}" in side
    assert "bgr24 64x48" in side
    assert "into a buffer of its own" in side
    tab.keyboard.press("Escape")
    assert "soft: {type: blur" not in tab.locator("#side table").first.inner_text()


def test_arrow_keys_go_to_the_neighbour_and_tab_and_enter_choose(open_page: Open) -> None:
    tab = open_page(to_html(PLAN))
    tab.locator('.node[data-id="1:change"]').focus()
    tab.keyboard.press("Enter")
    assert chosen(tab) == ["change"]
    tab.keyboard.press("ArrowRight")
    assert chosen(tab) == ["soft"]
    tab.keyboard.press("ArrowLeft")
    assert chosen(tab) == ["change"]


def test_search_dims_what_does_not_match_and_enter_goes_to_what_does(open_page: Open) -> None:
    tab = open_page(to_html(PLAN))
    tab.keyboard.press("/")
    tab.keyboard.type("blur")
    assert tab.locator(".node.found title").all_text_contents() == ["soft"]
    tab.keyboard.press("Enter")
    assert chosen(tab) == ["soft"]
    tab.keyboard.press("Escape")
    assert tab.locator("svg.searching").count() == 0


def test_the_whole_graph_is_in_sight_at_first_and_after_the_key_for_it(open_page: Open) -> None:
    tab = open_page(to_html(PLAN))
    assert tab.evaluate(IN_SIGHT)
    tab.keyboard.press("+")
    tab.keyboard.press("+")
    tab.keyboard.press("+")
    assert not tab.evaluate(IN_SIGHT)
    tab.keyboard.press("0")
    assert tab.evaluate(IN_SIGHT)


def test_the_slow_node_is_the_hot_one_and_stands_first(open_page: Open) -> None:
    tab = open_page(to_html(RUN))
    assert tab.locator(".node.h5 title").all_text_contents() == ["soft"]
    assert names(tab, "#side tbody tr td:first-child button")[0] == "soft"
    assert "finished" in tab.locator("#side h2").inner_text()


def test_wires_tell_their_format_and_those_of_the_chosen_node_stand_out(open_page: Open) -> None:
    tab = open_page(to_html(PLAN))
    tab.locator('.node[data-id="1:soft"]').click()
    assert tab.locator(".wire.chosen").count() == 2
    titles = tab.locator(".wire title").all_text_contents()
    assert "bgr24 64x48, 9.0 KiB" in titles


def test_light_and_dark_follow_the_system_and_a_key_changes_them(open_page: Open) -> None:
    tab = open_page(to_html(PLAN))
    tab.emulate_media(color_scheme="dark")
    tab.wait_for_selector("html[data-theme=dark]")
    tab.keyboard.press("t")
    assert tab.locator("html[data-theme=light]").count() == 1


def test_hostile_texts_stay_texts(open_page: Open) -> None:
    name = '</script><script>throw 1</script><img src="x" onerror="throw 2">'
    facts = Facts("a", name, "t<", "node", 0, name)
    drawing = Drawing(name, name, (Group("", "", (Box("a", name, "t<", "node"),)),), ())
    tab = open_page(to_html(Page(drawing, {"a": facts}, plan=name, notes=(name,))))
    tab.locator(".node").click()
    assert tab.locator("#side h2").inner_text() == name
    assert tab.locator("img").count() == 0


def test_a_graph_as_written_says_what_its_nodes_do(open_page: Open) -> None:
    tab = open_page(html(View(glow(), None, "Glow")).decode())
    assert "as written" in tab.locator("#caption").inner_text()
    assert "Make one picture of all frames of a stream, each sample by itself." in names(tab, "#side td")
