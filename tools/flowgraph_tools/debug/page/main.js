// The page: what is heard goes to its parts, what is asked goes to the engine.

import { Link } from "./link.js";
import { Graph } from "./graph.js";
import { Bar } from "./bar.js";
import { Inspector } from "./inspector.js";
import { Overview } from "./overview.js";
import { keys } from "./keys.js";

class App {
  constructor() {
    this.theme(this.wanted());
    const panel = document.getElementById("panel");
    this.drawing = new Graph(document.getElementById("canvas"), (name) => this.pick(name), () => this.looked());
    this.bar = new Bar((what, more) => this.act(what, more), this.drawing.pictures);
    this.inspector = new Inspector(panel, this);
    this.overview = new Overview(panel, this);
    this.link = new Link((message) => this.hear(message));
    this.picked = null;
    this.overview.show();
    keys(this);
  }

  hear(message) {
    if (message.is === "graph") this.draw(message);
    if (message.is === "state") this.update(message);
    if (message.is === "pictures") {
      this.drawing.show(message.nodes);
      if (this.picked && (message.nodes[this.picked] || this.inspector.frame)) this.inspector.refresh();
      document.body.dataset.pictures = Number(document.body.dataset.pictures || 0) + 1;
    }
    if (message.is === "lost" && this.state) this.update({ ...this.state, mode: "lost", problem: { message: "The engine is gone.", hint: "The page comes back by itself when it does.", place: {}, from: "run", node: "" } });
  }

  draw(graph) {
    this.graph = graph;
    this.bar.graph(graph);
    this.drawing.draw(graph);
    document.body.dataset.version = graph.version;
    const known = graph.nodes.some((node) => node.name === this.picked || node.taken.includes(this.picked));
    if (this.picked && !known) this.pick(null);
    else if (this.picked) this.inspector.show(this.picked);
    else this.overview.show();
    this.look();
  }

  update(state) {
    const before = this.state && this.state.mode;
    this.state = state;
    this.bar.update(state);
    this.drawing.update(state);
    if (this.picked) this.inspector.update(state);
    else this.overview.update(state);
    if (before !== state.mode) document.getElementById("live").textContent = `${state.mode}, frame ${state.frame}`;
  }

  pick(name) {
    this.picked = name;
    this.drawing.mark(name);
    if (name) { this.drawing.reveal(name); this.inspector.show(name); if (this.state) this.inspector.update(this.state); } else this.overview.show();
    this.look();
  }

  slowest() {
    const [first] = Object.entries((this.state && this.state.nodes) || {}).sort((a, b) => b[1][3] - a[1][3]);
    if (first) this.pick(first[0]);
  }

  // Tell the engine whose pictures are seen, soon but not at every step of a movement.
  looked() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.look(), 250);
  }

  look() {
    if (!this.link || !this.graph || !this.graph.can.steer) return;
    const focus = this.picked ? [this.picked, this.inspector.against].filter(Boolean) : [];
    this.link.ask("look", { visible: this.drawing.visible(), focus, paced: Boolean(this.pacing) }).catch(() => {});
  }

  async act(what, more = {}) {
    if (what === "theme") { this.theme(document.documentElement.dataset.theme === "dark" ? "light" : "dark", true); return; }
    if (what === "help") { document.getElementById("help").showModal(); return; }
    if (what === "pick") { this.pick(more.node); return; }
    if (what === "pace") { this.pacing = !(this.state && this.state.paced); this.look(); return; }
    try {
      await this.link.ask(what, more);
    } catch (error) {
      if (this.state) this.update({ ...this.state, problem: { ...error, from: "call", node: "" } });
    }
  }

  wanted() {
    const chosen = localStorage.getItem("flowgraph theme");
    return chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  }

  theme(name, keep = false) {
    document.documentElement.dataset.theme = name;
    if (keep) localStorage.setItem("flowgraph theme", name);
  }
}

globalThis.app = new App();
