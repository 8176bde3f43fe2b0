// The drawing: lanes, edges and cards, and what changes on them while the graph runs.

import { el, percent, svg } from "./words.js";
import { View } from "./view.js";
import { card, clip } from "./card.js";

export class Graph {
  constructor(host, pick, changed) {
    this.host = host;
    this.pick = pick;
    this.layer = svg("g");
    this.root = svg("svg", { role: "group", "aria-label": "Graph" }, ground(), this.layer);
    this.view = new View(this.root, this.layer, () => changed());
    this.cards = new Map();
    this.edges = [];
    this.pictures = new Map();
    this.full = el("span", {}, "50 % and more");
    this.found = el("output", { "aria-live": "polite" });
    this.search = el("input", { type: "search", placeholder: "Search nodes  /", "aria-label": "Search nodes", oninput: () => this.find(), onkeydown: (event) => this.searched(event) });
    const tool = (label, text, act) => el("button", { title: label, "aria-label": label, onclick: act }, text);
    host.append(
      this.root,
      el("div", { class: "search" }, this.search, this.found),
      el("div", { class: "tools" }, tool("Zoom in (+)", "+", () => this.view.zoom(1.25)), tool("Zoom out (−)", "−", () => this.view.zoom(0.8)), tool("Show all (F)", "Fit", () => this.view.fit())),
      el("div", { class: "legend", title: "Share of the time of all nodes" }, "time", el("span", {}, "0 %"), el("i"), this.full),
    );
    this.root.addEventListener("click", (event) => {
      if (this.view.moved < 4 && !event.target.closest(".node")) pick(null);
    });
  }

  draw(graph) {
    this.graph = graph;
    this.cards.clear();
    this.layer.replaceChildren();
    this.layer.classList.toggle("laned", graph.lanes.length > 0);
    for (const lane of graph.lanes) this.layer.append(laneOf(lane));
    this.edges = graph.edges.map((edge) => {
      const drawn = edgeOf(edge);
      this.layer.append(drawn.group);
      return drawn;
    });
    for (const node of graph.nodes) {
      const drawn = card(node, (name) => this.pick(name));
      drawn.group.addEventListener("keydown", (event) => this.walk(event, node));
      this.cards.set(node.id, drawn);
      this.layer.append(drawn.group);
      const picture = this.pictures.get(node.name);
      if (picture) drawn.show(picture);
    }
    // Names and reasons are cut where the letters of this machine need more room than was planned.
    for (const drawn of this.cards.values()) drawn.trim();
    for (const edge of this.edges) edge.lines.forEach((line) => clip(line, edge.room));
    this.view.size(...graph.size);
    this.view.fit();
    this.mark(this.picked);
  }

  cardsOf(name) {
    return [...this.cards.values()].filter((drawn) => drawn.node.name === name);
  }

  // New pictures; old ones stay where there is none.
  show(nodes) {
    for (const [name, picture] of Object.entries(nodes)) {
      const old = this.pictures.get(name);
      if (picture.jpeg && picture.jpeg.length) picture.url = URL.createObjectURL(new Blob([picture.jpeg], { type: "image/jpeg" }));
      this.pictures.set(name, picture);
      for (const drawn of this.cardsOf(name)) drawn.show(picture);
      if (old && old.url) setTimeout(() => URL.revokeObjectURL(old.url), 1000);
    }
    for (const drawn of this.cards.values()) {
      const read = this.graph.edges.filter((edge) => edge.to === drawn.node.id).map((edge) => this.cards.get(edge.from));
      drawn.lose(Boolean(drawn.flat) && read.length > 0 && read.every((before) => before.flat === ""));
    }
  }

  update(state) {
    const rows = Object.entries(state.nodes);
    const [slowest, most] = rows.reduce((first, [name, row]) => (row[3] > first[1] ? [name, row[3]] : first), ["", 0]);
    // Among many nodes the slowest has a small share, and must still be seen at once.
    const full = Math.min(0.5, Math.max(0.08, most));
    this.full.textContent = full === 0.5 ? "50 % and more" : percent(full);
    const stands = most > 1.5 / Math.max(1, rows.length) ? slowest : "";
    for (const drawn of this.cards.values()) {
      const row = state.nodes[drawn.node.name];
      if (row) drawn.update(row, drawn.node.name === stands, state, full);
      drawn.group.classList.toggle("failed", Boolean(state.problem) && state.problem.from !== "condition" && state.problem.node === drawn.node.name);
    }
    for (const edge of this.edges) {
      const row = state.nodes[edge.edge.source];
      const index = row && row[6] !== null && row[6] !== undefined ? `#${row[6]}` : "#–";
      if (edge.index && !edge.edge.still) edge.index.textContent = index;
    }
  }

  mark(name) {
    this.picked = name;
    for (const drawn of this.cards.values()) drawn.mark(name);
    const ids = new Set(this.cardsOf(name).map((drawn) => drawn.node.id));
    for (const { edge, group } of this.edges) group.classList.toggle("near", ids.has(edge.from) || ids.has(edge.to));
  }

  reveal(name) {
    const [drawn] = this.cardsOf(name);
    if (drawn) this.view.show(drawn.node.area);
  }

  // Names whose cards can be seen and are large enough for a picture.
  visible() {
    return [...new Set([...this.cards.values()].filter((drawn) => this.view.sees(drawn.node.area)).map((drawn) => drawn.node.name))];
  }

  matches() {
    const text = this.search.value.trim().toLowerCase();
    if (!text) return null;
    return [...this.cards.values()].filter(({ node }) => [node.name, node.type, ...node.taken].some((word) => word.toLowerCase().includes(text)));
  }

  find() {
    const matches = this.matches();
    for (const drawn of this.cards.values()) drawn.group.classList.toggle("faint", Boolean(matches) && !matches.includes(drawn));
    this.found.textContent = matches ? `${matches.length} of ${this.cards.size}` : "";
    this.at = -1;
  }

  searched(event) {
    const matches = this.matches();
    if (event.key === "Escape") { this.search.value = ""; this.find(); this.search.blur(); }
    if (event.key === "Enter" && matches && matches.length) {
      this.at = (this.at + (event.shiftKey ? -1 : 1) + matches.length) % matches.length;
      this.pick(matches[this.at].node.name);
      this.view.show(matches[this.at].node.area);
    }
    event.stopPropagation();
  }

  // Enter opens a node; arrow keys with alt go along the edges.
  walk(event, node) {
    if (event.key === "Enter") this.pick(event.target.dataset.name || node.name);
    if (!event.altKey || !event.key.startsWith("Arrow")) return;
    const side = { ArrowRight: ["from", "to"], ArrowLeft: ["to", "from"] }[event.key];
    const next = side && this.graph.edges.find((edge) => edge[side[0]] === node.id);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    const drawn = this.cards.get(next[side[1]]);
    drawn.group.focus();
    this.view.show(drawn.node.area);
  }
}

function ground() {
  const pattern = svg("pattern", { id: "dots", width: 22, height: 22, patternUnits: "userSpaceOnUse" }, svg("circle", { class: "dot", cx: 2, cy: 2, r: 1 }));
  return svg("g", {}, svg("defs", {}, pattern), svg("rect", { width: "100%", height: "100%", fill: "url(#dots)" }));
}

function laneOf({ title, reason, area: [x, y, width, height] }) {
  const said = svg("text", { x: x + 12, y: y + 19 }, svg("tspan", { class: "name" }, title), svg("tspan", { dx: 8 }, reason));
  return svg("g", { class: "lane" }, svg("rect", { x, y, width, height, rx: 10 }), said);
}

function edgeOf(edge) {
  const group = svg("g", { class: `edge${edge.still ? " still" : ""}` });
  const numbers = edge.path.match(/-?[\d.]+/g).map(Number);
  const [x, y] = numbers.slice(-2);
  group.append(
    svg("title", {}, `${edge.format}\nclock: ${edge.clock}${edge.history ? `\nhistory: ${edge.history} past frames` : ""}${edge.tap ? `\nread ${edge.tap} frames later` : ""}`),
    svg("path", { d: edge.path }),
    svg("circle", { class: "tip", cx: x, cy: y, r: 3 }),
  );
  const floating = !edge.label;
  group.classList.toggle("floating", floating);
  const width = 6.4 * Math.max(...edge.lines.map((text) => text.length)) + 6;
  const box = edge.label || [...middle(numbers), width, 13.5 * edge.lines.length + 4];
  const [left, above, room, height] = floating ? [box[0] - box[2] / 2, box[1] - box[3] / 2, box[2], box[3]] : box;
  const lines = edge.lines.map((text, i) => svg("text", { x: left + room / 2, y: above + 12 + 13.5 * i }, text));
  const index = lines[edge.lines.findIndex((text) => text === "still" || text.startsWith("#"))];
  index.classList.add("index");
  group.append(svg("rect", { class: "ground", x: left, y: above, width: room, height, rx: 4 }), ...lines);
  return { edge, group, lines, index, room };
}

// A point about half way along a path of cubic curves: a start, then three points for each.
function middle(numbers) {
  const curves = (numbers.length - 2) / 6;
  const at = 6 * Math.floor(curves / 2);
  const points = numbers.slice(at, at + 8);
  const along = curves % 2 ? [1 / 8, 3 / 8, 3 / 8, 1 / 8] : [1, 0, 0, 0];
  return [0, 1].map((axis) => along.reduce((sum, part, i) => sum + part * points[2 * i + axis], 0));
}
