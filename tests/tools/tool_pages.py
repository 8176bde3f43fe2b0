"""How tests open pages, and what they ask of them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

Open = Callable[[str], Page]
"""Opens an html text as a file, at 1440x900; anything that the page reports or asks of a network fails."""

SHOWN = """
const shown = (node) => [...node.querySelectorAll("text")]
  .filter((text) => getComputedStyle(text).display !== "none")
  .map((text) => [text.textContent, text.getBoundingClientRect()])
  .filter(([, box]) => box.width);
"""
"""The texts of a node that can be seen, with their boxes."""

INSIDE = f"""() => {{ {SHOWN}
  return [...document.querySelectorAll(".node")].flatMap((node) => {{
    const card = node.querySelector(".card").getBoundingClientRect();
    return shown(node).filter(([, box]) =>
      box.left < card.left || box.right > card.right || box.bottom > card.bottom + 1).map(([text]) => text);
  }});
}}"""
"""Texts that leave their card."""

COLLIDING = f"""() => {{ {SHOWN}
  return [...document.querySelectorAll(".node")].flatMap((node) => {{
    const texts = shown(node);
    return texts.flatMap(([one, a], i) => texts.slice(i + 1).filter(([, b]) =>
      a.left < b.right && b.left < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom)
      .map(([two]) => [one, two]));
  }});
}}"""
"""Pairs of texts of a card that lie on each other."""

IN_SIGHT = """() => {
  const frame = document.getElementById("frame").getBoundingClientRect();
  return [...document.querySelectorAll(".node, .lane")].every((each) => {
    const box = each.getBoundingClientRect();
    return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top
      && box.bottom <= frame.bottom;
  });
}"""
"""Whether all nodes and lanes can be seen."""
