// Above the graph: transport, figures, position, memory, and what is wrong.

import { clock, count, el, icon, seconds, size, span } from "./words.js";

const SAID = { waiting: "waiting", running: "running", seeking: "going there", pausing: "pausing", paused: "paused", ended: "at the end", failed: "failed", lost: "connection lost" };

export class Bar {
  constructor(act, pictures) {
    Object.assign(this, { act, pictures });
    const button = (name, label, what, more) => el("button", { title: label, "aria-label": label, id: name, onclick: () => act(what, more) }, icon(name));
    this.toggle = el("button", { class: "main", id: "toggle", title: "Run or pause (space)", onclick: () => act(this.running ? "pause" : "run") });
    this.start = button("start", "To the first frame (Home)", "seek", { frame: 0 });
    this.back = button("back", "One frame back (←)", "back");
    this.step = button("step", "One frame on (→)", "step");
    this.loop = el("button", { title: "Begin again at the end (L)", "aria-label": "Loop", id: "loop", onclick: () => act("loop", { on: !this.state.loop }) }, icon("loop"));
    this.paced = el("button", { title: "As fast as the stream's own time, or as fast as it goes (R)", id: "paced", onclick: () => act("pace") }, "1×");
    document.getElementById("transport").append(this.start, this.back, this.toggle, this.step, this.loop, this.paced);
    const figure = (label) => {
      const value = el("b", {}, "–");
      return [el("div", { class: "figure" }, value, el("small", {}, label)), value];
    };
    const [mode, rate, left] = [figure("state"), figure("frames/s"), figure("time left")];
    [this.mode, this.rate, this.left] = [mode[1], rate[1], left[1]];
    mode[0].classList.add("mode");
    this.mode.id = "mode";
    this.theme = el("button", { class: "plain", title: "Light or dark (T)", "aria-label": "Light or dark", onclick: () => act("theme") }, "◐");
    this.help = el("button", { class: "plain", title: "Keys (?)", "aria-label": "Keys", onclick: () => act("help") }, "?");
    document.getElementById("figures").append(mode[0], rate[0], left[0], this.theme, this.help);
    this.timeline();
  }

  timeline() {
    this.slider = el("input", { type: "range", class: "position", min: 0, max: 1, value: 0, "aria-label": "Position", oninput: () => { this.dragged = true; this.frame.value = this.slider.value; }, onchange: () => { this.dragged = false; this.act("seek", { frame: Number(this.slider.value) }); } });
    this.frame = el("input", { type: "number", min: 0, id: "frame", "aria-label": "Frame", onkeydown: (event) => { if (event.key === "Enter") this.act("seek", { frame: Number(this.frame.value) }); event.stopPropagation(); } });
    this.time = el("input", { type: "text", size: 8, id: "time", "aria-label": "Time", onkeydown: (event) => { if (event.key === "Enter") this.goToTime(); event.stopPropagation(); } });
    this.of = el("span", { class: "of" });
    this.pass = el("span", { class: "of" });
    this.now = el("span", { class: "now" });
    this.peak = el("span", { class: "peak" });
    this.bytes = el("span", { id: "bytes" });
    this.track = el("div", { class: "track", role: "meter", "aria-label": "Memory in use", "aria-valuemin": 0 }, this.now, this.peak);
    document.getElementById("timeline").append(
      this.slider, el("label", { for: "frame" }, "frame"), this.frame, this.of, el("label", { for: "time" }, "time"), this.time, this.pass,
      el("div", { class: "memory", title: "Memory in use, its peak, and the bound that the plan promises" }, el("label", {}, "memory"), this.track, this.bytes),
    );
  }

  // The frame's own time where its picture is there, else what the rate says.
  timeOf(frame) {
    const picture = this.pictures.get(this.driver);
    if (picture && picture.index === frame) return clock(picture.time);
    return this.rated ? clock(frame / this.rated) : "";
  }

  goToTime() {
    const time = seconds(this.time.value);
    if (Number.isNaN(time)) this.time.setCustomValidity("a time such as 12.5 or 1:02.5");
    else { this.time.setCustomValidity(""); this.act("seek", { time }); }
    this.time.reportValidity();
  }

  graph(graph) {
    this.rated = graph.rate;
    this.driver = graph.driver;
    document.getElementById("title").textContent = graph.title;
    const file = document.getElementById("file");
    file.textContent = `\u200e${graph.file}`;
    file.title = graph.about || graph.file;
    document.title = `${graph.title} – flowgraph`;
    this.can = graph.can;
    this.fixed = graph.fixed || "";
    for (const part of [this.back, this.start, this.slider, this.frame, this.time]) {
      part.disabled = !graph.can.seek;
      if (!graph.can.seek) part.title = this.fixed;
    }
    for (const part of [this.toggle, this.step]) part.disabled = !graph.can.steer;
    this.loop.hidden = !graph.can.seek;
    this.paced.hidden = !graph.rate || !graph.can.live;
  }

  update(state) {
    this.state = state;
    this.running = ["running", "seeking", "pausing"].includes(state.mode);
    const word = this.running ? "Pause" : "Run";
    if (this.toggle.dataset.word !== word) {
      this.toggle.dataset.word = word;
      this.toggle.replaceChildren(icon(this.running ? "pause" : "run"), word);
    }
    this.mode.textContent = SAID[state.mode];
    document.body.dataset.mode = state.mode;
    document.body.dataset.frame = state.frame;
    this.rate.textContent = state.mode === "running" || state.mode === "seeking" ? (state.rate >= 100 ? state.rate.toFixed(0) : state.rate.toFixed(1)) : "–";
    this.left.textContent = state.left === null ? "–" : span(state.left);
    this.loop.setAttribute("aria-pressed", state.loop);
    this.paced.setAttribute("aria-pressed", state.paced);
    if (state.total) this.slider.max = state.total - 1;
    this.slider.disabled = !this.can || !this.can.seek || !state.total;
    if (!this.dragged) this.slider.value = state.frame;
    if (document.activeElement !== this.frame && !this.dragged) this.frame.value = state.frame;
    if (document.activeElement !== this.time) this.time.value = this.timeOf(state.frame);
    this.of.textContent = state.total ? `of ${count(state.total)}` : "";
    this.pass.textContent = state.passes > 1 ? `pass ${state.pass + 1} of ${state.passes}` : "";
    const bound = state.bound || 1;
    this.now.style.width = `${Math.min(100, (100 * state.bytes) / bound)}%`;
    this.peak.style.width = `${Math.min(100, (100 * state.peak) / bound)}%`;
    this.bytes.textContent = state.bound ? `${size(state.bytes)} of ${size(state.bound)}` : "–";
    this.track.setAttribute("aria-valuenow", state.bytes);
    this.track.setAttribute("aria-valuemax", state.bound);
    this.problem(state.problem);
  }

  problem(problem) {
    const key = JSON.stringify(problem || null);
    if (key === this.told) return;
    this.told = key;
    const box = document.getElementById("problem");
    box.hidden = !problem;
    if (!problem) return;
    box.className = problem.from;
    const { place } = problem;
    const said = el("div", { class: "said" }, el("b", {}, problem.message));
    if (place && place.file) {
      said.append(" ", el("span", { class: "where" }, `${place.file}:${place.line}:${place.column}`));
      const indent = place.text.length - place.text.trimStart().length;
      const caret = " ".repeat(Math.max(0, place.column - 1 - indent)) + "^".repeat(Math.max(1, place.length));
      said.append(el("pre", {}, `${place.text.trim()}\n`, el("span", { class: "caret" }, caret), " ", el("span", { class: "hint" }, problem.hint)));
    } else if (problem.hint) said.append(el("div", { class: "hint" }, problem.hint));
    if (problem.from === "file") said.append(el("div", { class: "where" }, "The graph as it was before goes on; save the file again when it is right."));
    const node = problem.node ? el("button", { onclick: () => this.act("pick", { node: problem.node }) }, `Show '${problem.node}'`) : null;
    box.replaceChildren(said, ...(node ? [node] : []), el("button", { "aria-label": "Dismiss", title: "Dismiss", onclick: () => this.act("dismiss") }, "✕"));
  }
}
