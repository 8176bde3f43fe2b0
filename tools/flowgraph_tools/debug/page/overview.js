// The panel while no node is picked: the slowest nodes, conditions to stop at, changes, and what stalls.

import { count, el, heat, ms, percent, span } from "./words.js";

const LONG_S = 2;

export class Overview {
  constructor(host, app) {
    Object.assign(this, { host, app, tab: "nodes" });
    this.tabs = {};
    const tabs = el("div", { class: "tabs", role: "tablist" });
    for (const [name, label] of [["nodes", "Nodes"], ["stops", "Stop at"], ["edits", "Changes"], ["stall", "Stall"], ["plan", "Plan"]]) {
      this.tabs[name] = el("button", { role: "tab", id: `tab-${name}`, onclick: () => this.open(name) }, label);
      tabs.append(this.tabs[name]);
    }
    this.body = el("div", { class: "body", role: "tabpanel" });
    this.root = el("div", { style: "display: contents" }, el("div", { class: "head" }, el("h2", {}, "Overview")), tabs, this.body);
    this.rows = new Map();
    this.node = el("select", { "aria-label": "Node" });
    this.text = el("input", { type: "text", placeholder: "ms > 40", "aria-label": "Condition", id: "condition", onkeydown: (event) => event.stopPropagation() });
    this.wrong = el("p", { class: "wrong", role: "alert", hidden: true });
  }

  show() {
    if (this.root.parentNode !== this.host) this.host.replaceChildren(this.root);
    this.open(this.tab);
  }

  open(tab) {
    this.tab = tab;
    this.key = null;
    for (const [name, button] of Object.entries(this.tabs)) button.setAttribute("aria-selected", name === tab);
    clearInterval(this.timer);
    if (tab === "stall") { this.stalls(); this.timer = setInterval(() => { if (this.root.isConnected && this.tab === "stall") this.stalls(); }, 500); }
    if (this.app.state) this.update(this.app.state);
  }

  update(state) {
    for (const name of ["stops", "stall"]) this.tabs[name].hidden = Boolean(this.app.graph) && !this.app.graph.can.live;
    this.tabs.edits.textContent = state.edits && state.edits.length ? `Changes ${state.edits.length}` : "Changes";
    this.tabs.stops.textContent = state.stops && state.stops.length ? `Stop at ${state.stops.length}` : "Stop at";
    if (this.tab === "nodes") this.nodes(state);
    if (this.tab === "stall" || !this.app.graph) return;
    const key = JSON.stringify([this.tab, state.edits, state.stops, state.version]);
    if (this.tab === "nodes" || key === this.key) return;
    this.key = key;
    if (this.tab === "stops") this.body.replaceChildren(...this.stops(state));
    if (this.tab === "edits") this.edits(state);
    if (this.tab === "plan") this.body.replaceChildren(...this.plan());
  }

  nodes(state) {
    const drawn = this.app.graph ? this.names() : {};
    const rows = Object.entries(state.nodes).filter(([name, row]) => row[0] && drawn[name]).sort((a, b) => b[1][3] - a[1][3]);
    if (!rows.length) { this.body.replaceChildren(el("p", { class: "note" }, "No node has worked yet.")); return; }
    const head = el("tr", {}, el("th", {}, "node"), el("th", { class: "number" }, "ms"), el("th", { class: "number" }, "p95"), el("th", { class: "number" }, "share"), el("th", {}));
    const full = Math.min(0.5, Math.max(0.08, rows[0][1][3]));
    const lines = rows.map(([name, [, mean, p95, share]]) => {
      const bar = el("i");
      bar.style.setProperty("--heat", heat(share, full));
      bar.style.width = `${Math.max(1, (100 * share) / rows[0][1][3])}%`;
      return el("tr", { class: "pick", onclick: () => this.app.pick(name) }, el("td", { class: "name", title: name }, el("button", { class: "plain", style: "padding: 0; height: auto" }, name)), el("td", { class: "number" }, ms(mean)), el("td", { class: "number note" }, p95 === null ? "" : ms(p95)), el("td", { class: "number" }, percent(share)), el("td", { class: "shares" }, bar));
    });
    // Whoever is reading with the keyboard stays where he is.
    const at = this.body.contains(document.activeElement) ? document.activeElement.textContent : null;
    this.body.replaceChildren(el("table", {}, el("thead", {}, head), el("tbody", {}, ...lines)), el("p", { class: "note" }, "mean time for a frame, the slowest first; pick a node to see what it does"));
    if (at) [...this.body.querySelectorAll("button")].find((button) => button.textContent === at)?.focus();
  }

  stops(state) {
    const names = Object.keys(this.names());
    this.node.replaceChildren(...names.map((name) => el("option", { value: name }, name)));
    const set = async (stops) => {
      try { await this.app.link.ask("stop_at", { stops }); this.wrong.hidden = true; }
      catch (error) { this.wrong.textContent = error.message; this.wrong.hidden = false; }
    };
    const add = (event) => { event.preventDefault(); set([...state.stops, { node: this.node.value, expression: this.text.value }]); };
    const form = el("form", { class: "line", onsubmit: add }, this.node, this.text, el("button", { type: "submit" }, "Add"));
    const shown = state.stops.map((stop, i) => el("div", { class: "edit" }, el("code", {}, `${stop.node}: ${stop.expression}`), el("button", { class: "plain", "aria-label": "Remove", onclick: () => set(state.stops.filter((_, other) => other !== i)) }, "✕")));
    const words = [["ms", "of this firing"], ["mean, p95", "ms, of its last firings"], ["waited", "ms before its turn"], ["fired", "how often, so far"], ["frame", "the frame's index"], ["least, level, most", "of the picture's levels 0 to 255; level is the mean"]];
    return [
      el("p", {}, "The run pauses when a condition holds after a node has worked on a frame. It always stops where a node fails."), form, this.wrong, ...shown,
      el("h3", {}, "In a condition"), el("table", {}, ...words.map(([word, means]) => el("tr", {}, el("td", {}, el("code", {}, word)), el("td", { class: "note" }, means)))),
      el("p", { class: "note" }, "such as: ms > 40, level < 1 and frame > 100, max(least, 3) == 3"),
    ];
  }

  names() {
    return Object.fromEntries(this.app.graph.nodes.map((node) => [node.name, node]));
  }

  async edits(state) {
    if (!state.edits || !state.edits.length) { this.body.replaceChildren(el("p", { class: "note" }, "No parameter was changed. Pick a node and open Parameters.")); return; }
    const texts = await this.app.link.ask("changes");
    if (this.tab !== "edits") return;
    const copy = (text) => el("button", { onclick: (event) => { navigator.clipboard.writeText(text); event.target.textContent = "Copied"; } }, "Copy");
    const lines = state.edits.map((edit) => el("div", { class: "edit" }, el("code", {}, `${edit.node}.${edit.param} = ${edit.value}`), el("span", { class: "note" }, edit.index < 0 ? "all frames" : `from frame ${edit.index}`), el("button", { class: "plain", "aria-label": `Take back ${edit.node}.${edit.param}`, title: "Take back", onclick: () => this.app.link.ask("reset", { node: edit.node, param: edit.param }) }, "✕")));
    this.body.replaceChildren(
      ...lines, el("div", { class: "line" }, el("span", { class: "spring" }), el("button", { onclick: () => this.app.link.ask("reset") }, "Take all back")),
      el("h3", {}, "As lines of the file"), el("pre", { id: "yaml" }, texts.yaml), copy(texts.yaml),
      el("h3", {}, "For flowgraph run, with the same bits"), el("pre", {}, texts.options.replaceAll(" --", "\n--")), copy(texts.options),
    );
  }

  async stalls() {
    try {
      const { tokens } = await this.app.link.ask("stalls");
      if (this.tab !== "stall") return;
      const open = new Set([...this.body.querySelectorAll("details[open]")].map((item) => item.dataset.frame));
      const rows = tokens.map((token) => {
        const line = el("summary", {}, `frame ${token.frame} · `, el("span", { class: "for" }, span(token.seconds)), ` · ${token.why}`);
        return el("details", { class: `stalled${token.seconds > LONG_S ? " long" : ""}`, "data-frame": token.frame, open: open.has(String(token.frame)) || token.seconds > LONG_S }, line, token.stack.length ? el("pre", {}, token.stack.join("\n")) : el("p", { class: "note" }, "waiting: nothing of it runs"));
      });
      this.body.replaceChildren(el("p", { class: "note" }, "Frames on their way, what each waits for, and where the code is."), ...(rows.length ? rows : [el("p", {}, "No frame is on its way.")]));
    } catch (error) {
      this.body.replaceChildren(el("p", { class: "note" }, error.message));
    }
  }

  plan() {
    const { graph } = this.app;
    const list = (items) => el("ul", {}, ...items.map((item) => el("li", {}, item)));
    const made = [];
    if (graph.about) made.push(el("p", {}, graph.about));
    made.push(el("h3", {}, "Sources"), list(graph.sources.map((source) => `${source.name}: ${source.describe}${source.frames ? `, ${count(source.frames)} frames` : ""}`)));
    if (graph.notes.length) made.push(el("h3", {}, "Decided by the compiler"), list(graph.notes));
    if (graph.warnings.length) made.push(el("h3", {}, "Warnings"), list(graph.warnings));
    made.push(el("h3", {}, "Workers"), el("p", {}, `${graph.workers} ${graph.workers === 1 ? "frame" : "frames"} on the way at a time`));
    made.push(el("p", { class: "note" }, graph.writes ? "This run writes its outputs." : "Nothing is written: outputs are computed and thrown away."));
    return made;
  }
}
