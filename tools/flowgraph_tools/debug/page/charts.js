// Histogram and waveform of one frame.

import { el, svg } from "./words.js";

const COLOURS = { R: "#e5484d", G: "#30a46c", B: "#3e7bfa", Y: "currentColor", gray: "currentColor" };

export function histogram(counts) {
  const most = Math.max(1, ...Object.values(counts).flatMap((levels) => [...levels].sort((a, b) => b - a).slice(1, 2)));
  const lines = Object.entries(counts).map(([name, levels]) => {
    const points = levels.map((level, i) => `${i} ${(100 - 100 * Math.min(1, Math.sqrt(level / most))).toFixed(1)}`);
    return svg("path", { d: `M0 100L${points.join("L")}L255 100Z`, fill: COLOURS[name], "fill-opacity": 0.28, stroke: COLOURS[name], "stroke-width": 1, "vector-effect": "non-scaling-stroke" });
  });
  const drawn = svg("svg", { viewBox: "0 0 255 100", preserveAspectRatio: "none", role: "img", "aria-label": "Histogram" }, ...lines);
  return el("div", { class: "plot" }, drawn, el("small", {}, `histogram of ${Object.keys(counts).join(", ")}, 0 to 255`));
}

export function waveform(bytes) {
  const url = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  const image = el("img", { src: url, alt: "Waveform: levels over columns", onload: () => URL.revokeObjectURL(url) });
  return el("div", { class: "plot" }, image, el("small", {}, "waveform: levels over columns"));
}
