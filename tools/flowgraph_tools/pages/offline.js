// The page of a graph or a finished run that was saved to a file.

import { makeView } from "./view.js";
import { nodePanel, wholePanel } from "./panel.js";

const page = JSON.parse(document.getElementById("data").textContent);
const frame = document.getElementById("frame"), side = document.getElementById("side");
const search = document.getElementById("search");
const records = new Map(page.nodes.map((node) => [node.id, node]));

document.getElementById("caption").textContent = page.caption;

function showSide(id) {
  const parts = id ? nodePanel(records.get(id), () => view.choose(null)) : wholePanel(page, pick);
  side.firstElementChild.replaceChildren(...parts);
  side.scrollTop = 0;
}

function pick(id) {
  view.choose(id);
  view.reveal(id);
}

// The details stand beside the graph or below it, where the graph can be drawn larger.
const BELOW = 0.62, SPACE = 48, LARGEST = 1.25;

function arrange() {
  const svg = frame.querySelector("svg"), size = (name) => Number(svg.dataset[name]);
  const main = frame.parentElement, beside = matchMedia("(max-width: 1100px)").matches ? 320 : 380;
  const scale = (width, height) => Math.min(LARGEST, (width - SPACE) / size("width"), (height - SPACE) / size("height"));
  const above = scale(main.clientWidth, main.clientHeight * BELOW);
  const below = above > scale(main.clientWidth - beside, main.clientHeight) * 1.05;
  main.classList.toggle("above", below);
  const height = Math.max(main.clientHeight * 0.3, size("height") * above + SPACE + 16);
  frame.style.height = below ? `${Math.min(main.clientHeight * BELOW, height)}px` : "";
}

frame.addEventListener("moved", (event) => {
  document.getElementById("scale").textContent = `${Math.round(event.detail.scale * 100)} %`;
});
arrange();
addEventListener("resize", arrange);
const view = makeView(frame, frame.querySelector("svg"), showSide);
showSide(null);

function matches(node, words) {
  const text = `${node.name} ${node.type} ${node.aliases.join(" ")}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function look() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const svg = frame.querySelector("svg");
  svg.classList.toggle("searching", words.length > 0);
  const found = page.nodes.filter((node) => words.length > 0 && matches(node, words));
  for (const [id, drawn] of view.nodes) drawn.classList.toggle("found", found.some((node) => node.id === id));
  return found;
}

search.addEventListener("input", look);
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter") {
    const found = look();
    const next = found[(found.findIndex((node) => node.id === view.now) + 1) % (found.length || 1)];
    if (next) pick(next.id);
  } else if (event.key === "Escape") {
    search.value = "";
    look();
    search.blur();
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

function theme(name) {
  document.documentElement.dataset.theme = name;
}
const dark = matchMedia("(prefers-color-scheme: dark)");
theme(dark.matches ? "dark" : "light");
dark.addEventListener("change", () => theme(dark.matches ? "dark" : "light"));

const ACTIONS = {
  "+": () => view.zoom(1.25), "=": () => view.zoom(1.25), "-": () => view.zoom(0.8), 0: () => view.fit(),
  "/": () => search.focus(), Escape: () => view.choose(null),
  t: () => theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark"),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
  if (!(event.key in ACTIONS)) return;
  ACTIONS[event.key]();
  event.preventDefault();
});
for (const [id, key] of [["in", "+"], ["out", "-"], ["scale", "0"], ["theme", "t"]]) {
  document.getElementById(id).addEventListener("click", ACTIONS[key]);
}
document.documentElement.dataset.ready = "yes";
