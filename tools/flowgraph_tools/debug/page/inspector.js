// The panel of one node: its picture, its parameters, and what is known about it.

import { el, ms, percent } from "./words.js";
import { Picture } from "./picture.js";
import { histogram, waveform } from "./charts.js";
import { param } from "./params.js";
import { facts } from "./facts.js";

const EXACT = ["paused", "ended", "failed"];

export class Inspector {
  constructor(host, app) {
    Object.assign(this, { host, app, tab: "picture", mode: "wipe", against: "" });
    this.picture = new Picture((x, y) => this.point(x, y));
    this.title = el("h2");
    this.kind = el("span", { class: "kind" });
    this.mark = el("span", { class: "mark", hidden: true, title: "The run has no such picture: it is computed beside it, as the graph means it" }, "computed at the side");
    this.wide = el("button", { class: "plain", title: "Wide (W)", "aria-label": "Wide", onclick: () => this.widen() }, "⤢");
    const head = el("div", { class: "head" }, this.title, this.kind, this.mark, el("span", { class: "spring" }), this.wide, el("button", { class: "plain", title: "Back to the overview (Esc)", "aria-label": "Back to the overview", onclick: () => app.pick(null) }, "✕"));
    this.tabs = {};
    const tabs = el("div", { class: "tabs", role: "tablist" });
    for (const [name, label] of [["picture", "Picture"], ["params", "Parameters"], ["facts", "About"]]) {
      this.tabs[name] = el("button", { role: "tab", id: `tab-${name}`, onclick: () => this.open(name) }, label);
      tabs.append(this.tabs[name]);
    }
    this.body = el("div", { class: "body", role: "tabpanel" });
    this.root = el("div", { style: "display: contents" }, head, tabs, this.body);
    this.build();
  }

  build() {
    this.which = el("select", { "aria-label": "Compare with", id: "against", onchange: () => this.compare() });
    this.how = el("select", { "aria-label": "How to compare", id: "compare", onchange: () => { this.mode = this.how.value; this.refresh(true); } }, el("option", { value: "wipe" }, "wipe"), el("option", { value: "difference" }, "difference"));
    this.times = el("div", { class: "line" });
    this.line = el("div", { class: "line note" });
    this.probed = el("div", { class: "probe", id: "probe", "aria-live": "polite" }, "point at a pixel");
    this.plots = el("div", { class: "plots" });
    this.numbers = el("div");
    const zoom = (label, text, act) => el("button", { onclick: act, title: label, "aria-label": label }, text);
    const zooms = el("div", { class: "zooms" }, zoom("Zoom in", "+", () => this.picture.zoom(1.5)), zoom("Zoom out", "−", () => this.picture.zoom(1 / 1.5)), zoom("Fit", "Fit", () => this.picture.fit()));
    this.sheet = el("div", {}, this.times, el("div", { class: "frame" }, this.picture.host, zooms),
      el("div", { class: "line" }, el("label", { for: "against" }, "against"), this.which, this.how),
      this.line, this.probed, this.plots, this.numbers);
  }

  compare() {
    this.against = this.which.value;
    this.how.hidden = !this.against;
    this.app.look();
    this.refresh(true);
  }

  async show(name) {
    const fresh = name !== this.name;
    this.name = name;
    if (fresh) { this.at = null; this.frame = null; this.probed.textContent = "point at a pixel"; this.plots.replaceChildren(); this.numbers.replaceChildren(); this.picture.say("…"); }
    if (this.root.parentNode !== this.host) this.host.replaceChildren(this.root);
    this.title.textContent = name;
    this.kind.textContent = "";
    const others = [...new Set(this.app.graph.nodes.filter((node) => !node.small).map((node) => node.name))].filter((other) => other !== name);
    if (!others.includes(this.against)) this.against = "";
    this.how.hidden = !this.against;
    // Of a run that is over there are only thumbnails.
    this.which.parentNode.hidden = this.probed.hidden = !this.app.graph.can.live;
    this.which.replaceChildren(el("option", { value: "" }, "nothing"), ...others.map((other) => el("option", { value: other, selected: other === this.against }, other)));
    await this.details();
    if (name === this.name) this.open(this.tab);
  }

  async details() {
    const { name } = this;
    try {
      const known = await this.app.link.ask("details", { node: name });
      if (name !== this.name) return;
      this.known = known;
      this.kind.textContent = known.type;
    } catch (error) {
      this.known = null;
      this.picture.say(error.message);
    }
  }

  open(tab) {
    this.tab = tab;
    for (const [name, button] of Object.entries(this.tabs)) button.setAttribute("aria-selected", name === tab);
    if (tab === "picture") { this.body.replaceChildren(this.sheet); this.refresh(true); }
    else if (!this.known) this.body.replaceChildren();
    else if (tab === "params") this.body.replaceChildren(...this.params());
    else this.body.replaceChildren(...facts(this.known));
  }

  params() {
    const { edits } = this.app.state;
    const { can } = this.app.graph;
    const editable = (given) => can.edit || given.live;
    const made = this.known.parameters.map((given) => param(
      { ...given, edited: edits.some((edit) => edit.node === this.known.name && edit.param === given.name) },
      (name, value) => this.app.link.ask("set", { node: this.known.name, param: name, value }),
      (name) => this.app.link.ask("reset", { node: this.known.name, param: name }).then(() => this.details()),
      editable(given) && can.steer,
    ));
    return made.length ? made : [el("p", { class: "note" }, "This node has no parameters.")];
  }

  update(state) {
    const row = state.nodes[this.name];
    this.times.replaceChildren();
    if (row && row[0]) {
      const said = [`${ms(row[1])} ms a frame`, row[2] === null ? "" : `p95 ${ms(row[2])} ms`, `${percent(row[3])} of the time`];
      this.times.append(...said.filter(Boolean).map((text, i) => el("span", i ? { class: "note" } : {}, text)));
    }
    const key = [state.version, state.mode, EXACT.includes(state.mode) ? state.frame : "", JSON.stringify(state.edits)].join();
    if (key !== this.key) { this.key = key; this.refresh(true); }
  }

  // The frame that the drawing shows of this node, or the source's for a node that has no picture there.
  index() {
    const picture = this.app.drawing.pictures.get(this.name);
    return picture ? picture.index : this.app.state.frame;
  }

  async refresh(now = false) {
    if (!this.name || !this.app.state || this.tab !== "picture") return;
    const exact = EXACT.includes(this.app.state.mode);
    const wait = exact ? 0 : Math.max(500, 30 * (this.cost || 0));
    if (this.asking || (!now && performance.now() - (this.asked || 0) < wait)) { this.again = this.again || now; return; }
    this.asking = true;
    this.asked = performance.now();
    const { name } = this;
    try {
      const merged = this.known && this.known.merged;
      const found = await this.app.link.ask("frame", { node: name, index: exact || merged ? this.index() : null, quick: !exact, against: this.against || null });
      this.cost = performance.now() - this.asked;
      if (name === this.name && !found.none) this.fill(found);
    } catch (error) {
      if (name === this.name) { this.picture.say(error.message); this.line.textContent = error.hint || ""; }
    }
    this.asking = false;
    if (this.again) { this.again = false; this.refresh(true); }
  }

  fill(found) {
    this.frame = found;
    this.mark.hidden = !found.aside;
    this.sheet.dataset.index = found.index;
    this.sheet.dataset.exact = !found.quick;
    if (found.row) {
      this.picture.say(`row of numbers, frame ${found.index}`);
      this.numbers.replaceChildren(table(["column", "value"], Object.entries(found.row).map(([column, value]) => [column, Number(value.toPrecision(7))])));
      this.plots.replaceChildren();
      return;
    }
    const shown = { url: this.url("main", found), width: found.width, height: found.height };
    const other = found.difference ? (this.mode === "difference" ? { url: this.url("other", found.difference) } : { url: this.url("other", found.other) }) : null;
    this.picture.set(shown, other, this.mode, [this.name, this.against]);
    const apart = found.difference;
    const different = apart ? ` · against ${this.against}: ${apart.pixels.toLocaleString("en")} pixels differ, at most by ${apart.most}, ${apart.mean.toFixed(2)} in the mean${this.mode === "difference" && apart.gain > 1 ? ` (shown × ${apart.gain})` : ""}` : "";
    this.line.textContent = `frame ${found.index} · ${found.time.toFixed(3)} s · ${found.format}${found.recorded ? "" : found.quick ? " · exact when paused" : ""}${different}`;
    this.host.dataset.bits = found.statistics ? found.statistics.bits : "";
    if (!found.statistics) { this.plots.classList.add("note"); return; }
    this.plots.replaceChildren(histogram(found.histogram), waveform(found.waveform));
    const { names, rows, bits, scale } = found.statistics;
    const said = scale ? ` · black is ${scale[0].toPrecision(4)}, white ${scale[1].toPrecision(4)}` : "";
    this.numbers.replaceChildren(el("h3", {}, "Samples"), table(["", "least", "mean", "most"], rows.map((row, i) => [names[i], ...row.map((value) => Number(value.toFixed(2)))])), el("p", { class: "note" }, `bits `, el("code", { id: "bits" }, bits), said));
    if (this.picture.at) this.picture.point(...this.picture.at);
  }

  url(which, { picture, kind }) {
    this.urls = this.urls || {};
    const old = this.urls[which];
    if (old) setTimeout(() => URL.revokeObjectURL(old), 1000);
    this.urls[which] = URL.createObjectURL(new Blob([picture], { type: kind }));
    return this.urls[which];
  }

  async point(x, y) {
    if (!this.frame) return;
    try {
      const found = await this.app.link.ask("probe", { node: this.name, index: this.frame.index, x, y });
      const flat = found.planes.flat();
      const native = found.names.map((name, i) => `${name} ${typeof flat[i] === "number" ? Number(flat[i].toPrecision(7)) : "–"}`).join("  ");
      const rgb = found.rgb ? `R ${found.rgb[0]}  G ${found.rgb[1]}  B ${found.rgb[2]}` : "";
      const swatch = el("span", { class: "swatch" });
      if (found.rgb) swatch.style.background = `rgb(${found.rgb})`;
      this.probed.replaceChildren(el("div", {}, swatch, `x ${found.x}  y ${found.y}   ${rgb}`), el("div", { class: "note" }, `in memory: ${native}`));
    } catch (error) {
      this.probed.textContent = error.message;
    }
  }

  widen() {
    const main = document.querySelector("main");
    this.wide.setAttribute("aria-pressed", main.classList.toggle("wide"));
  }
}

export function table(heads, rows) {
  const cells = (tag, values) => el("tr", {}, ...values.map((value, i) => el(tag, { class: i ? "number" : "" }, String(value))));
  return el("table", {}, el("thead", {}, cells("th", heads)), el("tbody", {}, ...rows.map((row) => cells("td", row))));
}

