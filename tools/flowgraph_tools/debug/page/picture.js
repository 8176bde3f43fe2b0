// One frame at full size: zoom, pan, a pixel probe, and a second frame beside it or taken from it.

import { el } from "./words.js";

export class Picture {
  constructor(probe) {
    this.probe = probe;
    this.image = el("img", { alt: "", draggable: "false" });
    this.second = el("img", { alt: "", draggable: "false", hidden: true });
    this.seam = el("div", { class: "seam", hidden: true, role: "slider", tabindex: 0, "aria-label": "Wipe", "aria-valuemin": 0, "aria-valuemax": 100 });
    this.left = el("span", { class: "side", hidden: true });
    this.right = el("span", { class: "side", hidden: true });
    this.left.style.left = "6px";
    this.right.style.right = "6px";
    this.cross = el("div", { class: "cross", hidden: true });
    this.empty = el("div", { class: "empty" }, "no frame yet");
    this.host = el("div", { class: "view", tabindex: 0, role: "img", "aria-label": "Frame; arrow keys move the probe" }, this.image, this.second, this.cross, this.seam, this.left, this.right, this.empty);
    Object.assign(this, { width: 1, height: 1, scale: 1, x: 0, y: 0, wipe: 0.5, fitted: true });
    this.listen();
  }

  // frame: {url, width, height}; other the same or null; mode plain, wipe or difference.
  set(frame, other, mode, names) {
    this.empty.hidden = Boolean(frame);
    this.empty.textContent = frame ? "" : names;
    this.image.hidden = !frame;
    if (!frame) { this.second.hidden = true; this.seam.hidden = true; return; }
    const changed = frame.width !== this.width || frame.height !== this.height;
    [this.width, this.height] = [frame.width, frame.height];
    this.host.style.setProperty("--aspect", `${frame.width} / ${frame.height}`);
    this.image.src = frame.url;
    this.mode = other ? mode : "plain";
    this.second.hidden = this.mode === "plain";
    this.seam.hidden = this.mode !== "wipe";
    this.left.hidden = this.right.hidden = this.mode !== "wipe";
    if (other) this.second.src = other.url;
    if (this.mode === "wipe") [this.left.textContent, this.right.textContent] = names;
    for (const image of [this.image, this.second]) { image.style.width = `${frame.width}px`; image.style.height = `${frame.height}px`; }
    if (changed || this.fitted) this.fit();
    else this.apply();
  }

  say(text) { this.set(null, null, "plain", text); }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.host;
    this.scale = Math.min(width / this.width, height / this.height) || 1;
    this.x = (width - this.width * this.scale) / 2;
    this.y = (height - this.height * this.scale) / 2;
    this.fitted = true;
    this.apply();
  }

  zoom(factor, x = this.host.clientWidth / 2, y = this.host.clientHeight / 2) {
    const scale = Math.max(0.05, Math.min(64, this.scale * factor));
    this.x = x - (x - this.x) * (scale / this.scale);
    this.y = y - (y - this.y) * (scale / this.scale);
    this.scale = scale;
    this.fitted = false;
    this.apply();
  }

  apply() {
    const shift = `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.image.style.transform = this.second.style.transform = shift;
    this.host.classList.toggle("near", this.scale >= 2);
    const seam = this.wipe * this.host.clientWidth;
    this.seam.style.left = `${seam - 1}px`;
    this.seam.setAttribute("aria-valuenow", Math.round(this.wipe * 100));
    const inside = (seam - this.x) / this.scale;
    this.second.style.clipPath = this.mode === "wipe" ? `inset(0 0 0 ${Math.max(0, inside)}px)` : "none";
    if (this.at) this.point(...this.at, false);
  }

  point(x, y, ask = true) {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return;
    this.at = [x, y];
    const side = Math.max(5, this.scale);
    Object.assign(this.cross.style, { left: `${this.x + (x + 0.5) * this.scale - side / 2}px`, top: `${this.y + (y + 0.5) * this.scale - side / 2}px`, width: `${side}px`, height: `${side}px` });
    this.cross.hidden = false;
    if (ask) this.probe(x, y);
  }

  listen() {
    const { host } = this;
    new ResizeObserver(() => (this.fitted ? this.fit() : this.apply())).observe(host);
    host.addEventListener("wheel", (event) => { event.preventDefault(); const area = host.getBoundingClientRect(); this.zoom(Math.exp(-event.deltaY * 0.002), event.clientX - area.left, event.clientY - area.top); }, { passive: false });
    host.addEventListener("pointerdown", (event) => { host.setPointerCapture(event.pointerId); this.held = { from: [event.clientX, event.clientY], seam: event.target === this.seam, moved: 0 }; });
    host.addEventListener("pointermove", (event) => this.move(event));
    host.addEventListener("pointerup", (event) => {
      if (this.held && this.held.moved < 4 && !this.held.seam) this.point(...this.pixel(event));
      this.held = null;
      host.classList.remove("moving");
    });
    host.addEventListener("dblclick", () => this.fit());
    host.addEventListener("keydown", (event) => this.key(event));
  }

  pixel(event) {
    const area = this.host.getBoundingClientRect();
    return [Math.floor((event.clientX - area.left - this.x) / this.scale), Math.floor((event.clientY - area.top - this.y) / this.scale)];
  }

  move(event) {
    if (!this.held) { if (!this.empty.hidden) return; this.hover(event); return; }
    const [x, y] = [event.clientX - this.held.from[0], event.clientY - this.held.from[1]];
    this.held.from = [event.clientX, event.clientY];
    this.held.moved += Math.abs(x) + Math.abs(y);
    if (this.held.seam) {
      const area = this.host.getBoundingClientRect();
      this.wipe = Math.max(0, Math.min(1, (event.clientX - area.left) / area.width));
    } else if (this.held.moved >= 4) {
      this.x += x; this.y += y; this.fitted = false;
      this.host.classList.add("moving");
    }
    this.apply();
  }

  hover(event) {
    const at = this.pixel(event);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.point(...at), 60);
  }

  key(event) {
    const step = event.shiftKey ? 10 : 1;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.target === this.seam && moves[event.key]) this.wipe = Math.max(0, Math.min(1, this.wipe + moves[event.key][0] * 0.02));
    else if (moves[event.key]) { const [x, y] = this.at || [0, 0]; this.point(x + moves[event.key][0], y + moves[event.key][1]); }
    else if (event.key === "+") this.zoom(1.5);
    else if (event.key === "-") this.zoom(1 / 1.5);
    else if (event.key === "0") this.fit();
    else return;
    this.apply();
    event.preventDefault();
    event.stopPropagation();
  }
}
